//! A transparent type is one field.

use canning_core::Canned;

#[derive(Canned)]
#[canned(transparent)]
struct Two(u8, u8, #[canned(skip)] u8, u8);

#[derive(Canned)]
#[canned(transparent)]
struct None {
    #[canned(skip)]
    a: u8,
}

#[derive(Canned)]
#[canned(transparent)]
enum Enum {
    A(u8),
}

#[derive(Canned)]
#[canned(transparent, rename = "X", default, deny_unknown_fields)]
struct Named {
    #[canned(default, alias = "b")]
    a: u8,
}

fn main() {}
