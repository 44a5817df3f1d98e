//! Attributes that stand on something else.

use canning_core::Canned;

#[derive(Canned)]
#[canned(skip, with = "module")]
struct Struct<#[canned(skip)] T> {
    #[canned(rename_all = "camelCase")]
    a: T,
    #[canned(transparent)]
    b: u8,
    #[canned(other)]
    c: u8,
}

#[derive(Canned)]
enum Enum {
    #[canned(inline)]
    Variant(#[canned(deny_unknown_fields)] u8),
}

fn main() {}
