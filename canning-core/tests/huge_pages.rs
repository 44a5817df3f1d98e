//! Large allocations are advised to be huge pages: the system's own table of memory says so.

#![cfg(all(target_os = "linux", feature = "huge-pages", not(miri)))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

use std::fs;

use canning_core::buffer::{Allocation, Pool};

/// The flags of the mapping around an address: a line such as `VmFlags: rd wr mr mw me ac hg`.
fn flags_at(address: usize) -> String {
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut is_here = false;
    for line in maps.lines() {
        let range = line.split(' ').next().unwrap().split_once('-');
        let parse = |text| usize::from_str_radix(text, 16);
        if let Some((Ok(start), Ok(end))) = range.map(|(start, end)| (parse(start), parse(end))) {
            is_here = (start..end).contains(&address);
        }
        if let Some(flags) = line.strip_prefix("VmFlags:").filter(|_| is_here) {
            return flags.to_owned();
        }
    }
    panic!("no mapping at {address:#x}");
}

fn is_advised(allocation: &Allocation) -> bool {
    let middle = allocation.as_slice().as_ptr().addr() + allocation.capacity() / 2;
    flags_at(middle).split_whitespace().any(|flag| flag == "hg")
}

/// Whether the kernel knows huge pages at all: else it takes no advice.
fn has_huge_pages() -> bool {
    fs::exists("/sys/kernel/mm/transparent_hugepage/enabled").unwrap()
}

#[test]
fn large_memory_is_advised_and_small_is_not() {
    let large = 64 << 20;
    let expected = has_huge_pages();
    assert_eq!(is_advised(&Allocation::with_capacity(large, 8).unwrap()), expected);
    assert_eq!(is_advised(&Allocation::zeroed(large, 64).unwrap()), expected);
    assert_eq!(is_advised(&Pool::new(0).allocate(large, 1).unwrap()), expected);
    let mut grown = Allocation::with_capacity(1 << 20, 8).unwrap();
    assert!(!is_advised(&grown));
    grown.reserve(large).unwrap();
    assert_eq!(is_advised(&grown), expected);
}
