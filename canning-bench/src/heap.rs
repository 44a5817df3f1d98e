//! Memory that treats all cases alike.

use std::hint::black_box;

/// What glibc's allocator is told, as environment variables; other allocators do not look at them.
///
/// Where it gets a large block from depends on what the program did before: new from the
/// system, which costs a page fault a page, or out of a gap that something else has left. That
/// makes a difference of eight times for a copy of 64 MiB, and accidents would decide who has it.
/// So it is told what it does with blocks above 32 MiB in any case: to get those from 4 MiB on
/// from the system each time, and to give them back. Of what smaller ones leave behind, it keeps
/// 8 MiB.
pub(crate) const SETTINGS: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "4194304"), ("MALLOC_TRIM_THRESHOLD_", "8388608")];

/// Uses memory that this machine may never have used before: for the first use of a page a virtual
/// machine has to ask for it, which would be counted as the cost of whoever comes first.
pub(crate) fn touch(is_quick: bool) {
    let bytes = if is_quick { 1 << 30 } else { 3 << 30 };
    drop(black_box(vec![1_u8; bytes]));
}
