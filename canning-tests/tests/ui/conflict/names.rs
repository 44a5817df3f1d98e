//! Names differ, also after they are renamed.

use canning_core::Canned;

#[derive(Canned)]
#[canned(rename_all = "camelCase")]
struct Struct {
    #[canned(rename = "c", alias = "c", alias = "d", alias = "d")]
    a: u8,
    #[canned(alias = "e")]
    b: u8,
    c: u8,
    d: u8,
    #[canned(rename = "e")]
    f: u8,
    two_words: u8,
    #[canned(skip)]
    g: u8,
    #[canned(rename = "g", alias = "twoWords")]
    h: u8,
}

#[derive(Canned)]
enum Enum {
    A {
        x: u8,
        #[canned(alias = "x")]
        y: u8,
    },
    #[canned(rename = "A")]
    B,
    #[canned(alias = "C")]
    C,
}

fn main() {}
