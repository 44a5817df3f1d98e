//! The cases of ipyparallel's `test_canning.py`, under their names there.
//!
//! They send functions, which are Python's: here each is received from what ipyparallel wrote
//! (`python/make_ports.py`), and looked at. Nothing of it is run.
#![allow(clippy::unwrap_used, reason = "helper functions of tests")]

#[path = "support/ports.rs"]
mod ports;

use std::collections::BTreeMap;

use canning_core::{Buffer, CannedObject, SharedBytes, Value};
use canning_python::{
    ipyparallel::deserialize_object,
    view::{Item, Opaque, View},
};

use ports::{blobs_of, port};

/// What an object keeps under this name.
fn state<'o>(object: &Opaque<'o>, name: &str) -> Item<'o> {
    let View::Dict(state) = object.state().unwrap().view().unwrap() else { panic!() };
    let mut entries = state.iter();
    entries
        .find(|(key, _)| matches!(key.view(), Ok(View::Str(key)) if key == name))
        .map(|(_, value)| value)
        .unwrap()
}

#[test]
fn no_closure_and_keyword_only_arguments() {
    let object = port("keyword_only");
    let View::Function(function) = object.view().unwrap() else { panic!() };
    assert!(matches!(state(&function, "closure").view().unwrap(), View::None));
    assert!(matches!(state(&function, "__name__").view().unwrap(), View::Str("keywords")));
    let View::Dict(defaults) = state(&function, "kwdefaults").view().unwrap() else { panic!() };
    let (key, value) = defaults.get(0).unwrap();
    assert!(matches!((key.view().unwrap(), value.view().unwrap()), (View::Str("b"), View::Int(3))));
}

#[test]
fn closure() {
    let object = port("closure");
    let View::Function(function) = object.view().unwrap() else { panic!() };
    let View::Tuple(cells) = state(&function, "closure").view().unwrap() else { panic!() };
    let View::Opaque(cell) = cells.get(0).unwrap().view().unwrap() else { panic!() };
    let class = cell.class().unwrap().unwrap();
    assert_eq!((class.module(), class.name()), ("ipyparallel.serialize.canning", "CannedCell"));
    assert!(matches!(state(&cell, "cell_contents").view().unwrap(), View::Str("i")));
}

#[test]
fn annotations() {
    let object = port("annotations");
    let View::Function(function) = object.view().unwrap() else { panic!() };
    let View::Dict(annotations) = state(&function, "annotations").view().unwrap() else { panic!() };
    let (name, class) = annotations.get(0).unwrap();
    assert!(matches!(name.view().unwrap(), View::Str("a")));
    assert!(!matches!(class.view().unwrap(), View::None));
}

#[test]
fn can_partial() {
    let object = port("partial");
    let View::Opaque(partial) = object.view().unwrap() else { panic!() };
    assert_eq!(partial.class().unwrap().unwrap().name(), "CannedPartial");
    assert!(matches!(state(&partial, "func").view().unwrap(), View::Function(_)));
    let View::List(args) = state(&partial, "args").view().unwrap() else { panic!() };
    assert!(matches!(args.get(0).unwrap().view().unwrap(), View::Int(2)));
    // It is a value like any other, which can be read and printed.
    let value: Value = object.get().unwrap();
    assert!(value.to_string().starts_with("ipyparallel.serialize.canning.CannedPartial"));
}

#[test]
fn can_partial_buffers() {
    let object = port("partial_with_buffers");
    assert_eq!(object.buffers().len(), 2);
    let View::Opaque(partial) = object.view().unwrap() else { panic!() };
    let View::List(buffers) = state(&partial, "buffers").view().unwrap() else { panic!() };
    let lengths: Vec<usize> = buffers
        .iter()
        .map(|buffer| match buffer.view().unwrap() {
            View::Bytes(memory) | View::ByteArray(memory) | View::MemoryView(memory) => {
                memory.len()
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(lengths, [2000, 3000]);
}

/// Bytes are bytes, whatever memory they arrive in.
#[test]
fn uncan_bytes_buffer() {
    let owned = blobs_of("buffered_bytes");
    let borrowed: Vec<Buffer<'_>> =
        owned.iter().map(|blob| Buffer::borrowed(blob.as_slice().unwrap())).collect();
    let shared = owned
        .iter()
        .map(|blob| SharedBytes::from_allocation(blob.to_allocation(1).unwrap()).into());
    for blobs in [borrowed, shared.collect(), blobs_of("buffered_bytes")] {
        let (object, _) = deserialize_object(blobs).unwrap();
        let dict: BTreeMap<String, Value> = object.get().unwrap();
        assert_eq!(dict["a"], Value::Bytes(vec![b'x'; 1025]));
    }
}
