//! The cases of ipyparallel's `test_serialize.py` that make sense outside Python, under their
//! names there. `docs/python.md` lists them, and those that are not here.
//!
//! What only Python has, as a range, is read from what ipyparallel 9.2 wrote for it
//! (`python/make_ports.py`); everything else goes from Rust through its format and back.
#![allow(clippy::unwrap_used, reason = "helper functions of tests")]

#[path = "support/nd.rs"]
mod nd;
#[path = "support/ports.rs"]
mod ports;

use std::collections::BTreeMap;

use canning_core::{Buffer, Can, Canned, CannedObject, Element, UncanOwned, Value};
use canning_python::{
    ipyparallel::{self, deserialize_object, serialize_object},
    numpy::Bytes,
    view::View,
};

use nd::Nd;
use ports::{blobs_of, port};

/// Through a list of blobs and back, of which nothing remains.
fn roundtrip<T: Can<V> + UncanOwned<W>, V, W>(value: &T) -> T {
    let (object, remainder) = deserialize_object(serialize_object(value).unwrap()).unwrap();
    assert!(remainder.is_empty());
    object.get().unwrap()
}

#[derive(Canned, Debug, PartialEq)]
struct Simple {
    a: String,
    b: i64,
}

#[test]
fn roundtrip_simple() {
    assert_eq!(roundtrip(&"hello".to_owned()), "hello");
    let simple = Simple { a: "b".into(), b: 10 };
    assert_eq!(roundtrip(&simple), simple);
    let list = Value::List(vec![1.into(), 2.into(), "hi".into()]);
    assert_eq!(roundtrip(&list), list);
    let tuple = Value::Tuple(vec![Value::Bytes(b"123".to_vec()), "hello".into()]);
    assert_eq!(roundtrip(&tuple), tuple);
}

#[test]
fn roundtrip_nested() {
    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename = "builtins.range")]
    struct Range(i64, i64, i64);

    let mut dict: BTreeMap<String, Value> = port("nested_dict").get().unwrap();
    assert_eq!(dict["a"].read::<Range, _>().unwrap(), Range(0, 5, 1));
    let b = dict.remove("b").unwrap();
    assert_eq!(b, Value::Map(vec![(1.into(), Value::Bytes(b"hello".to_vec()))]));

    type Inner = (Range, (i64, Vec<Value>));
    let (first, _): (Range, Value) = items(port("nested_list").get().unwrap());
    let (_, inner): (Value, Value) = items(port("nested_list").get().unwrap());
    assert_eq!(first, Range(0, 5, 1));
    let (range, (one, bytes)): Inner = items(inner);
    assert_eq!((range, one), (Range(0, 3, 1), 1));
    assert_eq!(bytes, [Value::Bytes(b"whoda".to_vec())]);
}

/// The two items of a list that are of different types, which a `Vec` does not hold.
fn items<A: UncanOwned<V>, B: UncanOwned<W>, V, W>(list: Value) -> (A, B) {
    let items = list.as_list().unwrap();
    assert_eq!(items.len(), 2);
    (items.first().unwrap().read().unwrap(), items.last().unwrap().read().unwrap())
}

#[test]
fn roundtrip_buffered() {
    let one = BTreeMap::from([("a".to_owned(), vec![b'x'; 1025])]);
    let two = b"hello".repeat(500);
    assert_eq!(serialize_object(&one).unwrap().len(), 2);
    assert_eq!(serialize_object(&two).unwrap().len(), 2);
    assert_eq!(roundtrip(&one), one);
    assert_eq!(roundtrip(&two), two);
    let mixed = (b"hello".repeat(501), 1, 2, 3);
    assert_eq!(serialize_object(&mixed).unwrap().len(), 2);
    assert_eq!(roundtrip(&mixed), mixed);
    // And as Python writes it, whose bytes are no array.
    let received = port("buffered_bytes");
    assert_eq!(received.buffers().len(), 1);
    let received: BTreeMap<String, Vec<u8>> = received.get().unwrap();
    assert_eq!(received, one);
}

#[test]
fn roundtrip_memoryview() {
    let object = port("memoryview");
    let View::MemoryView(memory) = object.view().unwrap() else { panic!() };
    assert_eq!(memory.buffer_index(), Some(0));
    assert_eq!(object.get::<&[u8], _>().unwrap(), b"asdf".repeat(1025));
}

/// Calls a macro for each of the shapes and dtypes of the original's table.
macro_rules! each_array {
    ($check:ident) => {
        each_array!($check u8, f64, i32, Record, Bytes<10>);
    };
    ($check:ident $($element:ty),*) => {$(
        for shape in [&[100][..], &[1024, 10], &[10, 8, 6, 5], &[], &[0]] {
            $check(array::<$element>(shape));
        }
    )*};
}

/// A record of one field: `[('g', 'float32')]`.
#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
struct Record {
    g: f32,
}

/// As `numpy.random.random(shape).astype(dtype)`, but always the same.
fn array<T: Of>(shape: &[usize]) -> Nd<T> {
    let count = shape.iter().product();
    Nd(shape.to_vec(), (0..count).map(T::of).collect())
}

trait Of: Element + Can + UncanOwned + PartialEq + std::fmt::Debug {
    fn of(number: usize) -> Self;
}

impl Of for u8 {
    fn of(number: usize) -> Self {
        number.to_le_bytes()[0]
    }
}

impl Of for f64 {
    fn of(number: usize) -> Self {
        number as Self / 7.0
    }
}

impl Of for i32 {
    fn of(number: usize) -> Self {
        -Self::try_from(number).unwrap()
    }
}

impl Of for Record {
    fn of(number: usize) -> Self {
        Self { g: number as f32 / 3.0 }
    }
}

impl Of for Bytes<10> {
    fn of(number: usize) -> Self {
        Self::try_from(format!("{number}").as_bytes()).unwrap()
    }
}

#[test]
fn numpy() {
    fn check<T: Of>(array: Nd<T>) {
        assert_eq!(roundtrip(&array), array);
    }
    each_array!(check);
}

#[test]
fn recarray() {
    #[derive(Clone, Copy, Debug, Element, PartialEq)]
    #[repr(C)]
    struct Point {
        n: i64,
        u: u32,
        s: [u8; 4],
    }
    impl Of for Point {
        fn of(number: usize) -> Self {
            Self { n: -5, u: u32::try_from(number).unwrap(), s: *b"abcd" }
        }
    }
    for shape in [&[100][..], &[1024, 10], &[10, 8, 6, 5], &[], &[0]] {
        let array = array::<Point>(shape);
        assert_eq!(roundtrip(&array), array);
    }
}

#[test]
fn numpy_in_seq() {
    fn check<T: Of>(array: Nd<T>) {
        let tuple = (array, 1, 2, "hello".to_owned());
        assert_eq!(serialize_object(&tuple).unwrap().len(), 1 + buffers(&tuple.0));
        assert_eq!(roundtrip(&tuple), tuple);
    }
    each_array!(check);
}

#[test]
fn numpy_in_dict() {
    #[derive(Canned, Debug, PartialEq)]
    struct Dict<T: Of> {
        a: Nd<T>,
        b: i32,
        c: Vec<i32>,
    }
    fn check<T: Of>(array: Nd<T>) {
        let dict = Dict { a: array, b: 1, c: (0..20).collect() };
        assert_eq!(serialize_object(&dict).unwrap().len(), 1 + buffers(&dict.a));
        assert_eq!(roundtrip(&dict), dict);
    }
    each_array!(check);
}

/// How many buffers go out of band.
fn buffers<T: Of>(array: &Nd<T>) -> usize {
    usize::from(size_of_val(array.1.as_slice()) > 1024)
}

#[test]
fn class_and_class_inheritance_are_looked_at() {
    for (case, key, name) in [("class", "C", "Base"), ("class_inheritance", "D", "Derived")] {
        let object = port(case);
        let View::Dict(entries) = object.view().unwrap() else { panic!() };
        let (found, class) = entries.get(0).unwrap();
        assert!(matches!(found.view().unwrap(), View::Str(found) if found == key));
        let View::Opaque(class) = class.view().unwrap() else { panic!() };
        let found = class.class().unwrap().unwrap().to_string();
        assert_eq!(found, "ipyparallel.serialize.canning.CannedClass");
        let View::Dict(state) = class.state().unwrap().view().unwrap() else { panic!() };
        let mut entries = state.iter().map(|(key, value)| (key.view(), value.view()));
        assert!(entries.any(|entry| matches!(
            entry,
            (Ok(View::Str("name")), Ok(View::Str(found))) if found == name
        )));
    }
}

#[test]
fn tuple_and_list_of_functions_are_looked_at() {
    for case in ["tuple_of_function", "list_of_function"] {
        let object = port(case);
        let (View::Tuple(items) | View::List(items)) = object.view().unwrap() else { panic!() };
        assert!(matches!(items.get(0).unwrap().view().unwrap(), View::Function(_)));
        assert!(matches!(items.get(1).unwrap().view().unwrap(), View::Int(1)));
    }
}

#[test]
fn namedtuple() {
    #[derive(Canned, Debug, PartialEq)]
    #[canned(rename = "point")]
    struct Point(i64, i64);
    assert_eq!(port("namedtuple").get::<Point, _>().unwrap(), Point(1, 2));
    assert_eq!(port("namedtuple").get::<(i64, i64), _>().unwrap(), (1, 2));
}

#[test]
fn pickle_threshold() {
    let small = vec![[1.0_f64; 5]; 5];
    let large = vec![[1.0_f64; 512]; 512];
    assert_eq!(serialize_object(&small).unwrap().len(), 1);
    assert_eq!(serialize_object(&large).unwrap().len(), 2);
    assert_eq!(roundtrip(&small), small);
    assert_eq!(roundtrip(&large), large);
}

/// Objects chain in one list of blobs, and each takes its own.
#[test]
fn remainder_is_what_follows() {
    let (numbers, text) = (vec![0.5_f64; 400], "next".to_owned());
    let mut blobs = serialize_object(&numbers).unwrap();
    blobs.extend(ipyparallel::serialize_object(&text).unwrap());
    let (first, rest) = deserialize_object(blobs).unwrap();
    assert_eq!(first.get::<Vec<f64>, _>().unwrap(), numbers);
    let (second, rest) = deserialize_object(rest).unwrap();
    assert_eq!(second.get::<&str, _>().unwrap(), text);
    assert!(rest.is_empty());
}

#[test]
fn missing_buffer_is_an_error() {
    let mut blobs: Vec<Buffer<'_>> = blobs_of("buffered_bytes");
    blobs.truncate(1);
    let refused = deserialize_object(blobs).unwrap_err();
    assert_eq!(refused.to_string(), "expected 1 buffer, found 0");
}
