//! A core crate that is not there: one error, whatever the number of fields.

use canning_core::Canned;

#[derive(Canned)]
#[canned(crate = "::packing")]
struct Struct {
    a: u8,
    b: u8,
}

fn main() {}
