//! Memory that a descriptor shares, mapped: the only unsafe code of this crate.
//!
//! It stands here and not in a crate of its own, because what needs it, reading and writing
//! parcels, needs the headers and limits of this crate, which would have to become public for it.

use std::{
    cell::Cell,
    ffi::c_void,
    fmt, io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    ptr::{self, NonNull},
    slice,
};

use canning_core::{Elem, Element};
use rustix::mm::{self, Advice, MapFlags, ProtFlags};

use super::{
    error::ShmError,
    seals::{SealedFd, find_pages, new_memory},
};

mod huge_pages;
mod restless;

pub(super) use self::restless::Restless;

/// A mapping of shared memory, unmapped when it is dropped.
struct Map {
    /// # Invariants
    ///
    /// 0. The start of `len` mapped bytes that this alone unmaps; at the start of a page, not null.
    ptr: NonNull<u8>,
    /// # Invariants
    ///
    /// 1. Not zero, at most `isize::MAX`.
    len: usize,
}

impl Map {
    fn new(
        fd: BorrowedFd<'_>,
        len: usize,
        access: ProtFlags,
        sharing: MapFlags,
    ) -> io::Result<Self> {
        if len == 0 || isize::try_from(len).is_err() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        // SAFETY: `mmap` requires that it replaces no mapping that is in use: without `FIXED`,
        // the system chooses a place that is free.
        let start = unsafe { mm::mmap(ptr::null_mut(), len, access, sharing, fd, 0) }?;
        let ptr = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { ptr, len })
    }

    /// Maps memory of no file, that only this process has.
    fn private(len: usize) -> io::Result<Self> {
        if len == 0 || isize::try_from(len).is_err() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: as in `new`.
        let start = unsafe { mm::mmap_anonymous(ptr::null_mut(), len, access, MapFlags::PRIVATE) }?;
        let ptr = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { ptr, len })
    }

    fn advise(&self, advice: Advice) -> rustix::io::Result<()> {
        // SAFETY: `madvise` requires advice that does not change what the memory holds: this
        // module asks for pages to stay out of forks, to be huge, or to be there.
        unsafe { mm::madvise(self.start(), self.len, advice) }
    }

    fn start(&self) -> *mut c_void {
        self.ptr.as_ptr().cast()
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: `munmap` requires that nothing refers to the memory any more: invariant 0, and
        // every reference borrows what owns this.
        let unmapped = unsafe { mm::munmap(self.start(), self.len) };
        debug_assert!(unmapped.is_ok(), "it is mapped");
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map").field("len", &self.len).finish_non_exhaustive()
    }
}

// SAFETY: mapped memory belongs to the process, not to a thread.
unsafe impl Send for Map {}
// SAFETY: as above; a shared reference gives the address and the length only.
unsafe impl Sync for Map {}

/// Refuses more memory than the system has at all: of ordinary memory it says so at once.
pub(super) fn check_possible(len: usize) -> io::Result<()> {
    Map::private(len).map(drop)
}

/// New memory that is given out part by part, each to be written by one.
#[derive(Debug)]
pub(super) struct Fresh {
    /// # Invariants
    ///
    /// 0. Of new memory: no other process and no other mapping writes it or makes it shorter.
    map: Map,
    /// # Invariants
    ///
    /// 1. Bytes from here on were never given out, and are zero. It never becomes smaller.
    used: Cell<usize>,
    /// Given away only when the map is gone.
    fd: OwnedFd,
}

impl Fresh {
    /// Makes and maps `len` bytes, whose pages are there afterwards, so that writing cannot
    /// fail for want of memory.
    pub(super) fn new(len: usize) -> Result<Self, ShmError> {
        let fd = new_memory(len)?;
        let access = ProtFlags::READ | ProtFlags::WRITE;
        let map = Map::new(fd.as_fd(), len, access, MapFlags::SHARED);
        let map = map.map_err(|error| ShmError::system("map new memory", error))?;
        // A process that is forked would keep the memory from being sealed.
        let stays = map.advise(Advice::LinuxDontFork);
        stays.map_err(|error| ShmError::system("keep memory out of forks", error))?;
        huge_pages::find(&map);
        find_pages(&fd, len)?;
        // Invariant 0: the memory has no name, and its descriptor is private to this. 1: the system
        // clears new memory.
        Ok(Self { map, used: Cell::new(0), fd })
    }

    /// Unmaps the memory.
    pub(super) fn into_fd(self) -> OwnedFd {
        self.fd
    }

    /// Bytes that are left from the next multiple of `align` on.
    pub(super) fn left(&self, align: usize) -> usize {
        let start = self.used.get().checked_next_multiple_of(align);
        start.map_or(0, |start| self.map.len.saturating_sub(start))
    }

    /// Gives out the next `count` items, all zero; and their offset. `None` where there is no room,
    /// or zeros are no items.
    #[expect(clippy::mut_from_ref, reason = "each part is given out once")]
    pub(super) fn zeroed<T: Element>(
        &self,
        count: usize,
        align: usize,
    ) -> Option<(usize, &mut [T])> {
        if !zero_is_a_value::<T>() {
            return None;
        }
        let (offset, items) = self.part::<T>(count, align)?;
        // SAFETY: `from_raw_parts_mut` requires:
        // - aligned, mapped memory for `count` items, in one allocation, not above `isize::MAX`:
        //   `part`, invariant 1 of `Map`.
        // - values: zeros, by invariant 1, which are valid (checked above; promise 3 of `Element`).
        // - nobody else uses it: `part` gives each byte out once, and invariant 0. The borrow of
        //   `self` keeps it mapped.
        Some((offset, unsafe { slice::from_raw_parts_mut(items.as_ptr(), count) }))
    }

    /// Gives out the next items, copied from others; and their offset. `None` where there is no
    /// room.
    #[expect(clippy::mut_from_ref, reason = "each part is given out once")]
    pub(super) fn copied<T: Element>(&self, from: &[T], align: usize) -> Option<(usize, &mut [T])> {
        // So that what the compiler checks of an element is checked here, too.
        let _ = Elem::<T>::of();
        let (offset, items) = self.part::<T>(from.len(), align)?;
        // SAFETY: `copy_from_nonoverlapping` requires memory for `from.len()` items, aligned and
        // not used by others: `part`.
        unsafe { items.copy_from_nonoverlapping(NonNull::from(from).cast(), from.len()) };
        // SAFETY: as in `zeroed`; they are initialised by the copy.
        Some((offset, unsafe { slice::from_raw_parts_mut(items.as_ptr(), from.len()) }))
    }

    /// Takes the next bytes for `count` items: mapped, aligned, and never given out before.
    fn part<T>(&self, count: usize, align: usize) -> Option<(usize, NonNull<T>)> {
        let start = self.used.get().checked_next_multiple_of(align.max(align_of::<T>()))?;
        let end = start.checked_add(count.checked_mul(size_of::<T>())?)?;
        if end > self.map.len {
            return None;
        }
        // SAFETY: `add` requires the result to lie within the allocation: `start` <= `end` <=
        // `len`.
        let items = unsafe { self.map.ptr.add(start) }.cast::<T>();
        if !items.is_aligned() {
            return None;
        }
        self.used.set(end);
        Some((start, items))
    }
}

/// Whether memory of zeros holds values of `T`.
pub(super) fn zero_is_a_value<T: Element>() -> bool {
    let element = Elem::<T>::of().element();
    element.accepts_any_bits() || element.validate(&vec![0; element.size()]).is_ok()
}

/// Memory that nobody can change any more, mapped to be read.
#[derive(Debug)]
pub(super) struct Constant {
    /// # Invariants
    ///
    /// 0. Of sealed memory that is at least as long.
    map: Map,
}

impl Constant {
    pub(super) fn map(memory: &SealedFd) -> io::Result<Self> {
        // Before Linux 6.7 a shared map is refused of what is sealed, even if it only reads. A private
        // one is of the same pages, as nobody writes to it.
        let map = Map::new(memory.fd(), memory.len(), ProtFlags::READ, MapFlags::PRIVATE)?;
        Ok(Self { map })
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        // SAFETY: `from_raw_parts` requires:
        // - `len` mapped bytes: invariants 0 and 1 of `Map`; the memory cannot become shorter
        //   (invariant 0: `SealedFd` has the seal).
        // - not written while borrowed: a mapping that writes existed when it was sealed by nobody,
        //   or the system had refused the seal, and none can be made any more. This one only reads.
        unsafe { slice::from_raw_parts(self.map.ptr.as_ptr(), self.map.len) }
    }
}
