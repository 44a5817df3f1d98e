//! Fields without names are matched by position.

use canning_core::Canned;

#[derive(Canned)]
struct Renamed(#[canned(rename = "a")] u8, #[canned(alias = "b")] u8);

#[derive(Canned)]
#[canned(rename_all = "camelCase")]
struct RenamedAll(u8);

#[derive(Canned)]
struct Middle(#[canned(default)] u8, u8, #[canned(default)] u8);

#[derive(Canned)]
enum Enum {
    #[canned(rename_all = "camelCase")]
    Tuple(#[canned(default)] u8, u8),
    #[canned(rename_all = "camelCase")]
    Unit,
}

fn main() {}
