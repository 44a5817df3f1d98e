//! Bounds that are none.

use canning_core::Canned;

#[derive(Canned)]
#[canned(bound = "T Clone")]
struct One<T>(T);

#[derive(Canned)]
#[canned(bound(can = "T: Clone", deserialize = "T: Clone", via = "a + b"))]
struct Two<T>(T);

#[derive(Canned)]
#[canned(bound)]
struct Three<T>(T);

fn main() {}
