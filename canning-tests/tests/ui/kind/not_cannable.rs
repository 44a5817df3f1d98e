//! A field of a type that is not derived; the error is at the field's type, and names the type.

use canning_core::Canned;

struct Other;

#[derive(Canned)]
struct Struct {
    fine: u8,
    other: Vec<Other>,
}

#[derive(Canned)]
enum Enum {
    A { other: Other },
}

fn main() {}
