//! An allocator that checks what it is given back, and never gives memory out again.
//!
//! The system's allocator forgives a wrong layout, and hides memory that is used too early or too
//! late: here new memory is full of one byte, and freed memory of another.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

/// The allocator of this test.
pub(crate) struct Checked;

/// What new memory is full of.
pub(crate) const NEW: u8 = 0xc7;
/// What freed memory is full of.
pub(crate) const FREED: u8 = 0xd9;

thread_local! {
    /// Blocks that this thread allocated, less those that it freed.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// Blocks that this thread asked for or freed as it must not.
    static WRONG: Cell<usize> = const { Cell::new(0) };
}

/// Runs a test of this thread: all that it allocates it frees, once, and with the same layout.
pub(crate) fn balanced(test: impl FnOnce()) {
    let (live, wrong) = (LIVE.get(), WRONG.get());
    test();
    assert_eq!(WRONG.get() - wrong, 0, "blocks with a wrong layout, or freed twice");
    assert_eq!(LIVE.get() - live, 0, "blocks that were not freed");
}

/// What is noted in front of each block.
struct Note {
    layout: Layout,
    is_live: bool,
    /// The block before, so that tools that look for leaks find all blocks in use.
    #[expect(dead_code, reason = "for tools only")]
    before: *mut Note,
}

static LAST: AtomicPtr<Note> = AtomicPtr::new(ptr::null_mut());

/// The layout with room for a note in front, and how much that is.
fn with_note(layout: Layout) -> Option<(Layout, usize)> {
    let room = layout.align().max(size_of::<Note>().next_power_of_two());
    let size = layout.size().checked_add(room)?;
    Some((Layout::from_size_align(size, room).ok()?, room))
}

/// The place of the note of the block at `ptr`.
fn note_of(ptr: *mut u8) -> *mut Note {
    ptr.wrapping_sub(size_of::<Note>()).cast()
}

fn wrong() {
    WRONG.set(WRONG.get() + 1);
}

// SAFETY: blocks are the system's, behind their notes, of the layout that was asked for, and
// nobody else's, as none is given out twice.
unsafe impl GlobalAlloc for Checked {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() == 0 {
            wrong();
        }
        let Some((whole, room)) = with_note(layout) else {
            return ptr::null_mut();
        };
        // SAFETY: `alloc` requires a size that is not zero: there is room for a note.
        let start = unsafe { System.alloc(whole) };
        if start.is_null() {
            return start;
        }
        LIVE.set(LIVE.get() + 1);
        let ptr = start.wrapping_add(room);
        let before = LAST.swap(note_of(ptr), Ordering::Relaxed);
        // SAFETY: `write` requires room for a `Note`, aligned: it ends where the block begins,
        // both at multiples of its alignment.
        unsafe { note_of(ptr).write(Note { layout, is_live: true, before }) };
        // SAFETY: `write_bytes` requires so many bytes: asked for.
        unsafe { ptr.write_bytes(NEW, layout.size()) };
        ptr
    }

    // Not given back, so that a second time is seen, and what is used still, too.
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: dereferencing requires a note: each block has one, and keeps it.
        let note = unsafe { &mut *note_of(ptr) };
        if !note.is_live || note.layout != layout {
            wrong();
            return;
        }
        note.is_live = false;
        LIVE.set(LIVE.get() - 1);
        // SAFETY: `write_bytes` requires so many bytes: noted.
        unsafe { ptr.write_bytes(FREED, note.layout.size()) };
    }
}
