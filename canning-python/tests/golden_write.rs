//! The bytes that are written, compared with golden ones that real Python has loaded, and the
//! memory that is handed over.
//!
//! The headers are in `tests/golden`; `BLESS=1` writes them anew. Run `cargo xtask python`
//! afterwards: `live_write` loads the same values with real Python.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod support;

use std::{collections::BTreeSet, env, fs, path::PathBuf, sync::Arc};

use canning_core::{Can, Canned, ErrorKind, FieldNames, RecordName, RecordValue, Value};
use canning_python::{CanOptions, Dialect, Object, ipyparallel, pickle};

use support::{
    cases,
    random::Random,
    values::{Inline, Nd, Shape, Untyped, large, map, scalar},
};

#[test]
fn every_case_has_its_golden_header() {
    let bless = env::var_os("BLESS").is_some();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut names = BTreeSet::new();
    let mut different = Vec::new();
    for case in cases::all() {
        assert!(names.insert(case.name), "two cases are called {}", case.name);
        assert!(!case.expected.is_empty(), "Python shows something of {}", case.name);
        for (dialect, ending) in [(Dialect::Pickle, "pickle"), (Dialect::Ipyparallel, "ipp")] {
            let header = case.blobs(&CanOptions::new(dialect)).swap_remove(0);
            // Long ones say no more than short ones.
            if header.len() > 8 << 10 {
                continue;
            }
            let path = folder.join(format!("{}.{ending}", case.name));
            if bless {
                fs::write(path, header).unwrap();
            } else if fs::read(&path).unwrap_or_default() != header {
                different.push(format!("{}: {}", path.display(), header.escape_ascii()));
            }
        }
    }
    assert!(different.is_empty(), "other bytes than\n{}", different.join("\n"));
}

/// What Python makes of random values is for `live_write`.
#[test]
fn random_values_are_written_the_same_each_time() {
    let [mut one, mut other] = [Random::new(7), Random::new(7)];
    for _ in 0..100 {
        let ((one, shown), (other, shown_too)) = (one.value(3), other.value(3));
        assert_eq!(shown, shown_too);
        for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
            let options = CanOptions::new(dialect);
            let blobs = |value| cases::copied(options.can(value).unwrap());
            assert_eq!(blobs(&one), blobs(&other));
        }
    }
}

#[test]
fn buffers_are_the_arrays_own_memory() {
    let address = |object: Object<'_>, index: usize| {
        object.into_blobs()[index + 1].as_slice().unwrap().as_ptr().addr()
    };
    let contiguous = large();
    let memory = contiguous.as_ptr().addr();
    assert_eq!(address(pickle::can(&contiguous).unwrap(), 0), memory);
    assert_eq!(address(ipyparallel::can(&contiguous).unwrap(), 0), memory);
    for axes in [&[1, 0][..], &[-1, -2], &[-2, 0]] {
        let array = Nd::new(large(), &[16, 16], axes);
        let memory = array.items.as_ptr().addr();
        assert_eq!(address(pickle::can(&array).unwrap(), 0), memory);
        assert_eq!(address(ipyparallel::can(&array).unwrap(), 0), memory);
    }
    let deep = (1, vec![Some(large())]);
    let memory = deep.1[0].as_ref().unwrap().as_ptr().addr();
    assert_eq!(address(pickle::can(&deep).unwrap(), 0), memory);
    let shared = Arc::new(large());
    let memory = shared.as_ptr().addr();
    let object = pickle::can_arc(&shared).unwrap();
    drop(shared);
    assert_eq!(address(object, 0), memory);
}

/// Of a dict in the order of the sorted keys, whatever order it was written in.
#[test]
fn buffers_for_ipyparallel_are_in_pythons_order() {
    #[derive(Canned)]
    struct Record {
        zeta: Vec<f64>,
        other: u8,
        alpha: Vec<f64>,
    }
    let record = Record { zeta: large(), other: 1, alpha: large() };
    let blobs = ipyparallel::serialize_object(&record).unwrap();
    let addresses = |blobs: &[canning_core::Buffer<'_>]| {
        blobs[1..].iter().map(|blob| blob.as_slice().unwrap().as_ptr().addr()).collect::<Vec<_>>()
    };
    let expected = [record.alpha.as_ptr().addr(), record.zeta.as_ptr().addr()];
    assert_eq!(addresses(&blobs), expected);
    let blobs = pickle::can(&record).unwrap().into_blobs();
    assert_eq!(addresses(&blobs), [expected[1], expected[0]]);

    let numbers = [-1.5, 3.0, f64::INFINITY, -0.0].map(|key| (Value::F64(key), large()));
    let entries = numbers.map(|(key, array)| (key, Value::of(&array).unwrap()));
    let value = Value::Map(entries.into());
    let Value::Map(entries) = &value else { unreachable!() };
    let expected = [0, 3, 1, 2].map(|index| match &entries[index].1 {
        Value::Array(array) => array.to_raw().unwrap().buffer().as_slice().unwrap().as_ptr().addr(),
        _ => unreachable!(),
    });
    assert_eq!(addresses(&ipyparallel::serialize_object(&value).unwrap()), expected);
}

#[test]
fn arrays_go_out_of_band_where_the_reader_looks_for_them() {
    let buffers = |object: Object<'_>| object.into_blobs().len() - 1;
    let at = |len: usize| vec![1_u8; len];
    for (len, expected) in [(0, 0), (1024, 0), (1025, 1)] {
        assert_eq!(buffers(pickle::can(&at(len)).unwrap()), expected);
        assert_eq!(buffers(ipyparallel::can(&at(len)).unwrap()), expected);
    }
    let many = |len: usize| vec![at(1025); len];
    assert_eq!(buffers(ipyparallel::can(&many(63)).unwrap()), 63);
    assert_eq!(buffers(ipyparallel::can(&many(64)).unwrap()), 0);
    assert_eq!(buffers(pickle::can(&many(64)).unwrap()), 64);
    assert_eq!(buffers(ipyparallel::can(&vec![many(1)]).unwrap()), 0);
    assert_eq!(buffers(ipyparallel::can(&map([(1, at(1025))])).unwrap()), 1);
    assert_eq!(buffers(ipyparallel::can(&Some(Some(at(1025)))).unwrap()), 1);
    let inline = Inline { kept: large(), sent: large() };
    assert_eq!(buffers(pickle::can(&inline).unwrap()), 1);
    assert_eq!(buffers(ipyparallel::can(&inline).unwrap()), 1);
}

#[test]
fn what_python_cannot_hash_is_refused_with_its_path() {
    fn refused<T: Can<V>, V>(value: &T) -> String {
        for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
            let error = CanOptions::new(dialect).can(value).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Unsupported(_)));
        }
        pickle::can(value).unwrap_err().to_string()
    }
    let keyed = |key: Value| Value::Map(vec![(Value::Integer(0), Value::Unit), (key, Value::Unit)]);
    let list = Value::List(vec![]);
    let array = Value::of(&vec![1.0]).unwrap();
    assert_eq!(
        refused(&(1, keyed(list.clone()))),
        "[1]{1}: the format cannot express a list where Python hashes: as a key of a dict, or in a \
         set"
    );
    assert!(refused(&keyed(array.clone())).starts_with("{1}: the format cannot express an array"));
    assert!(
        refused(&keyed(Value::Map(vec![]))).starts_with("{1}: the format cannot express a dict")
    );
    let tuple = Value::Tuple(vec![Value::Unit, Value::Tuple(vec![array])]);
    assert!(refused(&keyed(tuple)).starts_with("{1}[1][0]: the format cannot express an array"));
    assert!(refused(&BTreeSet::from([Shape::Circle(1)])).starts_with("[0]: the format cannot"));
    assert!(refused(&BTreeSet::from([vec!["x".to_owned()]])).starts_with("[0]: the format cannot"));
}

#[test]
fn what_python_cannot_sort_is_refused_only_where_it_would() {
    let mixed = || map([(Some(None), 1), (Some(Some(3)), 2)]);
    pickle::can(&mixed()).unwrap();
    ipyparallel::can(&vec![mixed()]).unwrap();
    let refused = ipyparallel::can(&mixed()).unwrap_err();
    assert!(refused.to_string().starts_with("{1}: the format cannot express a dict at the top"));
    let many: Vec<_> = (0..63).map(|key| (Value::Integer(key), Value::Unit)).collect();
    let text = |text: &str| (Value::Text(text.into()), Value::Unit);
    ipyparallel::can(&Value::Map([many.clone(), vec![text("x")]].concat())).unwrap();
    ipyparallel::can(&Value::Map([many[1..].to_vec(), vec![text("x")]].concat())).unwrap_err();
    let twice = Value::Map(vec![text("x"), text("x")]);
    assert!(matches!(ipyparallel::can(&twice).unwrap_err().kind(), ErrorKind::DuplicateKey));
}

#[test]
fn keys_that_python_takes_for_one_are_refused() {
    let int = Value::Integer;
    let keyed =
        |keys: &[Value]| Value::Map(keys.iter().map(|key| (key.clone(), Value::Unit)).collect());
    let (one, yes) = (Value::F64(1.0), Value::Bool(true));
    let zeros = [Value::F64(0.0), Value::F64(-0.0)];
    for keys in [&[int(1), one.clone()], &[int(1), yes.clone()], &[yes, one], &zeros] {
        for value in [keyed(keys), Value::List(vec![keyed(keys)])] {
            pickle::can(&value).unwrap_err();
            ipyparallel::can(&value).unwrap_err();
        }
    }
    // The halves are equal to none of the others.
    let keys = [int(2), Value::F64(2.5), Value::Bool(true), int(-1), int(i128::MAX)];
    pickle::can(&keyed(&keys)).unwrap();
    // At the top of a message they are compared in any case.
    let keys = [int(2), Value::F64(3.0)];
    ipyparallel::can(&keyed(&keys)).unwrap();
    pickle::can(&keyed(&keys)).unwrap_err();
}

/// A received value could otherwise call any function of Python's.
#[test]
fn classes_that_a_received_value_names_are_refused() {
    let record = |name: &str, fields, values| {
        let name = RecordName { name: name.into(), variant: None, fields };
        Value::Record(Box::new(RecordValue::new(name, values).unwrap()))
    };
    let command = || vec![Value::Text("true".into())];
    let call = record("os.system", FieldNames::Positional(1), command());
    let state = record("a.B", FieldNames::Named(vec!["x".into()]), command());
    let reference = "ipyparallel.serialize.canning.Reference";
    let reference = record(reference, FieldNames::Named(vec!["name".into()]), command());
    for value in [call, state, reference] {
        let value = vec![value];
        let refused = pickle::can(&value).unwrap_err().to_string();
        assert!(refused.starts_with("[0]: the format cannot express an object of a class"));
        CanOptions::new(Dialect::Pickle).received_classes(true).can(&value).unwrap();
    }
    for name in ["a..b", ".b", "b."] {
        let value = record(name, FieldNames::Positional(0), vec![]);
        CanOptions::new(Dialect::Pickle).received_classes(true).can(&value).unwrap_err();
    }
}

#[test]
fn what_has_no_place_in_python_is_refused() {
    let nameless = Untyped::new(&[("", scalar(canning_core::Scalar::U8), &[])], &[1]);
    assert!(matches!(pickle::can(&nameless).unwrap_err().kind(), ErrorKind::Unsupported(_)));
    #[derive(Canned)]
    #[canned(rename = "int")]
    struct NotBytes(u8);
    assert!(matches!(pickle::can(&NotBytes(1)).unwrap_err().kind(), ErrorKind::Unsupported(_)));
}

#[test]
fn apply_messages_take_only_arguments_for_ipyparallel() {
    let function = ipyparallel::Function::new("numpy", "sum");
    let pack = |arg| ipyparallel::pack_apply_message(&function, vec![arg], map::<&str, _, 0>([]));
    let number = 5;
    let blobs = pack(ipyparallel::can(&number).unwrap()).unwrap();
    assert_eq!(cases::bytes(&blobs[0]), b"\x80\x05\x8c\x05numpy\x94\x8c\x03sum\x94\x93\x94.");
    assert_eq!(
        cases::bytes(&blobs[1]),
        b"\x80\x05}(\x8c\x05nargsK\x01\x8c\x09narg_bufsK\x01\x8c\x07kw_keys](eu."
    );
    pack(pickle::can(&number).unwrap()).unwrap_err();
}
