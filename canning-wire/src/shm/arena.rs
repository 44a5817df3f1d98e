//! Memory in which arrays are born.

use std::{
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use canning_core::Element;

use super::{
    error::ShmError,
    map::{Fresh, zero_is_a_value},
    sealed::{SealTimes, Sealed},
    seals::SealedFd,
};
use crate::error::Result;

/// Memory in which arrays are born, to be handed to another process.
///
/// Arrays are filled in place, several at a time and on any thread; then [`seal`](Self::seal)
/// consumes the arena. No array can be held beyond that: the compiler sees to it.
///
/// # Examples
///
/// ```
/// use canning_wire::shm::Arena;
///
/// let arena = Arena::new(4096)?;
/// let mut sums = arena.zeroed::<f64>(100)?;
/// let mut counts = arena.zeroed::<u32>(100)?;
/// for (index, (sum, count)) in sums.iter_mut().zip(counts.iter_mut()).enumerate() {
///     (*sum, *count) = (index as f64 / 2.0, 1);
/// }
/// let (sums, counts) = (sums.finish(), counts.finish());
///
/// let sealed = arena.seal()?;
/// let sums = sealed.get(sums)?;
/// assert_eq!((sums[7], sealed.get(counts)?.len()), (3.5, 100));
/// # Ok::<(), canning_wire::Error>(())
/// ```
#[derive(Debug)]
pub struct Arena {
    memory: Fresh,
    number: u64,
}

impl Arena {
    /// Makes an arena of so many bytes, of at least one.
    ///
    /// The system finds and clears all its pages at once. Each array starts at a multiple of 64.
    ///
    /// # Errors
    ///
    /// [`ShmError::System`] where there is not so much memory.
    pub fn new(bytes: usize) -> Result<Self> {
        let memory = Fresh::new(bytes.max(1))?;
        Ok(Self { memory, number: NEXT.fetch_add(1, Ordering::Relaxed) })
    }

    /// An array of zeros, to be filled.
    ///
    /// # Errors
    ///
    /// - [`ShmError::Full`] where it does not fit.
    /// - [`ShmError::NotZero`] where zeros are no values of `T`.
    pub fn zeroed<T: Element>(&self, len: usize) -> Result<ArenaSlice<'_, T>> {
        match self.memory.zeroed::<T>(len, ALIGN) {
            Some((offset, items)) => Ok(self.slice(offset, items)),
            None if zero_is_a_value::<T>() => Err(self.full::<T>(len).into()),
            None => Err(ShmError::NotZero.into()),
        }
    }

    /// An array that starts as a copy of another: for small ones, and for elements of which zero is
    /// no value.
    ///
    /// # Errors
    ///
    /// [`ShmError::Full`] where it does not fit.
    pub fn copied<T: Element>(&self, items: &[T]) -> Result<ArenaSlice<'_, T>> {
        match self.memory.copied(items, ALIGN) {
            Some((offset, items)) => Ok(self.slice(offset, items)),
            None => Err(self.full::<T>(items.len()).into()),
        }
    }

    /// Bytes that are left for the next array.
    pub fn left(&self) -> usize {
        self.memory.left(ALIGN)
    }

    /// Ends writing for ever: unmaps the memory, has the system seal it, and maps it again to be
    /// read.
    ///
    /// # Errors
    ///
    /// [`ShmError::System`]; the memory is gone then.
    pub fn seal(self) -> Result<Sealed> {
        let Self { memory, number } = self;
        let start = Instant::now();
        let fd = memory.into_fd();
        let unmapped = Instant::now();
        let fd = SealedFd::seal(fd)?;
        let sealed = Instant::now();
        let mut this = Sealed::map(fd, number)?;
        this.set_times(SealTimes {
            unmapping: unmapped.duration_since(start),
            sealing: sealed.duration_since(unmapped),
            mapping: sealed.elapsed(),
        });
        Ok(this)
    }

    fn slice<'a, T>(&self, offset: usize, items: &'a mut [T]) -> ArenaSlice<'a, T> {
        let slot = Slot { offset, len: items.len(), number: self.number, marker: PhantomData };
        ArenaSlice { items, slot }
    }

    #[cold]
    fn full<T>(&self, len: usize) -> ShmError {
        let needed = len.saturating_mul(size_of::<T>());
        ShmError::Full { needed, available: self.memory.left(ALIGN.max(align_of::<T>())) }
    }
}

/// An array of an [`Arena`] that is being filled: a `&mut [T]`.
pub struct ArenaSlice<'a, T> {
    items: &'a mut [T],
    slot: Slot<T>,
}

impl<T> ArenaSlice<'_, T> {
    /// Ends the borrow, and gives the place at which the array is found once the arena is
    /// [sealed](Arena::seal).
    pub fn finish(self) -> Slot<T> {
        self.slot
    }
}

impl<T> Deref for ArenaSlice<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.items
    }
}

impl<T> DerefMut for ArenaSlice<'_, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.items
    }
}

impl<T: fmt::Debug> fmt::Debug for ArenaSlice<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

/// The place of an array in its arena.
pub struct Slot<T> {
    pub(super) offset: usize,
    pub(super) len: usize,
    pub(super) number: u64,
    marker: PhantomData<fn() -> T>,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("offset", &self.offset).field("len", &self.len).finish()
    }
}

/// Where arrays start: a multiple of this, as in a frame.
const ALIGN: usize = 64;

/// Numbers arenas, so that slots are not mixed up; those received have none.
static NEXT: AtomicU64 = AtomicU64::new(1);
