//! A plain type is serde's.

use canning_core::Canned;

#[derive(Canned)]
#[canned(plain, rename_all = "camelCase", transparent)]
struct Struct {
    #[canned(skip)]
    a: u8,
    #[canned(rename = "c")]
    b: u8,
}

#[derive(Canned)]
#[canned(plain)]
enum Enum {
    #[canned(other)]
    A,
}

fn main() {}
