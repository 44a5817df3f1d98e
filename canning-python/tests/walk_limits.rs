//! What hostile pickles ask of the reader of values, each with its bytes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helper functions of tests")]

use std::collections::BTreeMap;

use canning_core::{Buffer, CannedObject, ErrorKind, SharedSlice, Value, buffer::Allocation};
use canning_python::{Dialect, Limits, Object, view::View};

/// `PROTO 5`, the program, `STOP`.
fn pickle(program: &[u8], buffers: &[Vec<u8>]) -> Object<'static> {
    pickle_with(program, buffers, Limits::default())
}

fn pickle_with(program: &[u8], buffers: &[Vec<u8>], limits: Limits) -> Object<'static> {
    let header = [b"\x80\x05", program, b"."].concat();
    let buffers = buffers.iter().map(|bytes| Buffer::from(bytes.clone())).collect();
    Object::restore_with(Dialect::Pickle, header.into(), buffers, limits).unwrap()
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x8c, u8::try_from(text.len()).unwrap()];
    bytes.extend(text.as_bytes());
    bytes
}

fn global(module: &str, name: &str) -> Vec<u8> {
    [text(module), text(name), b"\x93".to_vec()].concat()
}

fn int(value: i32) -> Vec<u8> {
    [b"J".as_slice(), &value.to_le_bytes()].concat()
}

fn tuple(items: &[Vec<u8>]) -> Vec<u8> {
    [b"(".to_vec(), items.concat(), b"t".to_vec()].concat()
}

fn ints(values: &[i32]) -> Vec<u8> {
    tuple(&values.iter().map(|value| int(*value)).collect::<Vec<_>>())
}

/// `numpy.ndarray(shape, dtype, buffer, offset, strides)`.
fn ndarray(shape: &[i32], dtype: &str, buffer: &[u8], offset: i32, strides: &[i32]) -> Vec<u8> {
    let args = [ints(shape), text(dtype), buffer.to_vec(), int(offset), ints(strides)];
    [global("numpy", "ndarray"), tuple(&args), b"R".to_vec()].concat()
}

const NEXT_BUFFER: &[u8] = b"\x97";

fn limit(error: &canning_core::Error, what: &str) {
    let ErrorKind::Limit { what: found, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(*found, what, "{error}");
}

#[test]
fn recursion_ends() {
    // `l = []; l.append(l)`
    let object = pickle(b"]q\x00h\x00a", &[]);
    limit(&object.get::<Value, _>().unwrap_err(), "depth");
    // It can be looked at.
    let top = object.item().unwrap();
    let View::List(items) = top.view().unwrap() else { panic!("a list") };
    assert!(items.get(0).unwrap().same_as(top));
    // `d = {}; d[0] = d`
    let object = pickle(b"}q\x00K\x00h\x00s", &[]);
    limit(&object.get::<Value, _>().unwrap_err(), "depth");
    // `t = ([],); t[0].append(t)`
    let object = pickle(b"]q\x00\x85q\x01h\x00h\x01a0", &[]);
    drop(object.get::<Value, _>().unwrap_err());
}

#[test]
fn nesting_ends() {
    let deep = [vec![b']'; 1000], vec![b'a'; 999]].concat();
    limit(&pickle(&deep, &[]).get::<Value, _>().unwrap_err(), "depth");
    let deep = [vec![b'N'], vec![0x85; 1000]].concat();
    limit(&pickle(&deep, &[]).get::<Value, _>().unwrap_err(), "depth");
    type Deep = Option<Option<Option<Box<u8>>>>;
    drop(pickle(&deep, &[]).get::<Deep, _>().unwrap_err());
}

#[test]
fn shared_lists_are_counted_each_time() {
    // Each list holds the one before twice: 2^60 items of 250 bytes.
    let mut program = b"]q\x000".to_vec();
    for level in 0..60 {
        program.extend([b']', b'(', b'h', level, b'h', level, b'e', b'q', level + 1, b'0']);
    }
    program.extend([b'h', 60]);
    let limits = Limits { visits: 10_000, ..Limits::default() };
    let object = pickle_with(&program, &[], limits);
    limit(&object.get::<Value, _>().unwrap_err(), "number of objects met");
}

#[test]
fn shared_text_is_counted_each_time() {
    let mut program = [b"(".to_vec(), text(&"x".repeat(250)), b"q\x00".to_vec()].concat();
    program.extend(b"h\x00".repeat(1000));
    program.push(b'l');
    // `l` is not read: a tuple then.
    *program.last_mut().unwrap() = b't';
    let limits = Limits { expansion: 100_000, ..Limits::default() };
    let object = pickle_with(&program, &[], limits);
    limit(&object.get::<Value, _>().unwrap_err(), "length of what is given out again");
    let object = pickle(&program, &[]);
    let Value::Tuple(items) = object.get().unwrap() else { panic!("a tuple") };
    assert_eq!(items.len(), 1001);
}

#[test]
fn shared_arrays_are_counted_each_time() {
    let array = ndarray(&[1000], "<f8", NEXT_BUFFER, 0, &[8]);
    let program =
        [b"]q\x00(".to_vec(), array, b"q\x01".to_vec(), b"h\x01".repeat(99), b"e".to_vec()];
    let limits = Limits { expansion: 100_000, ..Limits::default() };
    let buffers = [vec![0; 8000]];
    let mut object = pickle_with(&program.concat(), &buffers, limits);
    let what = "length of what is given out again";
    limit(&object.get::<Vec<Vec<f64>>, _>().unwrap_err(), what);
    let error = object.take::<Vec<Vec<f64>>, _>().unwrap_err();
    limit(&error, what);
    assert_eq!(error.buffers_moved(), 0, "what is needed again is not moved");
    assert_eq!(object.buffers()[0].len(), 8000);
    let object = pickle(&program.concat(), &buffers);
    assert_eq!(object.get::<Vec<SharedSlice<f64>>, _>().unwrap().len(), 100);
}

#[test]
fn broadcasts_and_windows_are_bounded() {
    // A terabyte of one byte.
    let array = ndarray(&[1 << 20, 1 << 20], "|u1", NEXT_BUFFER, 0, &[0, 0]);
    let object = pickle(&array, &[vec![7]]);
    let error = object.get::<Vec<Vec<u8>>, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected list, found array");
    let error = object.get::<Vec<[u8; 1 << 20]>, _>().unwrap_err();
    limit(&error, "length of what is given out again");
    // Windows that overlap: 2^40 bytes out of two million.
    let array = ndarray(&[1 << 20, 1 << 20], "|u1", NEXT_BUFFER, 0, &[1, 1]);
    let object = pickle(&array, &[vec![7; 1 << 21]]);
    limit(&object.get::<Value, _>().unwrap_err(), "length of what is given out again");
}

#[test]
fn items_outside_of_their_memory_are_refused() {
    let buffers = [vec![0; 80]];
    for (shape, offset, strides) in [
        (&[10, 2][..], 0, &[8, 8][..]),
        (&[11], 0, &[8]),
        (&[10], 1, &[8]),
        (&[10], 0, &[-8]),
        (&[10], 64, &[-8]),
        (&[2], 0, &[i32::MAX]),
        (&[2], 0, &[i32::MIN]),
        (&[0], 81, &[8]),
    ] {
        let object = pickle(&ndarray(shape, "<f8", NEXT_BUFFER, offset, strides), &buffers);
        let error = object.get::<Value, _>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "impossible array layout: items outside of their memory",
            "{shape:?} {offset} {strides:?}"
        );
        drop(object.view().unwrap_err());
    }
    let object = pickle(&ndarray(&[10], "<f8", NEXT_BUFFER, 72, &[-8]), &buffers);
    assert_eq!(object.get::<Vec<f64>, _>().unwrap(), [0.0; 10]);
    for (shape, strides, text) in [
        (&[1 << 30, 1 << 30, 1 << 30][..], &[0, 0, 0][..], "the shape overflows"),
        (&[10], &[8, 8], "another number of strides than of axes"),
    ] {
        let object = pickle(&ndarray(shape, "<f8", NEXT_BUFFER, 0, strides), &buffers);
        let error = object.get::<Value, _>().unwrap_err();
        assert_eq!(error.to_string(), format!("impossible array layout: {text}"));
    }
    // More axes than there can be: nothing that is known here.
    let object = pickle(&ndarray(&[1; 65], "|u1", NEXT_BUFFER, 0, &[0; 65]), &[vec![0]]);
    assert!(matches!(object.view().unwrap(), View::Opaque(_)));
}

#[test]
fn dtypes_are_bounded() {
    // Each struct has the one before twice: 2^40 fields.
    let dtype = global("numpy", "dtype");
    let mut program = text("<f8");
    for level in 0..40 {
        program.extend([b'q', level, b'0', b']', b'(']);
        for name in ["a", "b"] {
            program.extend([text(name), vec![b'h', level, 0x86]].concat());
        }
        program.push(b'e');
    }
    let program = [dtype, program, b"\x85R".to_vec()].concat();
    let error = pickle(&program, &[]).view().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{error}");
}

#[test]
fn duplicate_keys_are_refused() {
    let program = [b"}(".to_vec(), text("a"), int(1), text("a"), int(2), b"u".to_vec()].concat();
    let object = pickle(&program, &[]);
    let error = object.get::<BTreeMap<String, u8>, _>().unwrap_err();
    assert_eq!(error.to_string(), "{1}: duplicate key");
    assert_eq!(object.get::<Value, _>().unwrap_err().to_string(), "{1}: duplicate key");
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    let object = pickle(&int(300), &[]);
    assert_eq!(object.get::<u8, _>().unwrap_err().to_string(), "integer 300 does not fit u8");
    assert!((object.get::<f64, _>().unwrap() - 300.0).abs() < f64::EPSILON);
    let error = object.get::<bool, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected bool, found integer");
    // 2^53 + 1
    let object = pickle(b"\x8a\x07\x01\0\0\0\0\0\x20", &[]);
    let error = object.get::<f64, _>().unwrap_err();
    assert_eq!(error.to_string(), "integer 9007199254740993 does not fit f64");
    // 1e300
    let object = pickle(&[b"G".as_slice(), &1e300_f64.to_be_bytes()].concat(), &[]);
    assert_eq!(object.get::<f32, _>().unwrap_err().to_string(), "expected f32, found f64");
    let error = object.get::<u8, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected integer, found f64");
    let object = pickle(b"\x88", &[]);
    assert_eq!(object.get::<u8, _>().unwrap_err().to_string(), "expected integer, found bool");
}

#[test]
fn bits_are_checked() {
    let object = pickle(&ndarray(&[2], "|b1", NEXT_BUFFER, 0, &[1]), &[vec![1, 2]]);
    let error = object.get::<Vec<bool>, _>().unwrap_err();
    assert_eq!(error.to_string(), "element 1 is not a valid |b1");
}

#[test]
fn what_is_changed_or_gathered_is_counted() {
    let bytes: Vec<u8> = (0..80).collect();
    for (dtype, shape, offset, strides, copied, expected) in [
        (">u2", 40, 0, 2, 80, 0x0001),
        ("<u2", 20, 2, 4, 40, 0x0302),
        (">u2", 20, 78, -4, 40, 0x4e4f),
    ] {
        let program = ndarray(&[shape], dtype, NEXT_BUFFER, offset, &[strides]);
        let object = pickle(&program, std::slice::from_ref(&bytes));
        let items = object.get::<Vec<u16>, _>().unwrap();
        assert_eq!((items[0], i32::try_from(items.len()).unwrap()), (expected, shape), "{dtype}");
        assert_eq!(object.copied().out_of_band, copied, "{dtype}");
        let error = object.get::<&[u16], _>().unwrap_err();
        let error = error.to_string();
        assert!(error.ends_with("cannot be borrowed: receive it owned"), "{error}");
    }
}

#[test]
fn parts_of_buffers_are_borrowed() {
    let bytes: Vec<u64> = (0..10).collect();
    let header = [b"\x80\x05".to_vec(), ndarray(&[3], "<u8", NEXT_BUFFER, 16, &[8]), b".".to_vec()];
    let buffer = Buffer::from(Allocation::from_vec(bytes));
    let address = buffer.as_slice().unwrap().as_ptr().addr();
    let mut object =
        Object::restore(Dialect::Pickle, header.concat().into(), vec![buffer]).unwrap();
    let view: &[u64] = object.get().unwrap();
    assert_eq!((view, view.as_ptr().addr()), (&[2, 3, 4][..], address + 16));
    assert_eq!(object.take::<Vec<u64>, _>().unwrap(), [2, 3, 4]);
}

#[test]
fn lists_become_arrays() {
    let list = |items: &[Vec<u8>]| [b"](".to_vec(), items.concat(), b"e".to_vec()].concat();
    let row = |start: i32| list(&[int(start), int(start + 1), int(start + 2)]);
    let object = pickle(&list(&[row(1), row(4)]), &[]);
    assert_eq!(object.get::<Vec<[f64; 3]>, _>().unwrap(), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(object.get::<[[u8; 3]; 2], _>().unwrap(), [[1, 2, 3], [4, 5, 6]]);
    assert_eq!(object.get::<Vec<Vec<i64>>, _>().unwrap(), [[1, 2, 3], [4, 5, 6]]);
    let error = object.get::<Vec<[f64; 2]>, _>().unwrap_err();
    assert_eq!(error.to_string(), "[0]: expected length 2, found 3");
    let error = object.get::<&[u8], _>().unwrap_err();
    assert_eq!(error.to_string(), "expected array, found list");
    // An object array of one axis, and a set.
    let object = pickle(b"\x8f(K\x01K\x02\x90", &[]);
    assert_eq!(object.get::<Vec<u8>, _>().unwrap(), [1, 2]);
}
