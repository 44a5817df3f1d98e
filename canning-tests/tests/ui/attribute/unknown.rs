//! Attributes that do not exist, some of them nearly.

use canning_core::Canned;

#[derive(Canned)]
#[canned(rename_al = "camelCase")]
struct Struct {
    #[canned(defualt)]
    slip: u8,
    #[canned(skip_serializing)]
    serdes: u8,
    #[canned(flatten)]
    foreign: u8,
    #[canned(some::path)]
    path: u8,
}

#[derive(Canned)]
enum Enum {
    #[canned(othr)]
    Variant,
}

fn main() {}
