//! The memory that a large frame is read into, which is the memory that its array keeps.

use canning_core::{Buffer, Result, buffer::Allocation};

use super::options::Place;

/// A large frame, and how much of it is there.
///
/// Its memory grows as bytes come; what is fresh is zeroed piece by piece, each just before it is
/// read into, while it is in the cache.
#[derive(Debug)]
pub(super) struct Landing {
    memory: Allocation,
    filled: usize,
    wanted: usize,
}

impl Landing {
    /// Makes room for `wanted` bytes, or for as many as are believed.
    pub(super) fn new(wanted: usize, place: Place) -> Result<Self> {
        let memory = Allocation::with_capacity(wanted.min(place.believed_bytes), place.align)?;
        let mut this = Self { memory, filled: 0, wanted };
        this.make_space()?;
        Ok(this)
    }

    /// Where the next bytes go; empty only when all are there.
    pub(super) fn space(&mut self) -> &mut [u8] {
        self.memory.as_mut_slice().get_mut(self.filled..).unwrap_or_default()
    }

    /// Is told that `len` bytes were put into the space.
    pub(super) fn fill(&mut self, len: usize) -> Result<()> {
        self.filled += len;
        self.make_space()
    }

    /// Takes what belongs to it from read-ahead bytes; gives the number.
    pub(super) fn copy(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut copied = 0;
        while self.missing() > 0
            && let Some(rest) = bytes.get(copied..).filter(|rest| !rest.is_empty())
        {
            let space = self.space();
            let len = space.len().min(rest.len());
            let (Some(to), Some(from)) = (space.get_mut(..len), rest.get(..len)) else { break };
            to.copy_from_slice(from);
            self.fill(len)?;
            copied += len;
        }
        Ok(copied)
    }

    /// Bytes that are still to come.
    pub(super) fn missing(&self) -> usize {
        self.wanted - self.filled
    }

    pub(super) fn into_buffer(self) -> Buffer<'static> {
        self.memory.into()
    }

    /// Grows the memory where its end is reached before that of the frame.
    fn make_space(&mut self) -> Result<()> {
        if self.filled < self.memory.len() || self.filled == self.wanted {
            return Ok(());
        }
        let mut room = self.memory.capacity();
        if self.filled == room {
            // No longer than twice what came. Large blocks move by their pages, not byte by byte.
            room = room.saturating_mul(2).max(LEAST_GROWTH).min(self.wanted);
            self.memory.reserve(room)?;
        }
        self.memory.grow(self.filled.saturating_add(PIECE).min(room).min(self.wanted))
    }
}

/// So many bytes are zeroed at once: they stay in the second-level cache until they are read into.
const PIECE: usize = 256 << 10;

/// What is not believed at first grows to so many bytes at least.
const LEAST_GROWTH: usize = 4096;
