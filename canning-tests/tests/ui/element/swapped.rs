//! Structs that an attribute macro changes after the derive has seen them.

use std::marker::PhantomData;

use canning_core::Element;
use canning_tests_swapping as swapping;

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct Type { a: bool, b: u8 })]
#[repr(C)]
struct Type {
    a: u8,
    b: u8,
}

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct More { a: u8, token: () })]
#[repr(C)]
struct More {
    a: u8,
}

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct Generic<T>(T, [bool; 2]);)]
#[repr(C, packed)]
struct Generic<T>(T, [u8; 2]);

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] struct Transparent(char);)]
#[repr(transparent)]
struct Transparent(u32);

#[derive(Element)]
#[swapping::by(#[derive(Clone, Copy)] #[repr(C)] struct Phantom(u8, ());)]
#[repr(C)]
struct Phantom(u8, PhantomData<u8>);

fn main() {}
