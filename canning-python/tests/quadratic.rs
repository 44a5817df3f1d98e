//! What many objects share is not looked at for each of them: many objects that share much take as
//! long as many that share little, and one that has much.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "helpers of tests")]

#[path = "support/program.rs"]
mod program;

use std::time::{Duration, Instant};

use canning_core::Buffer;
use canning_python::{
    Dialect, Limits, Object, buffer_aligns, ipyparallel::unpack_apply_message, view::View,
};
use program::{call, fields, get, global, int, keep, list, repeated, text, tuple};

/// Reads what `make` makes of `count` objects that share what is of some size, and compares the
/// times. A machine that does other things may disturb some of the readings.
#[track_caller]
fn is_looked_at_once(
    (count, size): (usize, usize),
    make: impl Fn(usize, usize) -> Vec<u8>,
    read: impl Fn(&[u8]),
) {
    let headers = [make(count, size), make(count, 1), make(1, size)];
    let mut shortest = [Duration::MAX; 3];
    for _ in 0..10 {
        for (header, shortest) in headers.iter().zip(&mut shortest) {
            let start = Instant::now();
            read(header);
            *shortest = start.elapsed().min(*shortest);
        }
        let [both, many, much] = shortest;
        if both < 4 * (many + much) {
            return;
        }
    }
    panic!("{count} that share {size}, {count} that share little, one: {shortest:?}");
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
    let make = |count, size| {
        let class = global("ipyparallel.serialize.canning", "CannedArray");
        let dict = [b"}(".to_vec(), b"NN".repeat(size), b"u".to_vec()].concat();
        repeated(&[keep(0, &class), keep(1, &dict)], b"h\0)\x81h\x01b", count)
    };
    let read = |header: &[u8]| drop(restored(header, Dialect::Ipyparallel));
    is_looked_at_once((2000, 2000), make, read);
}

#[test]
fn pairs_of_an_ordered_dict_are_checked_once() {
    let make = |count, size| {
        let pairs = list(&[b"NN\x86".repeat(size)]);
        calls(&global("collections", "OrderedDict"), &pairs, &[get(1)], count)
    };
    is_looked_at_once((2000, 2000), make, look);
}

#[test]
fn a_table_of_arguments_is_not_viewed() {
    let make = |count, size| {
        let keys = [b"h\0N".repeat(count), text("nargs"), int(0), text("narg_bufs"), int(0)];
        let names = [text("kw_keys"), b"]".to_vec()].concat();
        [&keep(0, &long(size))[..], b"}(", &keys.concat(), &names, b"u."].concat()
    };
    is_looked_at_once((2000, 1 << 18), make, |table| {
        let blobs = vec![Buffer::borrowed(b"cm\nf\n."), Buffer::borrowed(table)];
        drop(unpack_apply_message(blobs).unwrap());
    });
}

#[test]
fn text_that_is_ascii_is_encoded_once() {
    let make = |count, size| {
        let args = tuple(&[long(size), text("latin1")]);
        let encoded = call(&get(0), &get(1));
        repeated(&[keep(0, &global("_codecs", "encode")), keep(1, &args)], &encoded, count)
    };
    let read = |header: &[u8]| drop(restored(header, Dialect::Pickle));
    is_looked_at_once((4000, 1 << 17), make, read);
}

#[test]
fn arguments_of_arrays_are_looked_at_once() {
    let ndarray = global("numpy", "ndarray");
    let (shape, of, memory) = (tuple(&[int(0)]), text("u1"), b"C\0".to_vec());
    // Strides without end.
    let strides = |count, size| {
        let args = [shape.clone(), of.clone(), memory.clone(), int(0), get(1)];
        calls(&ndarray, &tuple(&vec![b"K\0".to_vec(); size]), &args, count)
    };
    is_looked_at_once((1000, 4000), strides, look);
    // Arguments without end.
    let args = |count, size| {
        let args = tuple(&vec![b"N".to_vec(); size]);
        repeated(&[keep(0, &ndarray), keep(1, &args)], b"h\0h\x01R", count)
    };
    is_looked_at_once((1000, 200_000), args, look);
    // A long dtype, a long order.
    let dtype =
        |count, size| calls(&ndarray, &long(size), &[shape.clone(), get(1), memory.clone()], count);
    is_looked_at_once((1000, 1 << 20), dtype, look);
    let order = |count, size| {
        let args = [shape.clone(), of.clone(), memory.clone(), int(0), b"N".to_vec(), get(1)];
        calls(&ndarray, &long(size), &args, count)
    };
    is_looked_at_once((1000, 1 << 20), order, look);
}

#[test]
fn a_dtype_is_converted_once() {
    let dtype = |size| call(&global("numpy", "dtype"), &tuple(&[fields(size)]));
    let arrays = |count, size| {
        let args = [tuple(&[int(0)]), get(1), get(2)];
        let before =
            [keep(0, &global("numpy", "ndarray")), keep(1, &dtype(size)), keep(2, b"\x97")];
        repeated(&before, &call(&get(0), &tuple(&args)), count)
    };
    is_looked_at_once((500, 500), arrays, |header| {
        assert_eq!(buffer_aligns(Dialect::Pickle, header).unwrap(), [1]);
    });
    is_looked_at_once((500, 500), arrays, look);
    // The mask of a masked array has as many fields.
    let masked = |count, size| {
        let class = global("numpy.ma", "MaskedArray");
        let (empty, bytes) = (tuple(&[int(0)]), b"C\0".to_vec());
        let no_order = b"\x89".to_vec();
        let state = [int(1), empty, get(1), no_order, bytes.clone(), bytes, b"N".to_vec()];
        let made = call(&get(0), &tuple(&[get(3), b"NNN".to_vec()]));
        let before = [
            keep(0, &global("numpy.ma.core", "_mareconstruct")),
            keep(1, &dtype(size)),
            keep(3, &class),
        ];
        repeated(&before, &[made, tuple(&state), b"b".to_vec()].concat(), count)
    };
    is_looked_at_once((500, 500), masked, |header| {
        let object = restored(header, Dialect::Pickle);
        let View::Tuple(items) = object.view().unwrap() else { panic!("a tuple") };
        let is_masked = |view| matches!(view, View::Subclass(array) if array.mask().is_some());
        assert!(items.iter().all(|item| is_masked(item.view().unwrap())));
    });
}
