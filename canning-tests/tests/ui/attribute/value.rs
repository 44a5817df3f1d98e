//! Attributes with a value of the wrong kind.

use canning_core::Canned;

#[derive(Canned)]
#[canned(rename)]
#[canned(rename_all = camelCase)]
#[canned(deny_unknown_fields = true)]
#[canned(crate = "not a path")]
struct Struct {
    #[canned(rename = "")]
    empty: u8,
    #[canned(alias = 5)]
    number: u8,
    #[canned(skip = "yes")]
    flag: u8,
    #[canned(default = "1 + 1")]
    expression: u8,
    #[canned(with)]
    module: u8,
    #[canned(inline(small))]
    list: u8,
}

#[derive(Canned)]
#[canned(rename_all = "CamelCase")]
enum Enum {
    #[canned(rename_all = "hungarian")]
    Variant { field: u8 },
}

fn main() {}
