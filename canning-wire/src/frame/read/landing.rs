//! The memory that the next bytes of a frame go into.

use canning_core::{
    Buffer, Result,
    buffer::{Allocation, Pool},
};

/// Where one part of a frame lands, and how much of it is there.
///
/// An allocation becomes as long as its bytes arrive: what is fresh is zeroed piece by piece,
/// each just before it is read into, while it is in the cache.
#[derive(Debug)]
pub(super) struct Landing<'p> {
    memory: Memory<'p>,
    filled: usize,
    wanted: usize,
    /// Where the current piece of it ends.
    stop: usize,
    /// The longest space that is given out.
    most: usize,
}

#[derive(Debug)]
enum Memory<'p> {
    Owned(Allocation),
    Lent(&'p mut [u8]),
}

impl<'p> Landing<'p> {
    /// No bytes.
    pub(super) fn nothing() -> Self {
        Self::owned(Allocation::from_vec(Vec::<u8>::new()), 0)
    }

    /// Memory for parts that do not stay.
    pub(super) fn of_scratch(wanted: usize) -> Self {
        Self::owned(Allocation::from_vec(vec![0_u8; wanted]), wanted)
    }

    /// Makes room for `wanted` bytes, or for as many as are `believed`.
    pub(super) fn new(wanted: usize, align: usize, believed: usize, pool: &Pool) -> Result<Self> {
        let allocation = pool.allocate(wanted.min(believed), align)?;
        let mut this = Self::owned(allocation, wanted);
        this.make_space()?;
        Ok(this)
    }

    /// Lands in memory that is there.
    pub(super) fn lent(bytes: &'p mut [u8]) -> Self {
        let wanted = bytes.len();
        Self { memory: Memory::Lent(bytes), filled: 0, wanted, stop: wanted, most: usize::MAX }
    }

    fn owned(allocation: Allocation, wanted: usize) -> Self {
        Self {
            memory: Memory::Owned(allocation),
            filled: 0,
            wanted,
            stop: wanted,
            most: usize::MAX,
        }
    }

    /// Gives out spaces of at most so many bytes, which are in the cache when they are filled.
    pub(super) fn in_pieces(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Uses an allocation of its own again.
    pub(super) fn restart(&mut self, wanted: usize) -> Result<()> {
        (self.filled, self.wanted, self.stop) = (0, wanted, wanted);
        self.make_space()
    }

    /// Where the next bytes go; empty only when all are there.
    pub(super) fn space(&mut self) -> &mut [u8] {
        let memory = match &mut self.memory {
            Memory::Owned(allocation) => allocation.as_mut_slice(),
            Memory::Lent(bytes) => bytes,
        };
        let end = memory.len().min(self.stop).min(self.filled.saturating_add(self.most));
        memory.get_mut(self.filled..end).unwrap_or_default()
    }

    /// Is told that `len` bytes were put into the space.
    pub(super) fn fill(&mut self, len: usize) -> Result<()> {
        self.filled += len;
        self.make_space()
    }

    /// The bytes that are there.
    pub(super) fn bytes(&self) -> &[u8] {
        let memory = match &self.memory {
            Memory::Owned(allocation) => allocation.as_slice(),
            Memory::Lent(bytes) => bytes,
        };
        memory.get(..self.filled).unwrap_or_default()
    }

    /// Bytes of the current piece that are still to come.
    pub(super) fn missing(&self) -> usize {
        self.stop - self.filled
    }

    /// Bytes of the whole that are still to come.
    pub(super) fn left(&self) -> usize {
        self.wanted - self.filled
    }

    /// Goes on with a piece of at most so many bytes.
    pub(super) fn stop_after(&mut self, len: usize) {
        self.stop = self.wanted.min(self.filled + len);
    }

    /// Makes room for so many bytes of memory of its own.
    pub(super) fn reserve(&mut self, len: usize) -> Result<()> {
        match &mut self.memory {
            Memory::Owned(allocation) => allocation.reserve(len),
            Memory::Lent(_) => Ok(()),
        }
    }

    /// Bytes of memory that it holds.
    pub(super) fn capacity(&self) -> usize {
        match &self.memory {
            Memory::Owned(allocation) => allocation.capacity(),
            Memory::Lent(bytes) => bytes.len(),
        }
    }

    /// The next `len` bytes, which are about to be there whole.
    pub(super) fn place(&mut self, len: usize) -> Result<&mut [u8]> {
        let end = self.filled + len;
        let memory = match &mut self.memory {
            Memory::Owned(allocation) => {
                if end > allocation.capacity() {
                    let doubled = allocation.capacity().saturating_mul(2);
                    allocation.reserve(doubled.max(end).min(self.wanted))?;
                }
                allocation.grow(end)?;
                allocation.as_mut_slice()
            }
            Memory::Lent(bytes) => bytes,
        };
        Ok(memory.get_mut(self.filled..end).unwrap_or_default())
    }

    /// Grows the memory where its end is reached before that of the part.
    fn make_space(&mut self) -> Result<()> {
        let Memory::Owned(allocation) = &mut self.memory else {
            return Ok(());
        };
        if self.filled < allocation.len() || self.filled == self.wanted {
            return Ok(());
        }
        let room = match allocation.capacity() {
            capacity if self.filled < capacity => capacity,
            capacity => capacity.saturating_mul(2).max(LEAST_GROWTH),
        };
        let next = self.filled.saturating_add(PIECE);
        if room > allocation.capacity() {
            allocation.reserve(room.min(self.wanted))?;
        }
        allocation.grow(next.min(room).min(self.wanted))
    }

    /// The buffer that landed.
    pub(super) fn into_buffer(self) -> Buffer<'p> {
        match self.memory {
            Memory::Owned(mut allocation) => {
                allocation.truncate(self.filled);
                allocation.into()
            }
            Memory::Lent(bytes) => Buffer::borrowed(bytes),
        }
    }
}

/// So many bytes are zeroed at once: they stay in the second-level cache until they are read
/// into.
const PIECE: usize = 256 << 10;

/// What is not believed at first grows to so many bytes at least.
const LEAST_GROWTH: usize = 4096;
