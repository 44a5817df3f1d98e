//! Huge pages for a new vector: new memory costs a page fault a page, and a huge page is 512 of
//! the usual ones.

/// Advises the system to back the whole pages of a vector's spare capacity by huge pages. A vector
/// in which none fits is left alone.
#[cfg(target_os = "linux")]
pub(super) fn advise(vec: &mut Vec<u8>) {
    use rustix::{
        mm::{Advice, madvise},
        param::page_size,
    };

    let spare = vec.spare_capacity_mut();
    let start = spare.as_ptr().addr().next_multiple_of(page_size()) - spare.as_ptr().addr();
    let Some(pages) = spare.get_mut(start..) else { return };
    let length = pages.len() / page_size() * page_size();
    if length < 2 * HUGE {
        return;
    }
    // SAFETY: `madvise` requires that the memory may be changed as the advice says:
    // - the range is that of `pages`, which is borrowed mutably here, in whole pages.
    // - "MADV_HUGEPAGE: Enable Transparent Huge Pages (THP) for pages in the range" changes
    //   neither what the memory holds nor what may be done with it.
    let advised = unsafe { madvise(pages.as_mut_ptr().cast(), length, Advice::LinuxHugepage) };
    advised.unwrap_or_else(|error| eprintln!("no huge pages: {error}"));
}

/// Other systems have no such advice.
#[cfg(not(target_os = "linux"))]
pub(super) fn advise(_: &mut Vec<u8>) {}

/// The usual size of a huge page; in twice as much there is a whole one.
#[cfg(target_os = "linux")]
const HUGE: usize = 2 << 20;
