//! Blocks from strangers: an error or a value comes out, and the same one as from a stream.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use canning_core::{Buffer, CannedObject, SharedBytes, SharedSlice, Value};
use canning_wire::{
    CanOptions, ErrorKind, Limits, Message, Object, Result, read_message, write_message,
};
use proptest::{collection::vec, prelude::*};
use support::{assemble::frame, bytes, compare::is_same, generate, invalid_frames, valid};

/// What may come out of a block is what comes out of a stream of the same bytes.
fn read_both(block: &[u8], limits: &Limits) {
    let mut stream = block;
    let streamed = read_message(&mut stream, limits);
    for whole in [Buffer::borrowed(block), block.to_vec().into()] {
        let placed = Message::from_block_prefix(whole, limits);
        compare(&streamed, stream.len(), placed, block);
    }
}

fn compare(
    streamed: &Result<Option<Message<'_>>>,
    left: usize,
    placed: Result<(Message<'_>, Buffer<'_>)>,
    block: &[u8],
) {
    match (streamed, placed) {
        (Ok(Some(streamed)), Ok((placed, rest))) => {
            assert_eq!(rest.len(), left, "{block:02x?}");
            assert_eq!(placed.objects().len(), streamed.objects().len());
            for (placed, streamed) in placed.objects().iter().zip(streamed.objects()) {
                assert_eq!(bytes::parts(placed), bytes::parts(streamed));
                same_value(placed, streamed);
            }
        }
        (Ok(None), Err(error)) => assert!(block.is_empty(), "{error}"),
        (Err(streamed), Err(placed)) => {
            // A block says at once that it is too short; a stream comes to what is wrong before.
            let is_short = matches!(placed.kind(), ErrorKind::Truncated { read } if *read == block.len() as u64);
            // A stream unfolds chunks before the checksum behind the last is there.
            let is_same = match (placed.kind(), streamed.kind()) {
                (ErrorKind::Checksum { part }, ErrorKind::Compression { part: same, .. }) => {
                    part == same
                }
                _ => false,
            };
            assert!(
                is_short || is_same || placed.to_string() == streamed.to_string(),
                "{placed} {streamed}"
            );
        }
        (streamed, placed) => panic!("{streamed:?} {placed:?}: {block:02x?}"),
    }
}

fn same_value(placed: &Object<'_>, streamed: &Object<'_>) {
    drop(placed.get::<&[f64], _>());
    drop(placed.get::<&str, _>());
    drop(placed.get::<SharedSlice<u16>, _>());
    drop(placed.get::<Vec<bool>, _>());
    drop(placed.summary().map(|summary| summary.to_string()));
    match (placed.get::<Value, _>(), streamed.get::<Value, _>()) {
        (Ok(placed), Ok(streamed)) => assert_eq!(placed.to_string(), streamed.to_string()),
        (Err(placed), Err(streamed)) => assert_eq!(placed.to_string(), streamed.to_string()),
        (placed, streamed) => panic!("{placed:?} {streamed:?}"),
    }
}

fn limits() -> Limits {
    Limits { message_bytes: 1 << 24, believed_bytes: 1 << 12, ..Limits::default() }
}

#[test]
fn valid_frames_are_blocks_and_hold_the_same() {
    for vector in valid::all() {
        if !vector.name.starts_with("frame_") {
            continue;
        }
        let message = Message::from_block(vector.bytes.as_slice(), &Limits::default()).unwrap();
        let found = message.objects().iter().map(|object| object.get::<Value, _>().unwrap());
        assert!(found.map(|it| it.to_string()).eq(vector.objects.iter().map(Value::to_string)));
        read_both(&vector.bytes, &limits());
    }
}

#[test]
fn invalid_frames_are_refused_as_on_streams() {
    for vector in invalid_frames::all() {
        let error = match Message::from_block(vector.bytes.as_slice(), &Limits::default()) {
            Err(error) => error.to_string(),
            Ok(message) => message.objects()[0].get::<Value, _>().unwrap_err().to_string(),
        };
        let expected = match vector.name {
            "longer_than_objects" => "the input ended within a message, after 77 bytes of it",
            _ => vector.error,
        };
        assert_eq!(error, expected, "{}", vector.name);
        read_both(&vector.bytes, &limits());
    }
}

#[test]
fn every_truncation_is_an_error() {
    for whole in valid::short_frames() {
        for len in 0..whole.len() {
            let error = Message::from_block(&whole[..len], &Limits::default()).unwrap_err();
            let ErrorKind::Truncated { read } = error.kind() else { panic!("{error} at {len}") };
            assert_eq!(*read, len as u64);
        }
        let mut longer = whole.clone();
        longer.push(0);
        let error = Message::from_block(longer.as_slice(), &Limits::default()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Trailing { .. }), "{error}");
    }
}

#[test]
fn every_single_byte_change_is_an_error_or_a_value() {
    for mut block in valid::short_frames() {
        for at in 0..block.len() {
            let byte = block[at];
            for change in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
                block[at] = byte ^ change;
                read_both(&block, &limits());
            }
            block[at] = byte;
        }
    }
}

#[test]
fn numbers_beyond_memory_are_errors() {
    let plain = || frame(&[(canning_header(), vec![])]);
    let with = |at: usize, number: u64| {
        let mut block = plain();
        block[at..at + 8].copy_from_slice(&number.to_le_bytes());
        let no_limits = Limits {
            header_bytes: u64::MAX,
            message_bytes: u64::MAX,
            objects: u64::MAX,
            ..Limits::default()
        };
        for limits in [Limits::default(), no_limits] {
            assert!(Message::from_block(block.as_slice(), &limits).is_err());
        }
        Message::from_block(block.as_slice(), &no_limits).unwrap_err().to_string()
    };
    let cut = "the input ended within a message, after 77 bytes of it";
    for number in [1 << 63, u64::MAX, u64::MAX - 31] {
        assert_eq!(with(16, number), "malformed frame: shorter than its own table");
        assert_eq!(with(24, number), cut);
        assert_eq!(with(32, number), "malformed frame: shorter than its objects");
    }
    assert_eq!(with(16, 1 << 40), "malformed frame: shorter than its own table");
}

/// The header of the object 5.
fn canning_header() -> Vec<u8> {
    bytes::of(canning_wire::can(&5).unwrap().header())
}

#[test]
fn limits_are_checked() {
    let value = ((0..500).map(f64::from).collect::<Vec<_>>(), vec![9_u16; 3]);
    let all_out = CanOptions::new().inline_threshold(0);
    let message = Message::from_iter([all_out.can(&value).unwrap(), all_out.can(&5).unwrap()]);
    let block = message.to_block().unwrap();
    let refused = |limits: Limits| {
        let borrowed = Message::from_block(block.as_slice(), &limits).unwrap_err().to_string();
        let shared = SharedBytes::from_vec(block.as_slice().to_vec());
        let shared = Message::from_block(shared, &limits).unwrap_err().to_string();
        assert_eq!(borrowed, shared);
        borrowed
    };
    let limits = Limits::default();
    assert_eq!(
        refused(Limits { objects: 1, ..limits }),
        "number of objects is 2, above the limit of 1"
    );
    assert!(refused(Limits { header_bytes: 9, ..limits }).starts_with("header length is "));
    assert!(refused(Limits { message_bytes: 99, ..limits }).starts_with("length of the message"));
    assert_eq!(
        refused(Limits { buffers: 1, ..limits }),
        "number of buffers is 2, above the limit of 1"
    );
    let shallow = Limits { depth: 0, ..limits };
    let message = Message::from_block(block.as_slice(), &shallow).unwrap();
    assert!(message.objects()[0].get::<Value, _>().is_err(), "and the value's too");
}

#[test]
fn a_foreign_writer_may_align_otherwise() {
    let numbers = [1.5_f64, 2.5];
    let all_out = CanOptions::new().inline_threshold(0);
    let (header, buffers) = bytes::parts(&all_out.can(&numbers.to_vec()).unwrap());
    let mut block = frame(&[(header.clone(), buffers.clone())]);
    // Without padding, and with more than ours.
    for align_log2 in [0_u8, 12] {
        let align = 1 << align_log2;
        block.truncate(40);
        for blob in [&header, &buffers[0]] {
            block.resize(block.len().next_multiple_of(align), 0);
            block.extend(blob);
        }
        block[5] = align_log2;
        let len = block.len() as u64;
        block[24..32].copy_from_slice(&len.to_le_bytes());
        let message = Message::from_block(block.as_slice(), &Limits::default()).unwrap();
        let object = &message.objects()[0];
        assert!(is_same(
            &support::reader::read_object(&header, &buffers).unwrap(),
            &object.get::<Value, _>().unwrap()
        ));
        let object = object.clone();
        assert_eq!(object.get::<Vec<f64>, _>().unwrap(), numbers);
        assert_eq!(object.copied().out_of_band, 16);
    }
}

proptest! {
    #[test]
    fn values_come_back_and_changes_are_errors_or_values(
        values in vec(generate::value(), 0..3),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        threshold in prop_oneof![Just(0), Just(1024_usize)],
        offset in 0..64_usize,
    ) {
        let options = CanOptions::new().inline_threshold(threshold);
        let message: Message<'_> = values.iter().map(|value| options.can(value).unwrap()).collect();
        let block = message.to_block().unwrap();
        let mut stream = Vec::new();
        write_message(&mut stream, &message).unwrap();
        prop_assert_eq!(block.as_slice(), &stream);

        // Wherever it lies.
        let moved = [vec![0; offset], stream].concat();
        let back = Message::from_block(&moved[offset..], &Limits::default()).unwrap();
        for (object, value) in back.objects().iter().zip(&values) {
            prop_assert_eq!(object.get::<Value, _>().unwrap().to_string(), value.to_string());
        }
        let mut block = block.as_slice().to_vec();
        for (at, byte) in changes {
            let at = at.index(block.len());
            block[at] = byte;
        }
        read_both(&block, &limits());
    }

    #[test]
    fn random_bytes_are_errors(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(Message::from_block(bytes.as_slice(), &limits()).is_err());
    }
}
