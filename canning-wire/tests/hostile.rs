//! Bytes from strangers: whatever they are, an error or a value comes out, never a panic.

#![expect(clippy::indexing_slicing, reason = "helpers of tests panic as tests do")]

mod support;

use std::collections::{BTreeMap, HashMap};

use canning_core::{Canned, CannedObject, SharedSlice, Value};
use canning_wire::{Blobs, CanOptions, Limits, Message, Object, read_message, write_message};
use proptest::{collection::vec, prelude::*};
use support::{
    assemble::Header,
    bytes, generate,
    invalid::{self, skip},
    invalid_frames,
    reader::read_object,
    valid,
};

/// Holds something of every kind, so that every vector fits somewhere in it.
#[derive(Debug, Canned)]
#[canned(default)]
#[derive(Default)]
struct Point {
    x: i32,
    y: Option<Vec<f64>>,
    rest: HashMap<String, Vec<Option<Option<u8>>>>,
}

#[derive(Debug, Canned)]
enum Shape {
    Empty,
    Circle(f64),
    Segment { from: Point, to: Point },
}

/// Reads an object in many ways; says whether it is any value.
fn read_in_every_way(object: &mut Object<'_>) -> bool {
    drop(object.get::<i128, _>());
    drop(object.get::<Option<Option<u64>>, _>());
    drop(object.get::<String, _>());
    drop(object.get::<&[f64], _>());
    drop(object.get::<SharedSlice<u16>, _>());
    drop(object.get::<Vec<[f32; 2]>, _>());
    drop(object.get::<Vec<bool>, _>());
    drop(object.get::<Vec<char>, _>());
    drop(object.get::<Vec<Option<Option<Option<()>>>>, _>());
    drop(object.get::<BTreeMap<String, i32>, _>());
    drop(object.get::<(Vec<u8>, Vec<u16>, Vec<u8>, Vec<f64>), _>());
    drop(object.get::<Point, _>());
    drop(object.get::<Vec<Shape>, _>());
    drop(object.diagnose());
    let skipped = skip(object);
    let value = object.get::<Value, _>();
    assert!(skipped.is_none() || value.is_err(), "skipping is no stricter than reading");
    if let Ok(value) = &value {
        drop(value.to_string());
        let again = CanOptions::new().can(value).expect("what was received can be sent");
        let again = again.get::<Value, _>().expect("and received again");
        assert_eq!(again.to_string(), value.to_string());
    }
    let taken = object.take::<Value, _>();
    assert_eq!(taken.is_ok(), value.is_ok());
    value.is_ok()
}

fn read_header(header: &[u8]) -> bool {
    match Object::restore(header.to_vec().into(), vec![]) {
        Ok(mut object) => {
            let is_value = read_in_every_way(&mut object);
            if is_value {
                let tree = read_object(header, &[]);
                assert!(tree.is_ok(), "{tree:?}: {header:02x?}");
            }
            is_value
        }
        Err(_) => false,
    }
}

fn read_frame(frame: &[u8]) {
    // What a frame may make the reader allocate is another test's subject.
    let limits = Limits { message_bytes: 1 << 24, believed_bytes: 1 << 12, ..Limits::default() };
    let mut rest = frame;
    while let Ok(Some(mut message)) = read_message(&mut rest, &limits) {
        for object in message.objects_mut() {
            read_in_every_way(object);
        }
    }
}

/// Headers and frames, valid or not.
fn vectors(are_valid: bool) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let (mut headers, mut frames) = (Vec::new(), Vec::new());
    if !are_valid {
        headers.extend(invalid::all().into_iter().map(|vector| vector.bytes));
        frames.extend(invalid_frames::all().into_iter().map(|vector| vector.bytes));
        return (headers, frames);
    }
    let valid = valid::all().into_iter().filter(|vector| !vector.name.starts_with("frame_"));
    headers.extend(valid.map(|vector| vector.bytes));
    (headers, valid::short_frames())
}

/// Calls `read` with each byte changed by each of `changes`.
fn change(all: Vec<Vec<u8>>, changes: impl Iterator<Item = u8> + Clone, read: impl Fn(&[u8])) {
    for mut bytes in all {
        for at in 0..bytes.len() {
            let byte = bytes[at];
            for change in changes.clone() {
                bytes[at] = byte ^ change;
                read(&bytes);
            }
            bytes[at] = byte;
        }
    }
}

fn bits() -> impl Iterator<Item = u8> + Clone {
    (0..8).map(|bit| 1 << bit)
}

#[test]
fn every_single_byte_change_of_a_header_is_an_error_or_a_value() {
    change(vectors(true).0, 1..=255, |header| {
        if let Ok(object) = Object::restore(header.into(), vec![]) {
            let skipped = skip(&object);
            let value = object.get::<Value, _>();
            assert!(skipped.is_none() || value.is_err(), "{header:02x?}");
        }
    });
}

#[test]
fn every_single_bit_change_of_a_header_is_an_error_or_a_value_of_any_type() {
    for are_valid in [true, false] {
        change(vectors(are_valid).0, bits(), |header| {
            read_header(header);
        });
    }
}

#[test]
fn every_single_byte_change_of_a_frame_is_an_error_or_a_value() {
    change(vectors(true).1, 1..=255, read_frame);
    change(vectors(false).1, bits(), read_frame);
}

#[test]
fn every_truncation_of_a_vector_is_an_error() {
    let (headers, frames) = vectors(true);
    for header in headers {
        for len in 0..header.len() {
            assert!(!read_header(&header[..len]), "{header:02x?} to {len}");
        }
    }
    for frame in frames {
        for len in 1..frame.len() {
            assert!(read_message(&mut &frame[..len], &Limits::default()).is_err());
        }
    }
}

/// Items of the body, whole or not, as they come.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let interesting = prop_oneof![
        4 => 0x80_u8..0x86,
        4 => 0_u8..0x0c,
        1 => prop::sample::select(vec![0xc2, 0xc3, 0x49, 0x50, 0x98, 0x9b, 0xa1, 0xa2, 0xbb]),
        1 => prop::sample::select(vec![0x20, 0x21, 0x61, 0xf4, 0xf6, 0xf6, 0xfa, 0xfb, 0x18, 0x1b]),
        1 => any::<u8>(),
    ];
    vec(interesting, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn random_bodies_are_errors_or_values(body in body(), tail in vec(any::<u8>(), 0..12)) {
        let header = Header { body, tail, ..Header::of_body("") }
            .dtype_names(&["|u1", "<f8", "|b1"])
            .names("83 82 61 50 82 61 78 61 79 83 61 45 61 56 01 82 61 55 00");
        read_header(&header.build());
    }

    #[test]
    fn random_tables_are_errors_or_values(
        dtypes in vec(any::<u8>(), 0..24),
        names in body(),
        buffers in body(),
    ) {
        let header = Header { names, buffers, dtypes, ..Header::of_body("05") };
        read_header(&header.build());
    }

    #[test]
    fn random_bytes_are_errors(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(!read_header(&bytes));
        read_frame(&bytes);
        let mut blobs: Blobs<'_> = vec![bytes.as_slice().into()].into();
        prop_assert_eq!(blobs.next_object().is_ok(), false);
        prop_assert_eq!(blobs.len(), 1);
    }
}

proptest! {
    #[test]
    fn changes_of_generated_frames_are_errors_or_values(
        values in vec(generate::value(), 1..3),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        threshold in prop_oneof![Just(0), Just(1024_usize)],
    ) {
        let options = CanOptions::new().inline_threshold(threshold);
        let objects = values.iter().map(|value| options.can(value).unwrap());
        let mut frame = Vec::new();
        write_message(&mut frame, &objects.collect::<Message<'_>>()).unwrap();
        for (at, byte) in changes {
            let at = at.index(frame.len());
            frame[at] = byte;
        }
        read_frame(&frame);
    }

    #[test]
    fn buffers_of_other_objects_are_refused(a in generate::value(), b in generate::value()) {
        let options = CanOptions::new().inline_threshold(0);
        let (header, own) = bytes::parts(&options.can(&a).unwrap());
        let (_, other) = bytes::parts(&options.can(&b).unwrap());
        let fits = own.iter().map(Vec::len).eq(other.iter().map(Vec::len));
        let buffers = other.into_iter().map(Into::into).collect();
        prop_assert_eq!(Object::restore(header.into(), buffers).is_ok(), fits);
    }
}
