//! An allocator that counts, for each thread by itself.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

/// Counts what the system's allocator hands out; a test makes it the global one.
pub struct Counting;

/// What a thread has allocated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Allocations, grown ones too.
    pub allocations: usize,
    /// Those of at least 64 KiB.
    pub large: usize,
    /// Bytes of all of them.
    pub bytes: usize,
    /// The most bytes in use at a time, beyond those at the start. While memory grows it is
    /// in use twice.
    pub peak: usize,
    /// Bytes in use now.
    live: isize,
}

thread_local! {
    static COUNT: Cell<Count> = const { Cell::new(Count {
        allocations: 0,
        large: 0,
        bytes: 0,
        peak: 0,
        live: 0,
    }) };
}

impl Count {
    /// Bytes that were allocated, and are still in use.
    #[allow(dead_code, reason = "for some of the tests")]
    pub fn kept(&self) -> usize {
        usize::try_from(self.live).unwrap_or(0)
    }

    /// Bytes that were there before, and are free now, less those that stay.
    #[allow(dead_code, reason = "for some of the tests")]
    pub fn freed(&self) -> usize {
        usize::try_from(-self.live).unwrap_or(0)
    }
}

/// Counts what `run` allocates on this thread.
pub fn count<T>(run: impl FnOnce() -> T) -> (T, Count) {
    COUNT.set(Count::default());
    let value = run();
    (value, COUNT.get())
}

fn allocated(bytes: usize) {
    // A thread that ends may free after its counter is gone.
    let _ = COUNT.try_with(|cell| {
        let mut count = cell.get();
        count.allocations += 1;
        count.large += usize::from(bytes >= 64 << 10);
        count.bytes += bytes;
        count.live += bytes as isize;
        count.peak = count.peak.max(usize::try_from(count.live).unwrap_or(0));
        cell.set(count);
    });
}

fn freed(bytes: usize) {
    let _ = COUNT.try_with(|cell| {
        let mut count = cell.get();
        count.live -= bytes as isize;
        cell.set(count);
    });
}

// SAFETY: it only counts, and hands everything on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocated(layout.size());
        // SAFETY: the caller's promises are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        allocated(layout.size());
        // SAFETY: the caller's promises are the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        allocated(size);
        freed(layout.size());
        // SAFETY: the caller's promises are the same.
        unsafe { System.realloc(ptr, layout, size) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        freed(layout.size());
        // SAFETY: the caller's promises are the same.
        unsafe { System.dealloc(ptr, layout) }
    }
}
