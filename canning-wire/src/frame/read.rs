//! A message on its way in.

use std::mem;

use canning_core::{UncanOwned, buffer::Pool};

pub use self::place::Place;
use self::{ahead::Ahead, landing::Landing, parts::Parts};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::Limits,
    message::Message,
};

mod ahead;
mod landing;
mod parts;
mod place;
mod spare;
mod value;

/// A message on its way in: gives the memory for the next bytes, each buffer in the allocation
/// where it stays, and is told how many came.
///
/// Nothing is allocated on the word of the input beyond
/// [`Limits::believed_bytes`]: longer blobs grow as their bytes arrive.
///
/// `'p` is the lifetime of the [places](Self::lend) that it reads into.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, frame::FrameReader, write_message};
///
/// let mut bytes = Vec::new();
/// write_message(&mut bytes, &Message::from(canning_wire::can("hi")?))?;
///
/// let mut reader = FrameReader::new(Limits::default());
/// let mut input = bytes.as_slice();
/// let message = loop {
///     let space = reader.space();
///     let len = space.len().min(input.len());
///     let (now, later) = input.split_at(len);
///     space[..len].copy_from_slice(now);
///     input = later;
///     reader.fill(len)?;
///     if let Some(message) = reader.next_message()? {
///         break message;
///     }
/// };
/// assert_eq!(message.objects()[0].get::<&str, _>()?, "hi");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FrameReader<'p> {
    parts: Parts<'p>,
    /// What is read before it is known what it is.
    ahead: Option<Ahead>,
    /// The lengths of the spaces given out last: where the current part lands, and ahead.
    offered: [usize; 2],
    /// Bytes of buffers that came through `ahead`.
    staged: u64,
    /// Whether the pool may keep something.
    has_pool: bool,
}

impl<'p> FrameReader<'p> {
    /// Starts at the beginning of a message. It never asks for bytes beyond the end of one.
    pub fn new(limits: Limits) -> Self {
        Self { parts: Parts::new(limits), ahead: None, offered: [0; 2], staged: 0, has_pool: false }
    }

    /// Takes small parts through a block of 64 KiB, many at once, up to whole messages beyond
    /// the current one. Of a large buffer up to 4 KiB at its start may come that way, or 64 KiB where
    /// it follows a small message, and up to 4 KiB at its end; they are copied once, and
    /// [counted](Self::staged_bytes).
    #[must_use]
    pub fn read_ahead(self) -> Self {
        Self { ahead: Some(Ahead::new()), ..self }
    }

    /// Takes memory from a pool, which gets back what is dropped: headers, and buffers that were
    /// only looked at.
    #[must_use]
    pub fn with_pool(mut self, pool: &Pool) -> Self {
        self.parts.spare.share(pool);
        self.has_pool = true;
        self
    }

    /// Reads the next buffer into an array that exists already; further ones follow in the
    /// order in which they are lent. Buffers for which none is left are allocated.
    ///
    /// Where the lengths or dtypes differ, [`next_message`](Self::next_message) refuses that message
    /// with [`ErrorKind::Place`] when it is whole. All that is lent then is given up, and nothing
    /// more is read into it; the other buffers of that message are allocated.
    pub fn lend(&mut self, place: Place<'p>) {
        self.parts.places.push_back(place);
    }

    /// The arrays that were lent, and into which nothing has been read yet.
    pub fn places_left(&self) -> usize {
        self.parts.places.len()
    }

    /// Where the next bytes go. Never empty, unless an earlier error was ignored or whole
    /// messages are left to take.
    ///
    /// What stands there is whatever recycled memory held before.
    pub fn space(&mut self) -> &mut [u8] {
        let [first, second] = spaces(self.parts.landing_mut(), self.ahead.as_mut());
        if first.is_empty() {
            self.offered = [0, second.len()];
            return second;
        }
        self.offered = [first.len(), 0];
        first
    }

    /// Where the next bytes go, in this order, for a stream that fills several slices with one
    /// call: the rest of a large buffer, and what follows it. One of them may be empty.
    pub fn spaces(&mut self) -> [&mut [u8]; 2] {
        let spaces = spaces(self.parts.landing_mut(), self.ahead.as_mut());
        self.offered = spaces.each_ref().map(|space| space.len());
        spaces
    }

    /// Is told that `len` bytes were put into the space, or spaces, given out last.
    ///
    /// # Errors
    ///
    /// When memory runs out. Where the next message starts is unknown then: the stream cannot be
    /// used any more.
    ///
    /// # Panics
    ///
    /// When `len` is more than the space.
    pub fn fill(&mut self, len: usize) -> Result<()> {
        let [first, second] = mem::take(&mut self.offered);
        assert!(len <= first + second, "more bytes than there is space");
        let landed = len.min(first);
        if let Some(ahead) = &mut self.ahead {
            ahead.fill(len - landed);
        }
        let filled = self.parts.fill(landed);
        filled.map_err(|error| self.fail(error))
    }

    /// Takes the next message, if it is there whole. When it is not, more bytes are to be put
    /// into the [space](Self::space).
    ///
    /// # Errors
    ///
    /// - When the bytes are malformed or exceed a limit. Where the next message starts is unknown
    ///   then: the stream cannot be used any more.
    /// - [`ErrorKind::Place`] where a buffer did not fit the array that was [lent](Self::lend) for
    ///   it. That message is dropped, and the next one can be taken.
    pub fn next_message(&mut self) -> Result<Option<Message<'p>>> {
        if self.parts.has_failed() {
            return Err(Error::new(ErrorKind::Frame("read after an error"), 0));
        }
        loop {
            if let Some(message) = self.parts.go_on().map_err(|error| self.fail(error))? {
                return self.parts.check_places(message).map(Some);
            }
            if self.land_ahead().map_err(|error| self.fail(error))? == 0 {
                self.expect();
                return Ok(None);
            }
        }
    }

    /// Whether the stream may end here: no byte of a further message has come.
    pub fn is_at_start(&self) -> bool {
        self.bytes_read() == 0 && !self.parts.has_failed()
    }

    /// Bytes of the message so far.
    pub fn bytes_read(&self) -> u64 {
        self.parts.bytes_read() + self.ahead_bytes().len() as u64
    }

    /// The number of objects that are there whole.
    pub fn whole_objects(&self) -> usize {
        self.parts.whole_objects()
    }

    /// The bytes that were read ahead and not yet taken.
    pub fn ahead_bytes(&self) -> &[u8] {
        self.ahead.as_ref().map_or(&[], Ahead::bytes)
    }

    /// Bytes of buffers that came through the block of [`read_ahead`](Self::read_ahead), and
    /// were copied out of it, in all messages so far.
    pub fn staged_bytes(&self) -> u64 {
        self.staged
    }

    /// Takes the memory of a value's arrays back: see [`Pool::recycle`].
    ///
    /// Unless a pool was given, at most [`Limits::recycled_bytes`] are kept from the first call on,
    /// and nothing any more once the reader is dropped or has failed.
    pub fn recycle<T: UncanOwned<V>, V>(&mut self, value: T) {
        self.begin_recycling();
        self.parts.spare.pool().recycle(value);
    }

    /// Takes the memory of a message back, so far as nobody shares it: its headers, and the
    /// buffers that were not taken out.
    pub fn recycle_message(&mut self, message: Message<'p>) {
        self.begin_recycling();
        self.parts.spare.keep(message);
    }

    fn begin_recycling(&mut self) {
        if !self.has_pool {
            let bytes = self.parts.limits.recycled_bytes;
            self.parts.spare.pool().set_limit(usize::try_from(bytes).unwrap_or(usize::MAX));
            self.has_pool = true;
        }
    }

    /// The error of a stream that ends here.
    pub(crate) fn truncated(&self) -> Error {
        Error::new(ErrorKind::Truncated { read: self.bytes_read() }, self.whole_objects())
    }

    /// Ends reading, as where the next message starts is unknown.
    fn fail(&mut self, error: Error) -> Error {
        let objects = self.parts.whole_objects();
        self.parts.fail();
        self.ahead = None;
        error.after(objects)
    }

    /// Moves what was read ahead to where it belongs; gives the number of bytes.
    fn land_ahead(&mut self) -> Result<usize> {
        let Some(ahead) = &mut self.ahead else {
            return Ok(0);
        };
        let len = ahead.land(&mut self.parts)?;
        if self.parts.is_in_buffer() {
            self.staged += len as u64;
        }
        Ok(len)
    }

    /// Decides how far to read ahead.
    fn expect(&mut self) {
        if let (Some(ahead), Some(len)) = (&mut self.ahead, self.parts.frame_len()) {
            ahead.expect(len);
        }
    }
}

/// Where a part lands, and what is read ahead.
fn spaces<'s>(landing: &'s mut Landing<'_>, ahead: Option<&'s mut Ahead>) -> [&'s mut [u8]; 2] {
    let missing = landing.missing();
    let Some(ahead) = ahead else {
        return [landing.space(), &mut []];
    };
    if Ahead::is_for(missing) {
        return [&mut [], ahead.space()];
    }
    let space = landing.space();
    if space.len() < missing {
        return [space, &mut []];
    }
    [space, ahead.space()]
}
