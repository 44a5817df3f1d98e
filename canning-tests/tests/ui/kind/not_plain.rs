//! A plain field that serde does not know.

use canning_core::Canned;

struct Other;

#[derive(Canned)]
struct Struct {
    #[canned(plain)]
    other: Other,
}

#[derive(Canned)]
#[canned(plain)]
struct Whole(u8);

fn main() {}
