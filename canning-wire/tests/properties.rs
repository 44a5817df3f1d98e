//! Properties of generated values: they come back, in one form, and real CBOR.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use canning_core::{CannedObject, Value};
use canning_wire::{
    CanOptions, Limits, Message, Object, frame::FrameReader, read_message, write_message,
};
use proptest::prelude::*;
use support::{
    bytes,
    compare::is_same,
    generate,
    invalid::skip,
    options,
    reader::{read_frame, read_object},
};

fn thresholds() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), Just(16), Just(1024), Just(usize::MAX)]
}

fn can(value: &Value, threshold: usize) -> Object<'_> {
    let options = CanOptions::new().inline_threshold(threshold);
    options.can(value).expect("any value can be canned")
}

/// Puts bytes into a reader; its message, if one is whole, stays there.
fn give(reader: &mut FrameReader<'_>, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        let space = reader.space();
        let len = space.len().min(bytes.len());
        let (now, later) = bytes.split_at(len);
        space[..len].copy_from_slice(now);
        reader.fill(len).unwrap();
        bytes = later;
        if !bytes.is_empty() {
            assert!(reader.next_message().unwrap().is_none(), "it ends with the last byte");
        }
    }
}

proptest! {
    #[test]
    fn values_come_back_and_a_second_reader_reads_the_same(
        value in generate::value(),
        threshold in thresholds(),
    ) {
        let object = can(&value, threshold);
        let (header, buffers) = bytes::parts(&object);
        let tree = read_object(&header, &buffers);
        prop_assert!(tree.as_ref().is_ok_and(|tree| is_same(tree, &value)), "{tree:?}");

        let mut object = bytes::restored(&object).unwrap();
        prop_assert!(skip(&object).is_none());
        let received: Value = object.get().unwrap();
        prop_assert_eq!(bytes::parts(&can(&received, threshold)), (header, buffers));
        let taken: Value = object.take().unwrap();
        prop_assert!(tree.is_ok_and(|tree| is_same(&tree, &taken)));
    }

    #[test]
    fn frames_come_back_and_a_second_reader_takes_them_apart(
        values in prop::collection::vec(generate::value(), 0..4),
        threshold in thresholds(),
    ) {
        let message: Message<'_> = values.iter().map(|value| can(value, threshold)).collect();
        let parts: Vec<_> = message.objects().iter().map(bytes::parts).collect();
        let mut frame = Vec::new();
        write_message(&mut frame, &message).unwrap();
        let apart = read_frame(&frame);
        prop_assert_eq!(apart.as_ref(), Ok(&parts));
        let received = read_message(&mut frame.as_slice(), &Limits::default());
        let received = received.unwrap().unwrap();
        let received: Vec<_> = received.objects().iter().map(bytes::parts).collect();
        prop_assert_eq!(received, parts);
    }

    #[test]
    fn frames_of_all_options_come_back_in_pieces_of_any_length(
        values in prop::collection::vec(generate::value(), 0..4),
        threshold in thresholds(),
        options in prop::sample::select(options::all()),
        lens in prop::collection::vec(1..300_usize, 1..9),
    ) {
        let message: Message<'_> = values.iter().map(|value| can(value, threshold)).collect();
        let parts: Vec<_> = message.objects().iter().map(bytes::parts).collect();
        let mut frame = Vec::new();
        let sent = options.write_message(&mut frame, &message).unwrap();
        prop_assert_eq!(sent.bytes, frame.len() as u64);
        prop_assert_eq!(&read_frame(&frame).unwrap(), &parts);

        let mut taken: Vec<u8> = Vec::new();
        let mut writer = options.writer(&message).unwrap();
        let mut reader = FrameReader::new(Limits::default());
        let mut ahead = FrameReader::new(Limits::default()).read_ahead();
        for len in lens.into_iter().cycle() {
            if writer.is_at_end() {
                break;
            }
            let first: Vec<u8> = writer.slices().first().unwrap().iter().copied().take(len).collect();
            writer.advance(first.len());
            taken.extend(&first);
            give(&mut reader, &first);
            give(&mut ahead, &first);
        }
        prop_assert_eq!(taken, frame);
        for reader in [&mut reader, &mut ahead] {
            let received = reader.next_message().unwrap().unwrap();
            let received: Vec<_> = received.objects().iter().map(bytes::parts).collect();
            prop_assert_eq!(&received, &parts);
        }
    }

    #[test]
    fn every_truncation_is_an_error(value in generate::value(), threshold in thresholds()) {
        let object = can(&value, threshold);
        let (header, _) = bytes::parts(&object);
        for len in 0..header.len() {
            let buffers = object.buffers().to_vec();
            prop_assert!(Object::restore(header[..len].into(), buffers).is_err(), "{}", len);
        }
        let mut frame = Vec::new();
        write_message(&mut frame, &Message::from(object)).unwrap();
        for len in 1..frame.len() {
            let read = read_message(&mut &frame[..len], &Limits::default());
            prop_assert!(read.is_err(), "{}", len);
        }
    }
}
