//! Structs that an attribute macro orders anew after the derive has seen them.

use canning_core::{Elem, Element};
use canning_tests_swapping as swapping;

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct Order { b: u8, a: u8 })]
#[repr(C)]
struct Order {
    a: u8,
    b: u8,
}

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct Types { b: bool, a: u8 })]
#[repr(C)]
struct Types {
    a: u8,
    b: bool,
}

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(align(16))] struct Transparent(u32);)]
#[repr(transparent)]
struct Transparent(u32);

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct Generic<T> { b: T, a: T })]
#[repr(C)]
struct Generic<T> {
    a: T,
    b: T,
}

// Of a generic element, it shows where it is used.
const _: Elem<Generic<u8>> = Elem::of();

fn main() {}
