//! An element is cannable already.

use canning_core::{Canned, Element};

#[derive(Canned, Clone, Copy, Element)]
#[repr(C)]
struct Both(u8);

fn main() {}
