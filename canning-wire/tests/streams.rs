//! Messages on streams: partial writes, interrupted reads, ends and truncations.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::io;

use canning_core::CannedObject;
use canning_wire::{
    CanOptions, ErrorKind, Limits, Message, MessageReader, Object, read_message, write_message,
};
use support::hesitant::Hesitant;

type Parts = (Vec<f64>, Vec<String>, Vec<u16>);

fn value() -> Parts {
    let text = vec!["a".to_owned(), "long ".repeat(30)];
    ((0..500).map(f64::from).collect(), text, vec![9; 3])
}

fn message(value: &Parts) -> Message<'_> {
    let all_out = CanOptions::new().inline_threshold(0);
    [all_out.can(value).unwrap(), canning_wire::can(value).unwrap()].into_iter().collect()
}

fn check(objects: Vec<Object<'static>>) {
    assert_eq!(objects.len(), 2);
    for object in objects {
        assert_eq!(object.get_object::<Parts, _>().unwrap(), value());
    }
}

#[test]
fn any_sizes_of_writes_give_the_same_bytes() {
    let value = value();
    let message = message(&value);
    let mut whole = Vec::new();
    let sent = write_message(&mut whole, &message).unwrap();
    assert_eq!(sent.bytes, whole.len() as u64);
    for most in [1, 3, 64, 1000, usize::MAX] {
        let mut writer = Hesitant::new(Vec::new(), most, io::ErrorKind::Interrupted);
        write_message(&mut writer, &message).unwrap();
        assert_eq!(writer.inner, whole, "{most} bytes a call");
    }
}

#[test]
fn any_sizes_of_reads_give_the_same_message() {
    let value = value();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message(&value)).unwrap();
    for most in [1, 3, 64, 1000, usize::MAX] {
        let mut reader = Hesitant::new(bytes.as_slice(), most, io::ErrorKind::Interrupted);
        let message = read_message(&mut reader, &Limits::default()).unwrap().unwrap();
        check(message.into_objects());
    }
}

#[test]
fn reading_goes_on_after_would_block_at_every_byte() {
    let value = value();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message(&value)).unwrap();
    let reader = Hesitant::new(bytes.as_slice(), 1, io::ErrorKind::WouldBlock);
    let mut reader = MessageReader::new(reader, Limits::default());
    let mut blocked = 0;
    let message = loop {
        match reader.read_message() {
            Ok(message) => break message.unwrap(),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
                blocked += 1;
            }
        }
    };
    assert_eq!(blocked, bytes.len());
    check(message.into_objects());
}

#[test]
fn every_truncation_is_an_error_and_a_clean_end_is_none() {
    let value = value();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message(&value)).unwrap();
    assert!(read_message(&mut io::empty(), &Limits::default()).unwrap().is_none());
    let mut most_objects = 0;
    for len in 1..bytes.len() {
        let error = read_message(&mut &bytes[..len], &Limits::default()).unwrap_err();
        match error.kind() {
            ErrorKind::Truncated { read } => assert_eq!(*read, len as u64),
            other => panic!("{other} at {len}"),
        }
        most_objects = most_objects.max(error.whole_objects());
    }
    assert_eq!(most_objects, 1);
}

#[test]
fn a_peer_that_speaks_something_else_is_told_from_a_short_message() {
    let error = read_message(&mut &b"GET / HTTP/1.1\r\n"[..], &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "expected the start of a message, found [47, 45, 54, 20]");
}

#[test]
fn one_object_goes_into_several_messages() {
    let value = value();
    let kept = canning_wire::can(&value).unwrap();
    let mut bytes = Vec::new();
    for number in 0..2_u8 {
        let number = canning_wire::can(&number).unwrap();
        let message = Message::from_iter([number, kept.clone()]);
        let sent = message.objects()[1].buffers()[0].as_slice().unwrap();
        assert_eq!(sent.as_ptr(), value.0.as_ptr().cast());
        write_message(&mut bytes, &message).unwrap();
    }
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    for expected in 0..2_u8 {
        let message = reader.read_message().unwrap().unwrap();
        let [number, object] = message.into_array().unwrap();
        assert_eq!(number.get_object::<u8, _>().unwrap(), expected);
        // A clone shares the received memory; taking it then copies, and counts.
        let mut shared = object.clone();
        let back: Parts = shared.take().unwrap();
        assert_eq!((back, shared.copied().out_of_band), (value.clone(), 4000));
    }
}

#[test]
fn messages_follow_each_other() {
    let value = value();
    let mut bytes = Vec::new();
    for _ in 0..3 {
        write_message(&mut bytes, &message(&value)).unwrap();
    }
    write_message(&mut bytes, &Message::new()).unwrap();
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    for _ in 0..3 {
        check(reader.read_message().unwrap().unwrap().into_objects());
    }
    assert!(reader.read_message().unwrap().unwrap().objects().is_empty());
    assert!(reader.read_message().unwrap().is_none());
}

#[test]
fn limits_are_checked_before_anything_is_allocated() {
    let value = value();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message(&value)).unwrap();
    let refused = |limits: Limits| {
        let error = read_message(&mut bytes.as_slice(), &limits).unwrap_err();
        format!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string))
    };
    let limits = Limits::default();
    assert!(refused(Limits { objects: 1, ..limits }).starts_with("number of objects is 2, above"));
    assert!(refused(Limits { header_bytes: 9, ..limits }).starts_with("header length is "));
    assert!(refused(Limits { message_bytes: 99, ..limits }).starts_with("length of the message"));
    assert!(refused(Limits { buffers: 1, ..limits }).contains("number of buffers is 4, above"));
}

#[test]
fn buffers_beyond_what_is_believed_grow_as_they_arrive() {
    let numbers: Vec<u64> = (0..1 << 19).collect();
    let mut bytes = Vec::new();
    let message = Message::from(canning_wire::can(&numbers).unwrap());
    write_message(&mut bytes, &message).unwrap();
    let limits = Limits { believed_bytes: 1000, ..Limits::default() };
    let message = read_message(&mut bytes.as_slice(), &limits).unwrap().unwrap();
    let object = message.into_objects().remove(0);
    let taken = object.buffers()[0].as_slice().unwrap().as_ptr();
    let back: Vec<u64> = object.get_object().unwrap();
    assert_eq!((back.as_ptr().cast(), back), (taken, numbers));
}

#[test]
fn short_buffers_grow_too_whatever_is_believed() {
    let numbers: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let mut bytes = Vec::new();
    let message = Message::from(canning_wire::can(&numbers).unwrap());
    write_message(&mut bytes, &message).unwrap();
    for believed_bytes in [0, 1, 4095, 4096, 9_999, 10_000] {
        let limits = Limits { believed_bytes, ..Limits::default() };
        let message = read_message(&mut bytes.as_slice(), &limits).unwrap().unwrap();
        let back: Vec<u8> = message.into_objects().remove(0).get_object().unwrap();
        assert_eq!(back, numbers, "{believed_bytes} believed");
    }
}

#[test]
fn object_whose_buffers_were_taken_is_not_sent() {
    let value = value();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message(&value)).unwrap();
    let received = read_message(&mut bytes.as_slice(), &Limits::default());
    let mut received = received.unwrap().unwrap();
    received.objects_mut()[0].take::<Parts, _>().unwrap();
    let mut again = Vec::new();
    let error = write_message(&mut again, &received).unwrap_err();
    assert_eq!(error.to_string(), "buffer 0 was already taken");
    assert!(again.is_empty());
}

#[test]
fn iterator_ends_after_an_error_that_does_not_pass() {
    let value = value();
    let mut bytes = Vec::new();
    write_message(&mut bytes, &message(&value)).unwrap();
    let whole = bytes.len();
    bytes.extend_from_within(..whole - 1);
    let mut truncated = MessageReader::new(bytes.as_slice(), Limits::default());
    assert!(truncated.next().unwrap().is_ok());
    assert!(truncated.next().unwrap().is_err());
    assert!(truncated.next().is_none());

    let mut wrong = MessageReader::new(&[b'P'; 100][..], Limits::default());
    let error = wrong.read_message().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Magic { .. }));
    let error = wrong.read_message().unwrap_err();
    assert_eq!(error.to_string(), "malformed frame: read after an error");
}
