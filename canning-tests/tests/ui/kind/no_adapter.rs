//! A type of another crate whose adapter is not named.

use canning_core::Canned;
use ndarray::Array1;

#[derive(Canned)]
struct Struct {
    array: Array1<f64>,
}

fn main() {}
