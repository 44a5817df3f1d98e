//! Attributes that are not written as a list.

use canning_core::Canned;

#[derive(Canned)]
#[canned]
struct Struct {
    #[canned = "skip"]
    a: u8,
    #[canned(skip default)]
    b: u8,
    #[canned["skip"]]
    c: u8,
}

fn main() {}
