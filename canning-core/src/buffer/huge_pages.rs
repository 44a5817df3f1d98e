//! Large allocations in huge pages, where the system has them.

use std::ptr::NonNull;

/// Asks for huge pages where `capacity` bytes from `ptr` are large enough to gain by them.
///
/// Half of the time that it takes to fill fresh memory is that of faulting its pages in one by
/// one. Where the request is refused, the memory is as good as before.
pub(super) fn advise(ptr: NonNull<u8>, capacity: usize) {
    if capacity >= LEAST {
        system::advise(ptr, capacity);
    }
}

/// Two huge pages of most systems: wherever it starts, there is a whole one.
const LEAST: usize = 4 << 20;

#[cfg(all(feature = "huge-pages", target_os = "linux", not(miri)))]
mod system {
    use std::ptr::NonNull;

    use rustix::mm::{Advice, madvise};

    /// The part of the block whose pages hold nothing else.
    pub(super) fn advise(ptr: NonNull<u8>, capacity: usize) {
        let page = rustix::param::page_size();
        let before = ptr.as_ptr().align_offset(page);
        let Some(len) = capacity.checked_sub(before).map(|rest| rest - rest % page) else {
            return;
        };
        let start = ptr.as_ptr().wrapping_add(before).cast();
        // SAFETY: `madvise` requires that the advice is one that the program can live with.
        // `MADV_HUGEPAGE` changes nothing that a program can see but the time it takes.
        let advised = unsafe { madvise(start, len, Advice::LinuxHugepage) };
        // A kernel without huge pages says so each time.
        advised.ok();
    }
}

#[cfg(not(all(feature = "huge-pages", target_os = "linux", not(miri))))]
mod system {
    use std::ptr::NonNull;

    pub(super) fn advise(_ptr: NonNull<u8>, _capacity: usize) {}
}
