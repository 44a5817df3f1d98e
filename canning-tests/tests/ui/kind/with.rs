//! A module without the functions.

use canning_core::Canned;

mod module {}

#[derive(Canned)]
struct Struct {
    #[canned(with = "module")]
    a: u8,
}

fn main() {}
