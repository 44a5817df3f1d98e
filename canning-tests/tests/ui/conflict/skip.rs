//! What is skipped has no other attributes.

use canning_core::Canned;

#[derive(Canned)]
struct Struct {
    #[canned(skip, rename = "x", alias = "y")]
    a: u8,
    #[canned(plain, skip)]
    b: u8,
    #[canned(skip, with = "module", inline)]
    c: u8,
    #[canned(skip, default = "seven")]
    fine: u8,
}

#[derive(Canned)]
enum Enum {
    #[canned(skip, rename = "x")]
    A,
    #[canned(skip, other)]
    B,
}

fn main() {}
