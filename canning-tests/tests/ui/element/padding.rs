//! Padding: between fields, at the end, and by alignment. Nobody uses these types.

use canning_core::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Between {
    a: u8,
    b: u32,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct AtTheEnd {
    a: u32,
    b: [u8; 3],
}

#[derive(Clone, Copy, Element)]
#[repr(C, align(16))]
struct Aligned(u64);

fn main() {}
