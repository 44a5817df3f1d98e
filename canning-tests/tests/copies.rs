//! What is counted as copied, and where it came from.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::{rc::Rc, sync::Arc};

use canning_core::{Can, CannedObject, Copied, Uncan, Value, plain::Plain};
use canning_ndarray as _;
use canning_wire::{Limits, Message, Object, can, read_message, write_message};
use ndarray::{Array1, s};

#[test]
fn an_array_of_fixed_length_is_a_copy() {
    let large = [0.5_f64; 1000];
    assert_eq!(taken::<[f64; 1000], _>(&large), (large, out_of_band(8000)));
    assert_eq!(got::<[f64; 1000], _>(&large), (large, out_of_band(8000)));
    let small = [[0.5_f64; 3]; 2];
    assert_eq!(taken::<[[f64; 3]; 2], _>(&small), (small, in_band(48)));
    let texts = ["a".to_owned(), "b".to_owned()];
    assert_eq!(taken::<[String; 2], _>(&texts), (texts, in_band(2)));
}

#[test]
fn a_reversed_small_array_is_in_band() {
    let numbers = Array1::from_vec(vec![1_u8, 2, 3]);
    let mut object = received(&numbers.slice(s![..;-1]));
    assert_eq!(object.take::<Vec<u8>, _>().unwrap(), [3, 2, 1]);
    assert_eq!(object.copied(), in_band(6), "out of the header, then turned");
}

#[test]
fn a_small_broadcast_array_is_in_band() {
    let one = Array1::from_vec(vec![7_u8]);
    let mut object = received(&one.broadcast(5).unwrap());
    assert_eq!(object.take::<Vec<u8>, _>().unwrap(), [7; 5]);
    assert_eq!(object.copied(), in_band(5));
}

#[test]
fn shared_text_is_a_copy_of_a_buffer_or_of_the_header() {
    let long = "x".repeat(10_000);
    let text: Arc<str> = long.as_str().into();
    assert_eq!(got::<Arc<str>, _>(&long), (text, out_of_band(10_000)));
    let text: Rc<str> = long.as_str().into();
    assert_eq!(taken::<Rc<str>, _>(&long), (text, out_of_band(10_000)));
    assert_eq!(got::<Arc<str>, _>("abc"), ("abc".into(), in_band(3)));
}

#[test]
fn plain_bytes_of_a_value_are_counted() {
    struct Bytes([u8; 500]);
    impl serde::Serialize for Bytes {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&self.0)
        }
    }
    let (value, copied) = got::<Value, _>(&Plain(Bytes([7; 500])));
    assert_eq!((value, copied), (Value::Bytes(vec![7; 500]), in_band(500)));
}

fn taken<T: for<'b> Uncan<'b, V>, V>(sent: &(impl Can<V> + ?Sized)) -> (T, Copied) {
    let mut object = received(sent);
    (object.take().unwrap(), object.copied())
}

fn got<T: for<'b> Uncan<'b, V>, V>(sent: &(impl Can<V> + ?Sized)) -> (T, Copied) {
    let object = can(sent).unwrap();
    (object.get().unwrap(), object.copied())
}

fn received<V>(sent: &(impl Can<V> + ?Sized)) -> Object<'static> {
    let mut stream = Vec::new();
    write_message(&mut stream, &Message::from(can(sent).unwrap())).unwrap();
    let message = read_message(&mut stream.as_slice(), &Limits::default());
    message.unwrap().unwrap().into_objects().pop().unwrap()
}

fn in_band(bytes: u64) -> Copied {
    Copied { in_band: bytes, out_of_band: 0 }
}

fn out_of_band(bytes: u64) -> Copied {
    Copied { in_band: 0, out_of_band: bytes }
}
