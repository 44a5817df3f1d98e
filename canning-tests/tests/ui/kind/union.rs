//! A union, which nobody can take apart.

use canning_core::{Canned, Element};

#[derive(Canned)]
union A {
    a: u8,
}

#[derive(Element)]
#[repr(C)]
union B {
    a: u8,
}

fn main() {}
