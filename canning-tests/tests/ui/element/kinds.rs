//! What cannot be an element.

use canning_core::Element;

#[derive(Clone, Copy, Element)]
#[repr(u8)]
enum Enum {
    A,
    B,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Borrowed<'a> {
    a: &'a u8,
}

fn main() {}
