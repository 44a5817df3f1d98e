//! An enum has no fields of its own.

use canning_core::Canned;

#[derive(Canned)]
#[canned(default)]
enum Enum {
    A { a: u8 },
}

fn main() {}
