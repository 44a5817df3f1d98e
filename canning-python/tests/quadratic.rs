//! What many objects share is not looked at for each of them: four times as many, and four times as
//! much of it, take four times as long, not sixteen.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "helpers of tests")]

#[path = "support/program.rs"]
mod program;

use std::time::{Duration, Instant};

use canning_core::Buffer;
use canning_python::{
    Dialect, Limits, Object, buffer_aligns, ipyparallel::unpack_apply_message, view::View,
};
use program::{call, fields, get, global, int, keep, list, repeated, text, tuple};

/// Reads what `make` makes of `n` and of `4 * n`, each several times, and compares the shortest
/// times.
#[track_caller]
fn is_in_proportion(n: usize, make: impl Fn(usize) -> Vec<u8>, read: impl Fn(&[u8])) {
    let shortest = |n| {
        let header = make(n);
        let times = (0..5).map(|_| {
            let start = Instant::now();
            read(&header);
            start.elapsed()
        });
        times.min().unwrap_or(Duration::MAX)
    };
    let (small, large) = (shortest(n), shortest(4 * n));
    assert!(large < 10 * small, "{n} take {small:?}, {} take {large:?}", 4 * n);
}

fn restored(header: &[u8], dialect: Dialect) -> Object<'_> {
    let buffers = if header.contains(&0x97) { vec![Buffer::borrowed(&[])] } else { vec![] };
    Object::restore_with(dialect, Buffer::borrowed(header), buffers, Limits::default()).unwrap()
}

/// Looks at each item of a tuple.
fn look(header: &[u8]) {
    let object = restored(header, Dialect::Pickle);
    let View::Tuple(items) = object.view().unwrap() else { panic!("a tuple") };
    items.iter().for_each(|item| drop(item.view().unwrap()));
}

/// `count` calls of a function, each with what `shared` is among its arguments.
fn calls(function: &[u8], shared: &[u8], args: &[Vec<u8>], count: usize) -> Vec<u8> {
    let call = call(&get(0), &tuple(args));
    repeated(&[keep(0, function), keep(1, shared)], &call, count)
}

fn long(n: usize) -> Vec<u8> {
    text(&"x".repeat(n))
}

#[test]
fn attributes_of_canned_objects_are_few() {
    let make = |n| {
        let class = global("ipyparallel.serialize.canning", "CannedArray");
        let dict = [b"}(".to_vec(), b"NN".repeat(n), b"u".to_vec()].concat();
        repeated(&[keep(0, &class), keep(1, &dict)], b"h\0)\x81h\x01b", n)
    };
    is_in_proportion(1000, make, |header| drop(restored(header, Dialect::Ipyparallel)));
}

#[test]
fn pairs_of_an_ordered_dict_are_checked_once() {
    let make = |n| {
        let pairs = list(&[b"NN\x86".repeat(n)]);
        calls(&global("collections", "OrderedDict"), &pairs, &[get(1)], n)
    };
    is_in_proportion(1000, make, look);
}

#[test]
fn a_table_of_arguments_is_not_viewed() {
    let make = |n: usize| {
        let keys = [b"h\0N".repeat(n), text("nargs"), int(0), text("narg_bufs"), int(0)].concat();
        let names = [text("kw_keys"), b"]".to_vec()].concat();
        [&keep(0, &long(64 * n))[..], b"}(", &keys, &names, b"u."].concat()
    };
    is_in_proportion(1000, make, |table| {
        let blobs = vec![Buffer::borrowed(b"cm\nf\n."), Buffer::borrowed(table)];
        drop(unpack_apply_message(blobs).unwrap());
    });
}

#[test]
fn text_that_is_ascii_is_encoded_once() {
    let make = |n| {
        let args = tuple(&[long(64 * n), text("latin1")]);
        let encoded = call(&get(0), &get(1));
        repeated(&[keep(0, &global("_codecs", "encode")), keep(1, &args)], &encoded, n)
    };
    is_in_proportion(2000, make, |header| drop(restored(header, Dialect::Pickle)));
}

#[test]
fn arguments_of_arrays_are_looked_at_once() {
    let ndarray = global("numpy", "ndarray");
    let (shape, of, memory) = (tuple(&[int(0)]), text("u1"), b"C\0".to_vec());
    // Strides without end.
    let strides = |n| {
        let args = [shape.clone(), of.clone(), memory.clone(), int(0), get(1)];
        calls(&ndarray, &tuple(&vec![b"K\0".to_vec(); n]), &args, n)
    };
    is_in_proportion(1000, strides, look);
    // Arguments without end.
    let args = |n| {
        let args = tuple(&vec![b"N".to_vec(); n]);
        repeated(&[keep(0, &ndarray), keep(1, &args)], b"h\0h\x01R", n)
    };
    is_in_proportion(8000, args, look);
    // A long dtype, a long order.
    let dtype = |n| calls(&ndarray, &long(64 * n), &[shape.clone(), get(1), memory.clone()], n);
    is_in_proportion(1000, dtype, look);
    let order = |n| {
        let args =
            [&[shape.clone(), of.clone(), memory.clone(), int(0)][..], &[b"N".to_vec(), get(1)]];
        calls(&ndarray, &long(64 * n), &args.concat(), n)
    };
    is_in_proportion(1000, order, look);
}

#[test]
fn a_dtype_is_converted_once() {
    let dtype = |n| call(&global("numpy", "dtype"), &tuple(&[fields(n)]));
    let arrays = |n| {
        let args = [tuple(&[int(0)]), get(1), get(2)];
        let before = [keep(0, &global("numpy", "ndarray")), keep(1, &dtype(n)), keep(2, b"\x97")];
        repeated(&before, &call(&get(0), &tuple(&args)), n)
    };
    is_in_proportion(200, arrays, |header| {
        assert_eq!(buffer_aligns(Dialect::Pickle, header).unwrap(), [1]);
    });
    is_in_proportion(200, arrays, look);
    // The mask of a masked array has as many fields.
    let masked = |n| {
        let class = global("numpy.ma", "MaskedArray");
        let state = tuple(&[
            int(1),
            tuple(&[int(0)]),
            get(1),
            b"\x89".to_vec(),
            b"C\0".to_vec(),
            b"C\0".to_vec(),
            b"N".to_vec(),
        ]);
        let made = call(&get(0), &tuple(&[get(3), b"NNN".to_vec()]));
        let before = [
            keep(0, &global("numpy.ma.core", "_mareconstruct")),
            keep(1, &dtype(n)),
            keep(3, &class),
        ];
        repeated(&before, &[made, state, b"b".to_vec()].concat(), n)
    };
    is_in_proportion(200, masked, |header| {
        look(header);
        let object = restored(header, Dialect::Pickle);
        let View::Tuple(items) = object.view().unwrap() else { panic!("a tuple") };
        assert!(matches!(items.get(0).unwrap().view().unwrap(), View::Subclass(_)));
    });
}
