//! A frame that is in memory whole: taken apart where it lies.

use std::ops::Range;

use canning_core::{Buffer, ErrorKind as CoreKind};

use crate::{
    checksum,
    error::{Error, ErrorKind, Result},
    frame::{
        Part,
        prelude::{self, Prelude},
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
    let mut parts = Parts { block, bytes, prelude, limits, at: prelude::LEN as u64 };
    let table = parts.take(prelude.table_len())?;
    let has = |end: u64| if end > bytes.len() as u64 { Err(truncated()) } else { Ok(()) };
    // Where the length is damaged, its checksum tells it.
    has(parts.at + prelude.sum_len())?;
    parts.pass_sum(0..table.end, Part::Table)?;
    has(prelude.len)?;
    let (header_lens, _) = bytes.get(table).unwrap_or_default().as_chunks();
    let mut objects = Vec::new();
    for len in header_lens {
        let object = parts.object(objects.len(), u64::from_le_bytes(*len));
        objects.push(object.map_err(|error| error.after(objects.len()))?);
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
}

impl<'b> Parts<'_, 'b> {
    fn object(&mut self, object: usize, header_len: u64) -> Result<Object<'b>> {
        self.pass_padding()?;
        prelude::limit("header length", self.limits.header_bytes, header_len)?;
        let header = self.blob(header_len, Part::Header { object })?;
        let front = Front::parse(&header, self.limits)?;
        // Whether the dtypes of the buffers are there, and fit their lengths.
        front.buffer_aligns(&header, &mut Vec::new())?;
        let mut buffers = Vec::with_capacity(front.buffers.len());
        for entry in &front.buffers {
            self.pass_padding()?;
            let part = Part::Buffer { object, buffer: buffers.len() };
            buffers.push(self.blob(entry.len, part)?);
        }
        Ok(Object::from_parts(header, front, buffers, *self.limits)?)
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
