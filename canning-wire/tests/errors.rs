//! What a user reads when types do not match; and that a failure leaves nothing behind.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use canning_core::{
    Can, Canned, CannedObject, Copied, Error, ErrorKind, Result, SharedSlice, Uncan, Value,
    visitor::Canner,
};
use canning_wire::{CanOptions, Message, Object, can};
use support::{assemble::Header, bytes};

/// The text of the error when `value` is received as a `T`, out of band and in band.
fn refused<T: for<'b> Uncan<'b, V>, V, A: Can<W>, W>(value: &A) -> String {
    let text = |threshold: usize| {
        let options = CanOptions::new().inline_threshold(threshold);
        let object = bytes::restored(&options.can(value).unwrap()).unwrap();
        object.get::<T, V>().map(drop).unwrap_err().to_string()
    };
    let (out_of_band, in_band) = (text(0), text(usize::MAX));
    assert_eq!(out_of_band, in_band);
    in_band
}

#[derive(Canned)]
struct Run<T> {
    name: String,
    frames: Vec<Frame<T>>,
}

#[derive(Clone, Canned)]
struct Frame<T> {
    positions: T,
}

fn run<T: Clone>(positions: T) -> Run<T> {
    Run { name: "a run".to_owned(), frames: vec![Frame { positions }; 4] }
}

#[test]
fn wrong_dtype_is_named_with_its_path() {
    let text = refused::<Run<Vec<f64>>, _, _, _>(&run(vec![1.0_f32; 8]));
    assert_eq!(text, "frames[0].positions: expected <f8, found <f4");
    let frames = vec![(1, vec![1_i64]), (2, vec![2])];
    let text = refused::<Vec<(i32, Vec<u64>)>, _, _, _>(&frames);
    assert_eq!(text, "[0][1]: expected <u8, found <i8");
    let text = refused::<BTreeMap<String, Vec<bool>>, _, _, _>(&HashMap::from([(
        "a".to_owned(),
        vec![1_u8],
    )]));
    assert_eq!(text, "{0}: expected |b1, found |u1");
}

#[test]
fn wrong_shape_is_named_with_its_path() {
    let text = refused::<Run<Vec<[f64; 3]>>, _, _, _>(&run(vec![[1.0_f64; 2]]));
    assert_eq!(text, "frames[0].positions: expected length 3, found 2");
    let text = refused::<[f64; 3], _, _, _>(&vec![1.0_f64; 2]);
    assert_eq!(text, "expected length 3, found 2");
    let text = refused::<Run<Vec<f64>>, _, _, _>(&run(vec![[1.0_f64; 2]]));
    assert_eq!(text, "frames[0].positions: expected 1 axis, found 2");
    let text = refused::<Run<[u8; 3]>, _, _, _>(&run([1_u8; 4]));
    assert_eq!(text, "frames[0].positions: expected length 3, found 4");
    let text = refused::<Run<(i32, i32)>, _, _, _>(&run((1, 2, 3)));
    assert_eq!(text, "frames[0].positions: expected length 2, found 3");
}

#[test]
fn wrong_kind_is_named_with_its_path() {
    let kinds = [
        (refused::<Run<String>, _, _, _>(&run(5)), "expected text, found integer"),
        (refused::<Run<i32>, _, _, _>(&run("5")), "expected integer, found text"),
        (refused::<Run<bool>, _, _, _>(&run(())), "expected bool, found unit"),
        (refused::<Run<f64>, _, _, _>(&run(1.0_f32)), "expected f64, found f32"),
        (refused::<Run<f32>, _, _, _>(&run(1)), "expected f32, found integer"),
        (refused::<Run<()>, _, _, _>(&run((1,))), "expected unit, found tuple"),
        (refused::<Run<Vec<String>>, _, _, _>(&run(vec![1])), "expected list, found array"),
        (refused::<Run<Vec<f64>>, _, _, _>(&run(vec!["a"])), "expected array, found list"),
        (refused::<Run<(i32,)>, _, _, _>(&run(vec!["a"])), "expected tuple, found list"),
        (refused::<Run<i32>, _, _, _>(&run(None::<i32>)), "expected integer, found none"),
        (
            refused::<Run<Option<i32>>, _, _, _>(&run(Some(None::<i32>))),
            "expected integer, found none",
        ),
        (refused::<Run<i32>, _, _, _>(&run(Some(None::<i32>))), "expected integer, found some"),
        (refused::<Run<BTreeMap<i32, i32>>, _, _, _>(&run(1)), "expected map, found integer"),
        (refused::<Run<Frame<i32>>, _, _, _>(&run(1)), "expected record, found integer"),
        (refused::<Run<Frame<i32>>, _, _, _>(&run(Shape::Empty)), "expected record, found variant"),
        (
            refused::<Run<Shape>, _, _, _>(&run(Frame { positions: 1 })),
            "expected variant, found record",
        ),
    ];
    for (found, expected) in kinds {
        assert_eq!(found, format!("frames[0].positions: {expected}"));
    }
}

#[test]
fn integers_that_do_not_fit_are_named() {
    let text =
        |value: i128| [refused::<(u8,), _, _, _>(&(value,)), refused::<(i16,), _, _, _>(&(value,))];
    assert_eq!(
        text(-1 << 20),
        ["[0]: integer -1048576 does not fit u64", "[0]: integer -1048576 does not fit i16"]
    );
    assert_eq!(text(1 << 100)[0], "[0]: integer 1267650600228229401496703205376 does not fit u64");
    assert_eq!(refused::<u8, _, _, _>(&256), "integer 256 does not fit u8");
    assert_eq!(refused::<i64, _, _, _>(&u64::MAX), "integer 18446744073709551615 does not fit i64");
}

#[derive(Clone, Debug, PartialEq, Canned)]
#[canned(deny_unknown_fields)]
enum Shape {
    Empty,
    Circle { radius: f64 },
}

#[derive(Canned)]
#[canned(rename = "Shape")]
enum Newer {
    Square(f64),
    Circle { radius: f64, centre: Vec<f64> },
}

#[test]
fn variants_are_named_with_their_path() {
    let text = refused::<Vec<Shape>, _, _, _>(&vec![Newer::Square(1.0)]);
    assert_eq!(text, "[0]: enum `Shape` has no variant `Square`");
    let circle = Newer::Circle { radius: 1.0, centre: vec![0.0] };
    let text = refused::<Vec<Shape>, _, _, _>(&vec![circle]);
    assert_eq!(text, "[0]: unknown field `centre`");
    let text = refused::<Vec<Newer>, _, _, _>(&vec![Shape::Circle { radius: 1.0 }]);
    assert_eq!(text, "[0]: missing field `centre`");
    let text = refused::<Shape, _, _, _>(&Ok::<i32, i32>(1));
    assert_eq!(text, "expected record `Shape`, found `Result`");
}

#[derive(Debug, PartialEq, Canned)]
#[canned(deny_unknown_fields)]
struct Old {
    id: u32,
    mass: f64,
    note: String,
}

#[derive(Debug, PartialEq, Canned)]
#[canned(rename = "Old")]
struct Reordered {
    note: String,
    id: u32,
    mass: f64,
}

#[derive(Debug, PartialEq, Canned)]
#[canned(rename = "Old")]
struct Gained {
    id: u32,
    mass: f64,
    note: String,
    #[canned(default)]
    spin: Option<f64>,
}

#[derive(Debug, PartialEq, Canned)]
#[canned(rename = "Old")]
struct Fewer {
    id: u32,
}

#[derive(Debug, PartialEq, Canned)]
#[canned(rename = "Old")]
struct Demanding {
    id: u32,
    mass: f64,
    note: String,
    spin: f64,
}

fn old() -> Old {
    Old { id: 1, mass: 2.0, note: "three".to_owned() }
}

#[test]
fn fields_are_matched_by_name() {
    let old_value = old();
    let object = can(&old_value).unwrap();
    let reordered: Reordered = object.get().unwrap();
    assert_eq!((reordered.id, reordered.note.as_str()), (1, "three"));
    let gained: Gained = object.get().unwrap();
    assert_eq!((gained.mass, gained.spin), (2.0, None));
    assert_eq!(refused::<(Demanding,), _, _, _>(&(old(),)), "[0]: missing field `spin`");
    let fewer: Fewer = object.get().unwrap();
    assert_eq!(fewer.id, 1);
    let demanding = Demanding { id: 1, mass: 2.0, note: String::new(), spin: 0.5 };
    assert_eq!(refused::<(Old,), _, _, _>(&(demanding,)), "[0]: unknown field `spin`");
    assert_eq!(refused::<Old, _, _, _>(&run(1)), "expected record `Old`, found `Run`");
}

#[test]
fn record_with_equal_fields_cannot_be_sent() {
    let name = canning_core::RecordName {
        name: "R".into(),
        variant: None,
        fields: canning_core::FieldNames::Named(vec!["x".into(), "y".into(), "x".into()]),
    };
    let fields = vec![Value::None, Value::None, Value::None];
    let record = canning_core::RecordValue::new(name, fields).unwrap();
    let refused = can(&Value::from(record)).map(drop).unwrap_err();
    assert_eq!(refused.to_string(), "duplicate field `x`");
}

#[test]
fn equal_keys_and_items_are_named() {
    let object =
        |body: &str| Object::restore(Header::of_body(body).build().into(), vec![]).unwrap();
    let map = object("82 00 a3 61 61 01 61 62 02 61 61 03");
    let text = |error: Error| error.to_string();
    let expected = "[0]{2}: duplicate key";
    assert_eq!(map.get::<Vec<BTreeMap<String, i32>>, _>().map_err(text).unwrap_err(), expected);
    assert_eq!(map.get::<Vec<HashMap<String, i32>>, _>().map_err(text).unwrap_err(), expected);
    assert_eq!(map.get::<Value, _>().map_err(text).unwrap_err(), expected);
    let set = object("83 00 61 61 61 61");
    assert_eq!(set.get::<BTreeSet<String>, _>().map_err(text).unwrap_err(), "[1]: duplicate key");
}

#[test]
fn borrowing_what_cannot_be_borrowed_says_why() {
    let object = can("in band").unwrap();
    assert_eq!(object.get::<&str, _>().unwrap(), "in band");
    let value = vec![1.0_f64, 2.0];
    let options = CanOptions::new().inline_threshold(0);
    let (header, mut buffers) = bytes::parts(&options.can(&value).unwrap());
    let mut misaligned = vec![0; 1];
    misaligned.append(&mut buffers[0]);
    let shared = canning_core::SharedBytes::from_vec(misaligned);
    let buffer = shared.get(1..17).unwrap();
    let object = Object::restore(header.into(), vec![buffer.into()]).unwrap();
    let refused = object.get::<&[f64], _>().unwrap_err();
    assert_eq!(refused.to_string(), "memory to borrow is not aligned to 8 bytes");
    let shared: SharedSlice<f64> = object.get().unwrap();
    assert_eq!(*shared, [1.0, 2.0]);
    assert_eq!(object.copied().out_of_band, 16, "a copy is counted");
}

/// Cans two arrays, and fails where it should be whole.
struct Fails(Vec<f64>);

impl Can for Fails {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_tuple(3)?;
        self.0.can(canner)?;
        Err(Error::custom("the third part is missing"))
    }
}

#[test]
fn failed_can_leaves_the_message_as_it_was() {
    let (value, fails) = (vec![1.0_f64; 2048], Fails(vec![2.0; 2048]));
    let mut message = Message::new();
    message.add(&value).unwrap();
    let before = bytes::parts(message.objects().first().unwrap());
    let refused = message.add(&fails).map(drop).unwrap_err();
    assert_eq!(refused.to_string(), "the third part is missing");
    message.add(&5).unwrap();
    assert_eq!(message.objects().len(), 2);
    assert_eq!(bytes::parts(message.objects().first().unwrap()), before);
    let blobs = message.into_blobs().unwrap();
    assert_eq!(blobs.len(), 3);
    let mut back = Message::from_blobs(blobs).unwrap().into_objects().into_iter();
    assert_eq!(back.next().unwrap().get::<Vec<f64>, _>().unwrap(), value);
    assert_eq!(back.next().unwrap().get::<i32, _>().unwrap(), 5);
}

fn three() -> Object<'static> {
    let value = (vec![1.0_f64; 10], vec![2_u16; 10], vec!["three".to_owned()]);
    let options = CanOptions::new().inline_threshold(0);
    bytes::restored(&options.can(&value).unwrap()).unwrap()
}

#[test]
fn failed_get_has_no_effect() {
    let object = three();
    let before = bytes::parts(&object);
    assert!(object.get::<(Vec<f64>, Vec<u16>, Vec<i32>), _>().is_err());
    assert_eq!(object.copied(), Copied::default());
    assert_eq!(bytes::parts(&object), before);
    assert!(object.get::<(Vec<f64>, Vec<u16>, Vec<String>), _>().is_ok());
}

#[test]
fn failed_take_says_what_it_moved_and_keeps_the_rest() {
    let mut object = three();
    let addresses: Vec<*const u8> =
        (object.buffers().iter()).map(|buffer| buffer.as_slice().unwrap().as_ptr()).collect();
    let error = object.take::<(Vec<f64>, Vec<u32>, Vec<String>), _>().unwrap_err();
    assert_eq!(error.to_string(), "[1]: expected <u4, found <u2");
    assert_eq!(error.buffers_moved(), 2);

    // The third is still where it was; those that were moved are gone, and it says so.
    let left: Vec<usize> = object.buffers().iter().map(canning_core::Buffer::len).collect();
    assert_eq!(left, [0, 0, 5]);
    let third = object.buffers().last().unwrap().as_slice().unwrap();
    assert_eq!((third, third.as_ptr()), (&b"three"[..], addresses[2]));
    for error in [object.get::<Value, _>().unwrap_err(), object.take::<Value, _>().unwrap_err()] {
        assert_eq!(error.to_string().trim_start_matches("[0]: "), "buffer 0 was already taken");
        assert!(matches!(error.kind(), ErrorKind::BufferTaken { index: 0 }));
    }
    let (_, buffers) = object.into_parts();
    let third = buffers.into_iter().next_back().unwrap();
    let text = third.try_into_allocation().unwrap();
    assert_eq!(text.as_slice(), b"three");
}

#[test]
fn take_that_fails_at_once_moves_nothing() {
    let mut object = three();
    let before = bytes::parts(&object);
    let error = object.take::<String, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected text, found tuple");
    assert_eq!(error.buffers_moved(), 0);
    assert_eq!(bytes::parts(&object), before);
    assert!(object.take::<(Vec<f64>, Vec<u16>, Vec<String>), _>().is_ok());
}

#[test]
fn other_objects_of_a_message_are_not_affected() {
    let value = vec![1.0_f64; 2048];
    let mut message = Message::new();
    message.add(&value).unwrap().add(&value).unwrap();
    let mut frame = Vec::new();
    canning_wire::write_message(&mut frame, &message).unwrap();
    let received = canning_wire::read_message(&mut frame.as_slice(), &Default::default());
    let mut received = received.unwrap().unwrap();
    let [first, second] = received.objects_mut() else { panic!("two objects") };
    assert!(first.take::<Vec<u8>, _>().is_err());
    assert_eq!(second.take::<Vec<f64>, _>().unwrap(), value);
}
