//! Attributes that stand twice.

use canning_core::Canned;

#[derive(Canned)]
#[canned(rename = "A", rename = "B")]
struct Struct {
    #[canned(default, default = "seven")]
    a: u8,
    #[canned(skip)]
    #[canned(skip)]
    b: u8,
    #[canned(alias = "may", alias = "often")]
    c: u8,
}

fn main() {}
