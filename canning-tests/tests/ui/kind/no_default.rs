//! A field without a default, which needs one.

use canning_core::Canned;

struct Other;

#[derive(Canned)]
struct Struct {
    #[canned(skip)]
    other: Other,
}

#[derive(Canned)]
#[canned(default)]
struct Whole {
    a: u8,
}

fn main() {}
