//! What failed or was taken is told from what is whole, and nothing is lost without a word.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::io::{self, IoSlice, Write};

use canning_core::{Buffer, CannedObject, ErrorKind, SharedBytes};
use canning_wire::{Limits, Message, MessageReader, Object, can, frame::FrameWriter};

/// A header with two equal names, and so unreadable; its one buffer is 32,768 bytes.
///
/// The name table is only read when a value is put together: until then the object can be
/// received and forwarded.
const EQUAL_NAMES: &[u8] = &[
    0xd9, 0xd9, 0xf7, 0x89, 0x01, 0x00, 0x06, 0x81, 0x82, 0x19, 0x80, 0x00, 0x00, 0x81, 0x63, 0x3c,
    0x66, 0x38, 0x82, 0x82, 0x61, 0x41, 0x00, 0x82, 0x61, 0x41, 0x00, 0x83, 0x04, 0x00, 0x19, 0x10,
    0x00, 0x40, 0x40,
];

#[test]
fn take_that_fails_before_the_body_moves_nothing() {
    let buffer = SharedBytes::from_vec(vec![0.5_f64; 4096]);
    let address = buffer.as_ptr();
    let header = Buffer::from(EQUAL_NAMES.to_vec());
    let mut object = Object::restore(header, vec![buffer.into()]).unwrap();
    let error = object.take::<Vec<f64>, _>().unwrap_err();
    assert_eq!(error.buffers_moved(), 0, "{error}");
    assert_eq!(object.buffers()[0].as_slice().unwrap().as_ptr(), address);
    assert!(object.take::<Vec<f64>, _>().is_err(), "and again the same");
    assert_eq!(object.buffers()[0].len(), 32_768);
}

#[test]
fn objects_without_their_buffers_do_not_become_blobs() {
    let numbers = vec![1.5_f64; 2048];
    let (header, _) = can(&numbers).unwrap().into_parts();
    let buffer = SharedBytes::from_vec(numbers.clone());
    let mut object = Object::restore(header, vec![buffer.into()]).unwrap();
    assert_eq!(object.take::<Vec<f64>, _>().unwrap(), numbers);
    let error = object.into_blobs().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::BufferTaken { index: 0 }));
}

#[test]
fn owning_copies_once_where_a_vec_can_take_it_over() {
    let numbers = vec![1.5_f64; 2048];
    let owned = can(&numbers).unwrap().into_owned().unwrap();
    assert_eq!(owned.copied().out_of_band, 16_384);
    let address = owned.buffers()[0].as_slice().unwrap().as_ptr();
    let mut owned = owned;
    let taken: Vec<f64> = owned.take().unwrap();
    assert_eq!((taken.as_ptr().cast(), taken), (address, numbers));
    assert_eq!(owned.copied().out_of_band, 16_384, "not once more");
}

#[test]
fn iteration_ends_after_an_error() {
    let garbage = [7_u8; 4096];
    let mut reader = MessageReader::new(&garbage[..], Limits::default());
    let error = reader.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "expected the start of a message, found [07, 07, 07, 07]");
    assert!(reader.next().is_none());
    let again = reader.read_message().unwrap_err();
    assert_eq!(again.to_string(), "malformed frame: read after an error");
}

/// Says that it took one byte more than it was given.
struct Liar;

impl Write for Liar {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len() + 1)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(slices.iter().map(|slice| slice.len()).sum::<usize>() + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
#[should_panic(expected = "more was written than there was")]
fn a_writer_that_lies_is_caught() {
    let message = Message::from(can("hi").unwrap());
    canning_wire::write_message(&mut Liar, &message).ok();
}

#[test]
#[should_panic(expected = "more was written than there was")]
fn advancing_twice_for_the_same_slices_is_caught() {
    let message = Message::from(can("hi").unwrap());
    let mut writer = FrameWriter::new(&message).unwrap();
    let offered = writer.slices().iter().map(|slice| slice.len()).sum();
    writer.advance(offered);
    writer.advance(1);
}
