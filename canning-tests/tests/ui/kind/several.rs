//! Many mistakes at once, and no second wave: the type is used as if it were derived.

use canning_core::{Can, Canned, Uncan};

#[derive(Canned)]
#[canned(renam = "x", default = "no path")]
struct Struct<T> {
    #[canned(skip, plain)]
    a: T,
    #[canned(inline = "yes")]
    b: u8,
}

#[derive(Canned)]
struct Outer {
    inner: Vec<Struct<u8>>,
}

fn cannable<T: Can<V> + for<'b> Uncan<'b, V>, V>() {}

fn main() {
    cannable::<Outer, _>();
    cannable::<Struct<String>, _>();
}
