//! Layouts that are the compiler's choice.

use canning_core::Element;

#[derive(Clone, Copy, Element)]
struct None {
    a: u8,
}

#[derive(Clone, Copy, Element)]
#[repr(packed)]
struct Packed {
    a: u8,
    b: u16,
}

#[derive(Clone, Copy, Element)]
#[repr(align(4))]
struct Aligned(u32);

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Empty {}

fn main() {}
