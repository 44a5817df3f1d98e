//! Generic elements whose padding nobody knows.

use canning_core::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Two<T, U> {
    a: T,
    b: [T; 2],
    c: U,
}

#[derive(Clone, Copy, Element)]
#[repr(C, packed(2))]
struct Packed<T>(u8, T);

#[derive(Clone, Copy, Element)]
#[repr(C, align(16))]
struct Aligned<T>(T);

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Length<const N: usize>([u8; N], u32);

fn main() {}
