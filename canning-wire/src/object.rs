//! A canned object in the native format: header, buffers, and the value they make.

use std::{
    fmt, mem,
    sync::atomic::{AtomicU64, Ordering},
};

use canning_core::{
    Buffer, CannedObject, Copied, ErrorKind, Result, Uncan, UncanOwned, buffer::room,
    visitor::Uncanner,
};

use crate::{
    diagnose,
    header::{
        Bounds, BufferEntry, Buffers, Decoder, Encoder, Front, Known, Met, Parts, TAIL_NEEDS,
        Tables,
    },
    limits::Limits,
    summary::Summary,
};

/// A canned object: freshly canned, kept to be sent again, or received.
///
/// It is sent, forwarded and chained without being put together. Cloning it shares the memory, so
/// that one object can go into several messages; but an allocation that is shared is copied by
/// `take`, and counted.
#[derive(Clone)]
pub struct Object<'a> {
    header: Buffer<'a>,
    front: Front,
    buffers: Vec<Buffer<'a>>,
    bounds: Bounds,
    copied: Counter,
}

impl<'a> Object<'a> {
    #[inline(never)]
    pub(crate) fn from_encoder(encoder: Encoder<'a, '_>) -> Result<Self> {
        let (header, front, buffers) = encoder.finish()?;
        debug_assert!(front.is_of(&header));
        let object = Self::from_checked(header, front, buffers, Limits::default())?;
        debug_assert!(object.is_one_value(), "a `can` has written what it has not announced");
        Ok(object)
    }

    /// Whether one value is all that the body is. It is not where a `can` of somebody else's began a
    /// list of two items and wrote one.
    fn is_one_value(&self) -> bool {
        let skip = || {
            let parts = self.front.parts_of(&self.header)?;
            let (tables, mut met) = (self.front.tables_of(&parts)?, Met::nothing());
            let buffers = Buffers::View(&self.buffers);
            let mut decoder =
                Decoder::new(parts, &self.front, &tables, &mut met, buffers, self.bounds);
            decoder.skip()?;
            decoder.finish()
        };
        match skip() {
            Ok(_) => true,
            // Nothing was found out, or a reader with these limits will say so.
            Err(error) => {
                matches!(error.kind(), ErrorKind::OutOfMemory { .. } | ErrorKind::Limit { .. })
            }
        }
    }

    /// Puts a header and its buffers back together, within the default [`Limits`].
    ///
    /// A header whose memory does not lie at a multiple of 16 bytes, so that its small arrays
    /// could not be borrowed, is copied once, and [counted](CannedObject::copied).
    ///
    /// # Errors
    ///
    /// When the header is malformed, or the number or the lengths of the buffers are not those
    /// that it names.
    pub fn restore(header: Buffer<'a>, buffers: Vec<Buffer<'a>>) -> Result<Self> {
        Self::restore_with(header, buffers, Limits::default())
    }

    /// As [`restore`](Self::restore), within limits of one's own.
    ///
    /// # Errors
    ///
    /// As [`restore`](Self::restore).
    pub fn restore_with(
        header: Buffer<'a>,
        buffers: Vec<Buffer<'a>>,
        limits: Limits,
    ) -> Result<Self> {
        let front = Front::parse(&header, &limits)?;
        Self::from_parts(header, front, buffers, limits)
    }

    pub(crate) fn from_parts(
        header: Buffer<'a>,
        front: Front,
        buffers: Vec<Buffer<'a>>,
        limits: Limits,
    ) -> Result<Self> {
        if front.buffers.len() != buffers.len() {
            let (expected, found) = (front.buffers.len(), buffers.len());
            return Err(ErrorKind::BufferCount { expected, found }.into());
        }
        for (entry, buffer) in front.buffers.iter().zip(&buffers) {
            if entry.len != buffer.len() as u64 {
                let expected = usize::try_from(entry.len).unwrap_or(usize::MAX);
                return Err(ErrorKind::BufferLength { expected, found: buffer.len() }.into());
            }
        }
        Self::from_checked(header, front, buffers, limits)
    }

    fn from_checked(
        header: Buffer<'a>,
        front: Front,
        buffers: Vec<Buffer<'a>>,
        limits: Limits,
    ) -> Result<Self> {
        let bounds = Bounds::of(&limits);
        let mut object = Self { header, front, buffers, bounds, copied: Counter::default() };
        object.align_tail()?;
        Ok(object)
    }

    /// Lands the header anew where its tail lies at a bad address.
    fn align_tail(&mut self) -> Result<()> {
        let tail = self.front.tail_of(&self.header)?;
        if tail.is_empty() || tail.as_ptr().addr().is_multiple_of(TAIL_NEEDS) {
            return Ok(());
        }
        let landed = Buffer::from(self.header.to_allocation(HEADER_ALIGN)?);
        self.copied.add(Copied { in_band: landed.len() as u64, out_of_band: 0 });
        self.front.join_segments(&self.header)?;
        self.header = landed;
        debug_assert!(self.front.is_of(&self.header));
        Ok(())
    }

    /// The flat list: the header, then the buffers.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTaken`] when buffers were taken: what is left cannot be read;
    /// [`ErrorKind::OutOfMemory`].
    pub fn into_blobs(self) -> Result<Vec<Buffer<'a>>> {
        self.check_whole()?;
        let mut blobs = self.buffers;
        room::reserve_exact(&mut blobs, 1)?;
        blobs.insert(0, self.header);
        Ok(blobs)
    }

    /// The header and its buffers, to be [restored](Self::restore) later. Buffers that were taken
    /// are empty.
    pub fn into_parts(self) -> (Buffer<'a>, Vec<Buffer<'a>>) {
        (self.header, self.buffers)
    }

    /// Takes a value out of a header without buffers, whose tables may be known.
    pub(crate) fn take_of_header<T: UncanOwned<V>, V>(
        header: &[u8],
        front: &Front,
        known: Option<&mut Known>,
        limits: &Limits,
    ) -> Result<T> {
        let parts = front.parts_of_slice(header)?;
        let buffers = Buffers::View(&[]);
        let (value, _copied) = match known {
            Some(Known { tables, met, .. }) => {
                let decoder = Decoder::new(parts, front, tables, met, buffers, Bounds::of(limits));
                Self::decode_with(decoder)?
            }
            None => Self::decode(parts, front, None, buffers, Bounds::of(limits))?,
        };
        Ok(value)
    }

    /// Notes what was copied as it was received.
    pub(crate) fn count(&self, copied: Copied) {
        self.copied.add(copied);
    }

    /// All its memory, and the list of its buffer table, to be used again.
    pub(crate) fn into_spare(self) -> (Buffer<'a>, Vec<Buffer<'a>>, Vec<BufferEntry>) {
        (self.header, self.buffers, self.front.buffers)
    }

    /// Makes it independent of `'a`: shares what it can; what it only borrows is copied, and
    /// [counted](CannedObject::copied), to where a `Vec` can take it over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`].
    pub fn into_owned(self) -> Result<Object<'static>> {
        let aligns = self.buffer_aligns()?;
        let mut copied = Copied::default();
        let mut buffers = Vec::new();
        room::reserve_exact(&mut buffers, self.buffers.len())?;
        for (buffer, align) in self.buffers.into_iter().zip(aligns) {
            if buffer.is_borrowed() {
                copied.out_of_band += buffer.len() as u64;
            }
            buffers.push(buffer.into_owned(align)?);
        }
        let mut front = self.front;
        if self.header.is_borrowed() {
            copied.in_band += self.header.len() as u64;
            front.join_segments(&self.header)?;
        }
        let header = self.header.into_owned(HEADER_ALIGN)?;
        debug_assert!(front.is_of(&header));
        self.copied.add(copied);
        Ok(Object { header, front, buffers, bounds: self.bounds, copied: self.copied })
    }

    /// The alignment of each buffer's dtype.
    pub(crate) fn buffer_aligns(&self) -> Result<Vec<usize>> {
        let mut aligns = Vec::new();
        self.front.buffer_aligns(&self.header, &mut aligns)?;
        Ok(aligns)
    }

    /// Counts what was copied before the object was put together.
    #[cfg(feature = "zmq")]
    pub(crate) fn count_copied(&self, copied: Copied) {
        self.copied.add(copied);
    }

    /// The length in bytes of header and buffers together.
    pub fn len_in_bytes(&self) -> u64 {
        let buffers: u64 = self.buffers.iter().map(|buffer| buffer.len() as u64).sum();
        self.header.len() as u64 + buffers
    }

    /// The header in CBOR's diagnostic notation (RFC 8949, section 8): for people.
    pub fn diagnose(&self) -> String {
        diagnose::header(&self.header)
    }

    /// Says what the header announces, without a look at the value: names of structs and fields,
    /// dtypes, and the lengths of buffers.
    ///
    /// For those that pass objects on, or choose among them. It reads the tables that stand before
    /// the body, and takes as long as these are; neither the body nor a buffer is looked at.
    /// Buffers that were taken are still listed.
    ///
    /// # Errors
    ///
    /// When the tables are malformed. The object can still be passed on.
    ///
    /// # Examples
    ///
    /// ```
    /// let numbers = vec![0.5_f64; 2048];
    /// let summary = canning_wire::can(&numbers)?.summary()?;
    /// let [buffer] = summary.buffers() else { panic!("one array, one buffer") };
    /// assert_eq!((buffer.dtype.to_string().as_str(), buffer.len), ("<f8", 16_384));
    /// println!("{summary}");
    /// # Ok::<(), canning_core::Error>(())
    /// ```
    pub fn summary(&self) -> Result<Summary> {
        Summary::of(&self.header, &self.front)
    }

    /// Refuses an object of which buffers were taken.
    pub(crate) fn check_whole(&self) -> Result<()> {
        let mut slots = self.front.buffers.iter().zip(&self.buffers);
        match slots.position(|(entry, buffer)| entry.len != buffer.len() as u64) {
            Some(index) => Err(ErrorKind::BufferTaken { index }.into()),
            // A panic within `take` leaves none of them.
            None if self.buffers.len() < self.front.buffers.len() => {
                Err(ErrorKind::BufferTaken { index: self.buffers.len() }.into())
            }
            None => Ok(()),
        }
    }

    fn decode<'b, T, V>(
        parts: Parts<'b>,
        front: &'b Front,
        known: Option<&Tables>,
        buffers: Buffers<'b, 'a>,
        bounds: Bounds,
    ) -> Result<(T, Copied)>
    where
        T: Uncan<'b, V>,
    {
        let parsed;
        let tables = match known {
            Some(known) => known,
            None => {
                parsed = front.tables_of(&parts)?;
                &parsed
            }
        };
        let mut met = Met::nothing();
        Self::decode_with(Decoder::new(parts, front, tables, &mut met, buffers, bounds))
    }

    #[inline]
    fn decode_with<'b, T, V>(mut decoder: Decoder<'b, 'a, '_>) -> Result<(T, Copied)>
    where
        T: Uncan<'b, V>,
    {
        let result = T::uncan(&mut decoder).and_then(|value| Ok((value, decoder.finish()?)));
        result.map_err(|error| error.with_buffers_moved(decoder.moved()))
    }
}

impl CannedObject for Object<'_> {
    fn header(&self) -> &Buffer<'_> {
        &self.header
    }

    fn buffers(&self) -> &[Buffer<'_>] {
        &self.buffers
    }

    fn get<'b, T: Uncan<'b, V>, V>(&'b self) -> Result<T> {
        let view = Buffers::View(&self.buffers);
        let (parts, known) = (self.front.parts_of(&self.header)?, self.front.known.as_deref());
        let (value, copied) = Self::decode(parts, &self.front, known, view, self.bounds)?;
        self.copied.add(copied);
        Ok(value)
    }

    fn take<T: UncanOwned<V>, V>(&mut self) -> Result<T> {
        self.check_whole()?;
        if self.buffers.is_empty() {
            return self.get();
        }
        let (parts, known) = (self.front.parts_of(&self.header)?, self.front.known.as_deref());
        let mut slots: Vec<_> = mem::take(&mut self.buffers).into_iter().map(Some).collect();
        let take = Buffers::Take(&mut slots);
        let result = Self::decode(parts, &self.front, known, take, self.bounds);
        // Whatever came of it, what was not moved is still there.
        let left = slots.into_iter().map(|slot| slot.unwrap_or(Buffer::borrowed(&[])));
        self.buffers = left.collect();
        let (value, copied) = result?;
        self.copied.add(copied);
        Ok(value)
    }

    fn copied(&self) -> Copied {
        self.copied.get()
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object")
            .field("header", &self.header)
            .field("buffers", &self.buffers)
            .field("copied", &self.copied.get())
            .finish_non_exhaustive()
    }
}

/// Where headers are put, so that their tails lie where borrowed arrays can. More than
/// allocators give anyway would cost more than all the rest of a small message.
pub(crate) const HEADER_ALIGN: usize = TAIL_NEEDS;

#[derive(Debug, Default)]
struct Counter {
    in_band: AtomicU64,
    out_of_band: AtomicU64,
}

/// A clone of an object has copied nothing yet.
impl Clone for Counter {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Counter {
    fn add(&self, copied: Copied) {
        for (count, copied) in
            [(&self.in_band, copied.in_band), (&self.out_of_band, copied.out_of_band)]
        {
            // Adding takes longer than a short text.
            if copied > 0 {
                count.fetch_add(copied, Ordering::Relaxed);
            }
        }
    }

    fn get(&self) -> Copied {
        Copied {
            in_band: self.in_band.load(Ordering::Relaxed),
            out_of_band: self.out_of_band.load(Ordering::Relaxed),
        }
    }
}
