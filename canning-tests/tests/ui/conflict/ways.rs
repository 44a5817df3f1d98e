//! A field goes one way.

use canning_core::Canned;

#[derive(Canned)]
struct Struct {
    #[canned(plain, with = "module")]
    a: u8,
    #[canned(inline, plain)]
    b: u8,
    #[canned(with = "module", inline)]
    c: u8,
}

fn main() {}
