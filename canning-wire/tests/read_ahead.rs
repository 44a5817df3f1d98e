//! Reading ahead gives the same messages as reading byte for byte, with fewer reads.

#![expect(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    io::{self, ErrorKind as IoKind, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use canning_core::{CannedObject, Uncan, Value, visitor::Uncanner};
use canning_wire::{
    CanOptions, ErrorKind, Limits, Message, MessageReader, MessageWriter, can, write_message,
};
use proptest::prelude::*;
use support::hesitant::Hesitant;

/// Counts its calls.
struct Counted<R> {
    inner: R,
    reads: usize,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        self.inner.read(bytes)
    }
}

/// A stream of values, small ones and some with a large array.
fn stream_of(lens: &[usize]) -> Vec<u8> {
    let mut writer = MessageWriter::new(Vec::new());
    for (len, number) in lens.iter().zip(0_i32..) {
        writer.write_value(&(number, vec![f64::from(number); *len])).unwrap();
    }
    writer.into_inner().unwrap()
}

fn read_values<R: Read>(reader: &mut MessageReader<R>) -> Vec<(i32, Vec<f64>)> {
    let mut values = Vec::new();
    loop {
        match reader.read_value() {
            Ok(Some(value)) => values.push(value),
            Ok(None) => return values,
            Err(error) if is_passing(&error) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn is_passing(error: &canning_wire::Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(error) if error.kind() == IoKind::WouldBlock)
}

#[test]
fn a_thousand_small_messages_come_with_a_few_reads() {
    let bytes = stream_of(&[3; 1000]);
    let mut reader =
        MessageReader::new(Counted { inner: bytes.as_slice(), reads: 0 }, Limits::default());
    assert_eq!(read_values(&mut reader).len(), 1000);
    let least = bytes.len() / (64 << 10);
    assert!(reader.get_ref().reads <= least + 4, "{} reads", reader.get_ref().reads);
    assert_eq!(reader.staged_bytes(), 0, "no message has a buffer");
}

#[test]
fn many_small_buffers_come_with_a_few_reads() {
    let arrays: Vec<Vec<u8>> = (0..5000_u32).map(|item| vec![item as u8; 3]).collect();
    let object = CanOptions::new().inline_threshold(0).can(&arrays).unwrap();
    assert_eq!(object.buffers().len(), 5000);
    let mut bytes = Vec::new();
    write_message(&mut bytes, &object.into()).unwrap();
    for chunk in [1_usize << 20, 7919] {
        let inner = Hesitant::new(bytes.as_slice(), chunk, IoKind::Interrupted);
        let mut reader = MessageReader::new(Counted { inner, reads: 0 }, Limits::default());
        let received: Vec<Vec<u8>> = reader.read_value().unwrap().unwrap();
        assert_eq!(received, arrays);
        assert_eq!(reader.staged_bytes(), 15_000);
        let least = bytes.len() / chunk.min(4096);
        let reads = reader.get_ref().reads;
        assert!(reads <= 2 * least + 20, "{reads} reads for {} bytes", bytes.len());
    }
}

#[test]
fn only_the_ends_of_a_large_buffer_are_staged() {
    let array = vec![7_u8; 40_000];
    let mut bytes = Vec::new();
    write_message(&mut bytes, &can(&array).unwrap().into()).unwrap();
    let mut most = 0;
    // Where the second read ends.
    for end in (4096..bytes.len()).step_by(8) {
        let (start, rest) = bytes.split_at(end);
        let (first, second) = start.split_at(4096);
        let pieces = first.chain(second).chain(rest);
        let mut reader = MessageReader::new(pieces, Limits::default());
        assert_eq!(reader.read_value().unwrap().as_ref(), Some(&array));
        most = most.max(reader.staged_bytes());
    }
    assert!((4097..=8192).contains(&most), "{most} bytes");
}

#[test]
fn an_exact_reader_takes_no_byte_of_what_follows() {
    let mut bytes = stream_of(&[3, 5000]);
    bytes.extend(b"something else");
    let mut rest = bytes.as_slice();
    let mut reader = MessageReader::exact(&mut rest, Limits::default());
    assert_eq!(reader.read_value::<(i32, Vec<f64>), _>().unwrap().unwrap().1.len(), 3);
    assert_eq!(reader.read_value::<(i32, Vec<f64>), _>().unwrap().unwrap().1.len(), 5000);
    assert!(reader.ahead_bytes().is_empty());
    assert_eq!(rest, b"something else");
}

#[test]
fn what_was_read_ahead_can_be_looked_at() {
    let mut bytes = stream_of(&[3]);
    bytes.extend(b"rest");
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    reader.read_value::<(i32, Vec<f64>), _>().unwrap();
    assert_eq!(reader.ahead_bytes(), b"rest");
}

#[test]
fn another_value_or_number_of_objects_is_told_and_the_next_message_read() {
    let mut bytes = Vec::new();
    let (first, array) = (can("text").unwrap(), vec![0_u8; 5000]);
    let mut two = Message::from(first.clone());
    two.add(&array).unwrap();
    let mut writer = MessageWriter::new(&mut bytes);
    for message in [&first.into(), &two, &can(&array).unwrap().into(), &Message::new()] {
        writer.write_message(message).unwrap();
    }
    writer.write_value(&5).unwrap();
    writer.into_inner().unwrap();
    for exact in [false, true] {
        let mut reader = match exact {
            false => MessageReader::new(bytes.as_slice(), Limits::default()),
            true => MessageReader::exact(bytes.as_slice(), Limits::default()),
        };
        let mut refused = || reader.read_value::<i32, _>().unwrap_err().to_string();
        assert_eq!(refused(), "expected integer, found text");
        assert_eq!(refused(), "expected length 1, found 2");
        assert_eq!(refused(), "expected integer, found array");
        assert_eq!(refused(), "expected length 1, found 0");
        assert_eq!(reader.read_value::<i32, _>().unwrap(), Some(5));
        assert_eq!(reader.read_value::<i32, _>().unwrap(), None);
    }
}

#[test]
fn every_truncation_is_told_whichever_way_it_is_read() {
    let bytes = stream_of(&[3, 600]);
    let first = stream_of(&[3]).len();
    for len in 0..bytes.len() {
        let mut reader = MessageReader::new(&bytes[..len], Limits::default());
        let mut whole = 0;
        let end = loop {
            match reader.read_value::<(i32, Vec<f64>), _>() {
                Ok(Some(_)) => whole += 1,
                end => break end,
            }
        };
        assert_eq!(whole, usize::from(len >= first));
        match len == 0 || len == first {
            true => assert!(end.unwrap().is_none()),
            false => {
                let error = end.unwrap_err();
                let read = (len - if whole == 1 { first } else { 0 }) as u64;
                assert!(
                    matches!(error.kind(), ErrorKind::Truncated { read: told } if *told == read),
                    "{error} at {len}"
                );
            }
        }
    }
}

/// All that a stream gives, and how it ends.
fn all(mut next: impl FnMut() -> canning_wire::Result<Option<Value>>) -> (Vec<Value>, String) {
    let mut values = Vec::new();
    loop {
        match next() {
            Ok(Some(value)) => values.push(value),
            Ok(None) => return (values, "the end".to_owned()),
            Err(error) if is_passing(&error) => {}
            Err(error) => return (values, error.to_string()),
        }
    }
}

fn by_message<R: Read>(reader: &mut MessageReader<R>) -> canning_wire::Result<Option<Value>> {
    let Some(message) = reader.read_message()? else {
        return Ok(None);
    };
    let [mut object] = message.into_array()?;
    Ok(Some(object.take()?))
}

proptest! {
    #[test]
    fn all_ways_to_read_agree(
        lens in prop::collection::vec(prop_oneof![0..20_usize, 100..3000_usize], 1..20),
        chunk in 1..100_000_usize,
    ) {
        let bytes = stream_of(&lens);
        let hesitant = || Hesitant::new(bytes.as_slice(), chunk, IoKind::WouldBlock);
        let ahead = read_values(&mut MessageReader::new(hesitant(), Limits::default()));
        let exact = read_values(&mut MessageReader::exact(hesitant(), Limits::default()));
        prop_assert_eq!(&ahead, &exact);
        prop_assert_eq!(ahead.iter().map(|(_, array)| array.len()).collect::<Vec<_>>(), lens);
    }

    #[test]
    fn all_ways_to_read_agree_on_damaged_streams(
        lens in prop::collection::vec(prop_oneof![0..20_usize, 200..300_usize], 1..6),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = stream_of(&lens);
        let at = at.index(bytes.len());
        bytes[at] ^= byte;
        let limits = Limits { believed_bytes: 1 << 20, ..Limits::default() };
        let mut reader = MessageReader::exact(bytes.as_slice(), limits);
        let exact = all(|| by_message(&mut reader));
        let mut reader = MessageReader::new(bytes.as_slice(), limits);
        prop_assert_eq!(&all(|| by_message(&mut reader)), &exact);
        let mut reader = MessageReader::new(bytes.as_slice(), limits);
        prop_assert_eq!(&all(|| reader.read_value()), &exact);
        let mut reader = MessageReader::exact(bytes.as_slice(), limits);
        prop_assert_eq!(&all(|| reader.read_value()), &exact);
    }
}

#[test]
fn a_panic_in_a_value_loses_that_value_only() {
    struct Bomb;
    impl<'b> Uncan<'b> for Bomb {
        fn uncan<U: Uncanner<'b>>(_uncanner: &mut U) -> canning_core::Result<Self> {
            panic!("in the middle of a value");
        }
    }
    let bytes = stream_of(&[3, 4]);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    let read = AssertUnwindSafe(|| reader.read_value::<Bomb, _>().is_ok());
    assert!(catch_unwind(read).is_err());
    let (number, array) = reader.read_value::<(i32, Vec<f64>), _>().unwrap().unwrap();
    assert_eq!((number, array.len()), (1, 4));
}
