//! Fields of a packed struct cannot be borrowed.

use canning_core::Canned;

#[derive(Canned)]
#[repr(C, packed(2))]
struct Packed {
    a: u8,
    b: u32,
}

fn main() {}
