//! The types of optional crates.

#![cfg(all(feature = "bytes", feature = "half", feature = "num-complex"))]
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::fmt::Debug;

use bytes::{Bytes, BytesMut};
use canning_core::{Can, UncanOwned, Value};
use half::{bf16, f16};
use num_complex::Complex;

fn round_trip<T: Can<V> + UncanOwned<V> + PartialEq + Debug, V>(value: T) -> String {
    let tree = Value::of(&value).unwrap();
    assert_eq!(tree.read::<T, V>().unwrap(), value);
    tree.to_string()
}

#[test]
fn bytes_share_the_received_memory() {
    let bytes = Bytes::from_static(b"abc");
    assert_eq!(round_trip(bytes.clone()), "array(|u1, [3]) [97, 98, 99]");
    let tree = Value::of(&BytesMut::from(&bytes[..])).unwrap();
    let shared: Bytes = tree.read().unwrap();
    assert_eq!(shared.as_ptr(), tree.as_array().unwrap().bytes().as_ptr());
    drop(tree);
    assert_eq!(shared, bytes);
}

#[test]
fn numbers_alone_are_arrays_without_axes() {
    assert_eq!(round_trip(f16::from_f32(1.5)), "array(<f2, []) [1.5]");
    assert_eq!(round_trip(bf16::from_f32(-1.5)), "array(bf16, []) [-1.5]");
    assert_eq!(round_trip(Complex::new(1.0_f32, -2.0)), "array(<c8, []) [1.0-2.0i]");
    assert_eq!(round_trip(Complex::new(0.0_f64, 2.0)), "array(<c16, []) [0.0+2.0i]");
    let refused = Value::of(&vec![f16::ONE]).unwrap().read::<f16, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected 0 axes, found 1");
}

#[test]
fn many_of_them_are_one_array() {
    let items = vec![Complex::new(1.0_f64, 2.0); 3];
    let tree = Value::of(&items).unwrap();
    assert_eq!(tree.as_array().unwrap().shape(), [3]);
    assert_eq!(tree.read::<Vec<Complex<f64>>, _>().unwrap(), items);
    round_trip(vec![f16::ONE, f16::NEG_ONE]);
}
