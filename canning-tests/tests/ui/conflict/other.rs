//! One variant without fields stands for the unknown ones.

use canning_core::Canned;

#[derive(Canned)]
enum WithFields {
    A,
    #[canned(other)]
    B(u8),
    #[canned(other)]
    C {},
}

#[derive(Canned)]
enum Twice {
    #[canned(other)]
    A,
    #[canned(other)]
    B,
}

fn main() {}
