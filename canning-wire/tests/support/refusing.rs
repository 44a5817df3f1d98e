//! An allocator that refuses, for each thread by itself.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    ptr,
};

/// Hands out what the system's allocator does, but for one large piece; a test makes it the global
/// one.
pub struct Refusing;

/// What is at least so long is as long as a peer made it.
pub const LARGE: usize = 1024;

thread_local! {
    /// How many large pieces are handed out until one is refused; none is where it is `None`.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Runs with the large allocation of this number refused, counted from 0; says whether there was
/// one. While memory grows, that is an allocation, too.
pub fn refuse<T>(number: usize, run: impl FnOnce() -> T) -> (T, bool) {
    LEFT.set(Some(number));
    let value = run();
    (value, LEFT.replace(None).is_none())
}

fn is_refused(size: usize) -> bool {
    // A thread that ends may allocate after its counter is gone.
    let refused = LEFT.try_with(|left| match left.get() {
        Some(0) if size >= LARGE => {
            left.set(None);
            true
        }
        Some(number) if size >= LARGE => {
            left.set(Some(number - 1));
            false
        }
        _ => false,
    });
    refused.unwrap_or(false)
}

// SAFETY: it refuses, which any allocator may, or hands on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Refusing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's promises are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's promises are the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > layout.size() && is_refused(size) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's promises are the same.
        unsafe { System.realloc(ptr, layout, size) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are the same.
        unsafe { System.dealloc(ptr, layout) }
    }
}
