//! A frame that is in memory whole: taken apart where it lies.

use std::ops::Range;

use canning_core::{Buffer, Copied, ErrorKind as CoreKind, buffer::room};

use crate::{
    checksum,
    error::{Error, ErrorKind, Result},
    frame::{
        Part, chunks,
        lengths::Lengths,
        prelude::{self, Prelude, in_memory},
    },
    header::Front,
    limits::Limits,
    message::Message,
    object::Object,
};

/// Takes the frame apart that a block starts with; gives its message, whose blobs are parts of
/// the block, and the rest of the block.
pub(crate) fn take_apart<'b>(
    block: &Buffer<'b>,
    limits: &Limits,
) -> Result<(Message<'b>, Buffer<'b>)> {
    let bytes =
        block.as_slice().ok_or_else(|| canning_core::Error::new(CoreKind::NotContiguous))?;
    prelude::check_magic(bytes)?;
    let truncated = || Error::new(ErrorKind::Truncated { read: bytes.len() as u64 }, 0);
    let start = bytes.first_chunk().ok_or_else(truncated)?;
    let prelude = Prelude::parse(start, limits)?;
    let (at, lengths) = (prelude::LEN as u64, Lengths::default());
    let mut parts = Parts { block, bytes, prelude, limits, at, lengths };
    let has = |end: u64| if end > bytes.len() as u64 { Err(truncated()) } else { Ok(()) };
    let table = parts.take(prelude.table_len())?;
    has(parts.at)?;
    let table = bytes.get(table).unwrap_or_default();
    let lens = parts.lengths.take_objects(table, &prelude, limits)?;
    let lens = parts.take(lens)?;
    // Where the length is damaged, its checksum tells it.
    has(parts.at.saturating_add(prelude.sum_len()))?;
    parts.lengths.take_buffers(bytes.get(lens.clone()).unwrap_or_default())?;
    parts.pass_sum(0..lens.end, Part::Table)?;
    has(prelude.len)?;
    let mut objects = Vec::new();
    while (objects.len() as u64) < prelude.objects {
        let object = parts.object(objects.len());
        let object = object.map_err(|error| error.after(objects.len()))?;
        room::push(&mut objects, object)?;
    }
    prelude.check_whole(parts.at).map_err(|error| error.after(objects.len()))?;
    Ok((objects.into(), parts.part(parts.start()..bytes.len())))
}

/// The parts of a frame, one after the other.
struct Parts<'f, 'b> {
    block: &'f Buffer<'b>,
    /// The bytes of the block, of which the frame is the first `prelude.len`.
    bytes: &'f [u8],
    prelude: Prelude,
    limits: &'f Limits,
    /// Bytes of the frame before the current part.
    at: u64,
    lengths: Lengths,
}

impl<'b> Parts<'_, 'b> {
    fn object(&mut self, object: usize) -> Result<Object<'b>> {
        self.pass_padding()?;
        let header_len = self.lengths.next_header();
        prelude::limit("header length", self.limits.header_bytes, header_len)?;
        let header = self.blob(header_len, Part::Header { object })?;
        let front = Front::parse(&header, self.limits)?;
        // Whether the dtypes of the buffers are there, and fit their lengths.
        let mut aligns = Vec::new();
        front.buffer_aligns(&header, &mut aligns)?;
        self.lengths.check_object(object, &front.buffers, &self.prelude, self.limits)?;
        let mut buffers = Vec::new();
        room::reserve_exact(&mut buffers, front.buffers.len())?;
        let mut unfolded = Copied::default();
        for (entry, align) in front.buffers.iter().zip(aligns) {
            self.pass_padding()?;
            let part = Part::Buffer { object, buffer: buffers.len() };
            let wire_len = self.lengths.next_buffer(entry.len);
            let blob = self.blob(wire_len, part)?;
            buffers.push(match wire_len == entry.len {
                true => blob,
                false => {
                    unfolded.out_of_band += entry.len;
                    self.unfold(&blob, entry.len, align, part)?
                }
            });
        }
        let object = Object::from_parts(header, front, buffers, *self.limits)?;
        object.count(unfolded);
        Ok(object)
    }

    fn unfold(&self, blob: &Buffer<'_>, len: u64, align: usize, part: Part) -> Result<Buffer<'b>> {
        let believed = usize::try_from(self.limits.believed_bytes).unwrap_or(usize::MAX);
        let bytes = blob.as_slice().unwrap_or_default();
        Ok(chunks::unfold_all(bytes, in_memory(len)?, align, believed, part)?.into())
    }

    fn pass_padding(&mut self) -> Result<()> {
        let padding = self.take(self.prelude.padding(self.at))?;
        prelude::check_padding(self.bytes.get(padding).unwrap_or_default())
    }

    fn blob(&mut self, len: u64, part: Part) -> Result<Buffer<'b>> {
        let range = self.take(len)?;
        self.pass_sum(range.clone(), part)?;
        Ok(self.part(range))
    }

    /// Compares the checksum that follows a part of the frame, if there is one.
    fn pass_sum(&mut self, of: Range<usize>, part: Part) -> Result<()> {
        if self.prelude.has_sums {
            let sum = self.take(self.prelude.sum_len())?;
            let bytes = |range: Range<usize>| self.bytes.get(range).unwrap_or_default();
            part.check(checksum::of(bytes(of)), bytes(sum))?;
        }
        Ok(())
    }

    /// Goes on by `len` bytes; says where they lie.
    fn take(&mut self, len: u64) -> Result<Range<usize>> {
        let len = self.prelude.check_end(self.at, len)?;
        let start = self.start();
        self.at += len as u64;
        Ok(start..start.saturating_add(len))
    }

    /// Where in the block the current part starts.
    fn start(&self) -> usize {
        // The frame is within the block, whose length is a `usize`.
        usize::try_from(self.at).unwrap_or(usize::MAX)
    }

    fn part(&self, range: Range<usize>) -> Buffer<'b> {
        let part = self.block.part(range);
        part.unwrap_or_else(|| unreachable!("the frame is within the block"))
    }
}
