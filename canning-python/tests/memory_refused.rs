//! Memory that is not there: each piece that an array takes is refused once, and each time an error
//! comes out instead of the end of the process, and the next attempt works.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

#[path = "../../canning-wire/tests/support/refusing.rs"]
#[expect(unreachable_pub, reason = "shared with other crates' tests")]
mod refusing;

use canning_core::{
    Buffer, CannedObject, ErrorKind, Result, SharedSlice, Value, buffer::Allocation,
};
use canning_python::{Dialect, Object};
use refusing::{LARGE, Refusing, refuse};

#[global_allocator]
static REFUSING: Refusing = Refusing;

/// As many numbers as make an array large.
const MANY: usize = LARGE;

/// Refuses one large allocation after the other until none is left; each must be an error. Says how
/// many they were.
#[track_caller]
fn refuse_each(what: &str, run: impl Fn() -> Result<()>) -> usize {
    for number in 0..100 {
        match refuse(number, &run) {
            (Ok(()), false) => return number,
            (Err(error), true) => {
                let is_it = matches!(error.kind(), ErrorKind::OutOfMemory { .. });
                assert!(is_it, "{what}: {number}: {error}");
            }
            (result, _) => panic!("{what}: {number}: {result:?}"),
        }
        run().expect("the next one works");
    }
    panic!("{what}: there is no end");
}

/// `numpy.ndarray(shape, dtype, data, 0, strides)` of one axis.
fn array(len: usize, dtype: &str, data: &[u8], stride: i32) -> Vec<u8> {
    let int = |value: i32| [&b"J"[..], &value.to_le_bytes()].concat();
    let dtype = [&[0x8c, u8::try_from(dtype.len()).unwrap()], dtype.as_bytes()].concat();
    [
        &b"\x80\x05cnumpy\nndarray\n("[..],
        &int(len.try_into().unwrap()),
        b"\x85",
        &dtype,
        data,
        b"K\0",
        &int(stride),
        b"\x85tR.",
    ]
    .concat()
}

fn bytes_in_header(bytes: &[u8]) -> Vec<u8> {
    [&b"B"[..], &u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat()
}

const NEXT_BUFFER: &[u8] = b"\x97";

#[test]
fn arrays() {
    let bytes: Vec<u8> = (0..=250).cycle().take(8 * MANY).collect();
    let in_header = bytes_in_header(&bytes);
    for (what, header) in [
        ("as it lies", array(MANY, "<f8", NEXT_BUFFER, 8)),
        ("of another order of bytes", array(MANY, ">f8", NEXT_BUFFER, 8)),
        ("with gaps", array(MANY / 2, "<f8", NEXT_BUFFER, 16)),
        ("in the header", array(MANY, "<f8", &in_header, 8)),
        ("in the header, of another order", array(MANY, ">f8", &in_header, 8)),
    ] {
        let is_in_header = header.len() > 8 * MANY;
        let restore = || {
            let buffers = if is_in_header { vec![] } else { vec![Buffer::borrowed(&bytes)] };
            Object::restore(Dialect::Pickle, Buffer::borrowed(&header), buffers).unwrap()
        };
        let object = restore();
        let typed = refuse_each(what, || object.get::<Vec<f64>, _>().map(drop));
        let shared = refuse_each(what, || object.get::<SharedSlice<f64>, _>().map(drop));
        let any = refuse_each(what, || object.get::<Value, _>().map(drop));
        assert!(typed > 0 && shared > 0 && any > 0, "{what}: {typed}, {shared}, {any}");
    }
}

#[test]
fn arrays_that_are_taken() {
    let bytes = vec![1_u8; 8 * MANY];
    let header = array(MANY, "<f8", NEXT_BUFFER, 8);
    // Aligned to bytes, so that no `Vec` of numbers can take it over.
    let restore = || {
        let mut memory = Allocation::zeroed(bytes.len(), 1)?;
        memory.as_mut_slice().copy_from_slice(&bytes);
        Object::restore(Dialect::Pickle, Buffer::borrowed(&header), vec![memory.into()])
    };
    let taken = refuse_each("taken", || restore()?.take::<Vec<f64>, _>().map(drop));
    assert!(taken >= 2, "the buffer and the array: {taken}");
}

#[test]
fn arrays_that_are_made_independent() {
    let bytes = vec![1_u8; 8 * MANY];
    let header = array(MANY, "<f8", NEXT_BUFFER, 8);
    let owned = refuse_each("made independent", || {
        let buffers = vec![Buffer::borrowed(&bytes)];
        let object = Object::restore(Dialect::Pickle, Buffer::borrowed(&header), buffers)?;
        object.into_owned().map(drop)
    });
    assert!(owned > 0);
}

#[test]
fn bytes_that_are_received_as_arrays() {
    let header = [&b"\x80\x05"[..], &bytes_in_header(&vec![7; MANY]), b"."].concat();
    let object = Object::restore(Dialect::Pickle, Buffer::borrowed(&header), vec![]).unwrap();
    assert!(refuse_each("bytes", || object.get::<Vec<u8>, _>().map(drop)) > 0);
    assert!(refuse_each("bytes", || object.get::<Value, _>().map(drop)) > 0);
}
