//! Attributes that mean nothing where memory travels as it lies.

use canning_core::Element;

#[derive(Clone, Copy, Element)]
#[canned(rename = "x", transparent)]
#[repr(C)]
struct Struct {
    #[canned(skip)]
    a: u8,
    #[canned(default, plain)]
    b: u8,
}

#[derive(Clone, Copy, Element)]
#[canned(rename_all = "camelCase")]
#[repr(C)]
struct Tuple(#[canned(rename = "f1")] u8, u8);

#[derive(Clone, Copy, Element)]
#[repr(transparent)]
struct Transparent(u8, u8);

fn main() {}
