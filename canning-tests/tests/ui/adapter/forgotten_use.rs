//! An adapter is a dependency, but nobody names it: the compiler does not look into it.

use canning_core::Canned;
use ndarray::Array2;

#[derive(Canned)]
struct Frame {
    positions: Array2<f64>,
}

fn main() {
    let frame = Frame { positions: Array2::zeros((2, 3)) };
    canning_wire::can(&frame).unwrap();
}
