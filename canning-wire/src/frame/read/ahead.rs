//! A block into which the small parts of frames are read many at a time.

use super::parts::Parts;
use crate::error::Result;

/// Bytes that were read before it was known what they are.
#[derive(Debug)]
pub(super) struct Ahead {
    block: Box<[u8]>,
    /// The bytes that are there, and not yet taken.
    start: usize,
    end: usize,
    /// How far the next read goes.
    reach: usize,
}

impl Ahead {
    pub(super) fn new() -> Self {
        Self { block: vec![0; FAR].into(), start: 0, end: 0, reach: NEAR }
    }

    /// Is told how long a frame is: in a long one are large buffers, and probably in the next one
    /// too, which are better read where they belong.
    pub(super) fn expect(&mut self, frame: u64) {
        self.reach = if frame > FAR as u64 { NEAR } else { FAR };
    }

    /// Whether so many bytes of one part are few enough to come through the block.
    pub(super) fn is_for(missing: usize) -> bool {
        missing < NEAR
    }

    /// Where to read to; empty only as long as bytes are left to take.
    pub(super) fn space(&mut self) -> &mut [u8] {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        let reach = self.end.saturating_add(self.reach).min(self.block.len());
        self.block.get_mut(self.end..reach).unwrap_or_default()
    }

    pub(super) fn fill(&mut self, len: usize) {
        self.end += len;
    }

    /// The bytes that are there.
    pub(super) fn bytes(&self) -> &[u8] {
        self.block.get(self.start..self.end).unwrap_or_default()
    }

    /// Passes over bytes that are there, and gives them.
    pub(super) fn pass(&mut self, len: usize) -> &[u8] {
        let start = self.start;
        self.start = self.end.min(start + len);
        self.block.get(start..self.start).unwrap_or_default()
    }

    /// Copies what is there to where it belongs; gives the number of bytes.
    pub(super) fn land(&mut self, parts: &mut Parts<'_>) -> Result<usize> {
        let bytes = self.block.get(self.start..self.end).unwrap_or_default();
        let space = parts.landing_mut().space();
        let len = space.len().min(bytes.len());
        if let (Some(space), Some(bytes)) = (space.get_mut(..len), bytes.get(..len)) {
            space.copy_from_slice(bytes);
        }
        self.start += len;
        parts.fill(len)?;
        Ok(len)
    }
}

/// As many small messages as fit are read at once.
const FAR: usize = 64 << 10;

/// So much of a large buffer may be read together with what stands before it, and is copied. A
/// call to the system costs more.
const NEAR: usize = 4096;
