//! The value of a short message, taken straight out of what was read ahead: the same as by way of
//! its message.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::io::{self, Read};

use canning_core::{CannedObject, Value};
use canning_wire::{Limits, Message, MessageReader, MessageWriter, Result, can};

use self::support::options;

mod support;

/// Short messages, and another one behind each: of one value, of none, of two, and of one with a
/// buffer, in every kind of frame.
fn streams() -> Vec<Vec<u8>> {
    let long = vec![0.5_f64; 600];
    let values: [&[&Value]; 4] = [
        &[&Value::of(&("text", 7_u8, vec![1_u16; 3])).unwrap()],
        &[],
        &[&Value::of(&1).unwrap(), &Value::of(&2).unwrap()],
        &[&Value::of(&long).unwrap()],
    ];
    let stream = |options, values: &[&Value]| {
        let mut writer = MessageWriter::new(Vec::new());
        writer.set_frames(options);
        let objects = values.iter().map(|value| can(*value).unwrap());
        let mut message = Message::new();
        objects.for_each(|object| message.push(object));
        writer.write_message(&message).unwrap();
        writer.write_value(&"behind it").unwrap();
        writer.into_inner().unwrap()
    };
    let all = options::all();
    let streams = all.iter().flat_map(|options| values.iter().map(|v| stream(*options, v)));
    streams.chain([without_its_buffer(&stream(all[0], values[3]))]).collect()
}

/// The first message, cut off behind its header, which still has a buffer in its table.
fn without_its_buffer(stream: &[u8]) -> Vec<u8> {
    let number = |at: usize| u64::from_le_bytes(*stream[at..].first_chunk().unwrap());
    let (len, header_len) = (number(24), number(32));
    let end = 64 + header_len;
    assert!(end < len, "there is a buffer");
    let mut cut = stream[..usize::try_from(end).unwrap()].to_vec();
    cut[24..32].copy_from_slice(&end.to_le_bytes());
    cut.extend_from_slice(&stream[usize::try_from(len).unwrap()..]);
    cut
}

/// What two reads give, and what the errors say.
fn told<T>(mut read: impl FnMut() -> Result<Option<T>>, tell: fn(T) -> Result<Value>) -> String {
    let mut once = || read().and_then(|found| found.map(tell).transpose());
    format!("{:?}, then {:?}", once().map_err(|e| e.to_string()), once().map_err(|e| e.to_string()))
}

fn by_value(stream: &[u8], limits: Limits) -> String {
    let mut reader = MessageReader::new(stream, limits);
    told(|| reader.read_value(), Ok)
}

fn by_message(stream: &[u8], limits: Limits) -> String {
    let mut reader = MessageReader::new(stream, limits);
    told(
        || reader.read_message(),
        |message| {
            let [mut object] = message.into_array()?;
            Ok(object.take()?)
        },
    )
}

#[test]
fn a_short_value_is_what_its_message_holds_whatever_byte_is_changed() {
    for mut stream in streams() {
        for at in 0..stream.len().min(256) {
            for flip in [1, 0x80, 0xff] {
                stream[at] ^= flip;
                let limits = Limits::default();
                assert_eq!(by_value(&stream, limits), by_message(&stream, limits), "{at} ^ {flip}");
                stream[at] ^= flip;
            }
        }
    }
}

#[test]
fn a_short_value_is_held_to_the_limits_of_its_message() {
    for stream in streams() {
        for most in 0..200 {
            let header_bytes = Limits { header_bytes: most, ..Limits::default() };
            let message_bytes = Limits { message_bytes: most, ..Limits::default() };
            for limits in [header_bytes, message_bytes] {
                assert_eq!(by_value(&stream, limits), by_message(&stream, limits), "{most}");
            }
        }
    }
}

/// Gives bytes up to a place, then an error once, and then the rest.
struct Halting<'b> {
    bytes: &'b [u8],
    left: Option<usize>,
}

impl Read for Halting<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        if self.left == Some(0) {
            self.left = None;
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let most = space.len().min(self.left.unwrap_or(usize::MAX));
        let len = self.bytes.read(&mut space[..most])?;
        self.left = self.left.map(|left| left - len);
        Ok(len)
    }
}

#[test]
fn no_value_is_looked_for_in_the_middle_of_a_message() {
    let mut forged = MessageWriter::new(Vec::new());
    forged.write_value(&vec![7_u8]).unwrap();
    let content = forged.into_inner().unwrap().repeat(12);
    for options in options::all() {
        let mut writer = MessageWriter::new(Vec::new());
        writer.set_frames(options);
        writer.write_value(&content).unwrap();
        let stream = writer.into_inner().unwrap();
        for cut in 0..stream.len() {
            let halting = Halting { bytes: &stream, left: Some(cut) };
            let mut reader = MessageReader::new(halting, Limits::default());
            assert!(reader.read_value::<Vec<u8>, _>().is_err(), "{cut}: there is more to come");
            assert_eq!(reader.read_value::<Vec<u8>, _>().unwrap().unwrap(), content, "{cut}");
            assert!(reader.read_value::<Vec<u8>, _>().unwrap().is_none());
        }
    }
}
