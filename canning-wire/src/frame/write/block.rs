//! The block through which short rows are gathered.

use canning_core::Buffer;

/// Segments shorter than this are gathered instead of written one by one.
const SHORT: usize = 4096;

/// The length of the block, in bytes.
const BLOCK: usize = 256 << 10;

/// Bytes of strided arrays, copied together.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Where in the frame they stand.
    at: u64,
    /// How many of them count.
    filled: usize,
    /// The bytes copied, all fillings together.
    pub(super) gathered: u64,
}

/// Whether the segments of a buffer are gathered. The header and a ring buffer have two.
pub(super) fn is_gathered(buffer: &Buffer<'_>) -> bool {
    buffer.as_slice().is_none() && buffer.segment_len() < SHORT && buffer.segments().len() > 2
}

impl Block {
    /// Gives the bytes of a buffer that stand at `at` in the frame, without the first `start`:
    /// what is left in the block, or else as much as fits.
    pub(super) fn of(&mut self, buffer: &Buffer<'_>, at: u64, start: usize) -> &[u8] {
        let wanted = at + start as u64;
        if !self.holds(wanted) {
            self.fill(buffer, start);
            self.at = wanted;
        }
        let skip = usize::try_from(wanted - self.at).unwrap_or(usize::MAX);
        self.bytes.get(skip..self.filled).unwrap_or_default()
    }

    /// Whether it has the byte that stands at `at` in the frame.
    pub(super) fn holds(&self, at: u64) -> bool {
        (self.at..self.end()).contains(&at)
    }

    /// Whether it has bytes that stand at `at` in the frame or behind.
    pub(super) fn holds_from(&self, at: u64) -> bool {
        at < self.end()
    }

    fn end(&self) -> u64 {
        self.at + self.filled as u64
    }

    fn fill(&mut self, buffer: &Buffer<'_>, start: usize) {
        let len = BLOCK.min(buffer.len());
        if self.bytes.len() < len {
            // Not grown, which would copy it and fill it by hand.
            self.bytes = vec![0; len];
        }
        let gather = buffer.gather_from(start);
        self.filled = gather.map_or(0, |mut gather| gather.fill(&mut self.bytes));
        self.gathered += self.filled as u64;
    }
}
