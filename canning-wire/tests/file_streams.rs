//! A file that is read as a stream: bit by bit, interrupted, and cut off anywhere.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::io::ErrorKind as IoKind;

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, can,
    file::{StreamReader, Writer},
};
use support::{hesitant::Hesitant, scratch::Scratch};

/// Three messages, of which one has a name, and an index.
fn file() -> Vec<u8> {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    for (name, len) in [("", 3_u64), ("the second", 700), ("", 1)] {
        let numbers: Vec<u64> = (0..len).collect();
        writer.write_named(name, &can(&numbers).unwrap().into()).unwrap();
    }
    writer.finish().unwrap();
    path.bytes()
}

#[test]
fn calls_that_are_interrupted_are_made_again() {
    let bytes = file();
    for most in [1, 7, 4096] {
        let source = Hesitant::new(bytes.as_slice(), most, IoKind::Interrupted);
        let mut reader = StreamReader::new(source, Limits::default()).unwrap();
        for len in [3, 700, 1] {
            let message = reader.next_message().unwrap().unwrap();
            let numbers: Vec<u64> = message.objects()[0].get().unwrap();
            assert_eq!(numbers, (0..len).collect::<Vec<_>>(), "{most}");
            assert_eq!(reader.name(), (len == 700).then_some("the second"));
        }
        assert!(reader.next_message().unwrap().is_none());
    }
}

#[test]
fn a_cut_says_how_much_came_of_the_record_or_of_its_frame() {
    let bytes = file();
    let number = |at: usize| {
        let number = u64::from_le_bytes(*bytes[at..].first_chunk().unwrap());
        usize::try_from(number).unwrap()
    };
    // The record of the second message: its number, the length of its frame, and of its name.
    let is_second = |at: &usize| bytes[*at..].starts_with(b"\x89REC") && number(at + 32) == 1;
    let start = (64..bytes.len()).step_by(64).find(is_second).unwrap();
    let payload = (start + 64 + "the second".len()).next_multiple_of(64);
    let frame = payload..payload + number(start + 40);
    let end = (frame.end + 16).next_multiple_of(64);
    for cut in start..=end {
        let mut reader = StreamReader::new(&bytes[..cut], Limits::default()).unwrap();
        reader.next_message().unwrap().unwrap();
        let said = reader.next_message();
        if cut == start || cut == end {
            assert_eq!(
                said.unwrap().map(|message| message.objects().len()),
                (cut == end).then_some(1)
            );
            continue;
        }
        let error = said.unwrap_err();
        let ErrorKind::Truncated { read } = error.kind() else { panic!("{cut}: {error}") };
        let is_in_frame = (frame.start + 32..frame.end).contains(&cut);
        let since = if is_in_frame { frame.start } else { start };
        assert_eq!(usize::try_from(*read).unwrap(), cut - since, "{cut}");
    }
}
