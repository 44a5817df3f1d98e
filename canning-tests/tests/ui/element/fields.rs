//! Fields that are no elements.

use std::marker::PhantomData as Ghost;

use canning_core::Element;

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Pointer {
    a: u8,
    b: &'static str,
    c: Option<u8>,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Nothing(u8, ());

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Renamed(u8, Ghost<u8>);

fn main() {}
