//! Files whose frames have checksums and compressed buffers: every way of reading finds it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, FrameOptions, Limits, Message, can,
    file::{Map, Reader, StreamReader, Writer},
    frame::Part,
};
use support::scratch::Scratch;

const ITEMS: usize = 100_000;

/// An array that can be compressed.
fn steps() -> Vec<u64> {
    (0..ITEMS as u64).map(|index| index / 64).collect()
}

/// One that cannot: what a multiplicative generator gives.
fn noise() -> Vec<u64> {
    let next = |last: &u64| Some(last.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1));
    std::iter::successors(Some(1), next).take(ITEMS).collect()
}

fn written(options: FrameOptions) -> (Scratch, u64) {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap().with_frames(options);
    let sent = writer.write_named("steps", &can(&steps()).unwrap().into()).unwrap();
    let noise = writer.write_named("noise", &can(&noise()).unwrap().into()).unwrap();
    assert_eq!(noise.compressed, 0, "it does not pay");
    writer.finish().unwrap();
    (path, sent.compressed)
}

fn array(message: &Message<'_>) -> Vec<u64> {
    message.objects()[0].get().unwrap()
}

#[test]
fn compressed_messages_are_shorter_and_read_in_every_way() {
    let plain = written(FrameOptions::new()).0.bytes().len();
    let options = FrameOptions::new().with_compression().with_integrity();
    let (path, compressed) = written(options);
    assert_eq!(compressed, 8 * ITEMS as u64);
    let saved = plain - path.bytes().len();
    assert!(saved > ITEMS * 8 * 3 / 4, "{saved}");

    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!(array(&reader.get_by_name("steps").unwrap()), steps());
    assert_eq!(array(&reader.get_by_name("noise").unwrap()), noise());
    let bytes = path.bytes();
    let mut stream = StreamReader::new(bytes.as_slice(), Limits::default()).unwrap();
    let mut arrays = Vec::new();
    while let Some(next) = stream.next_message().unwrap() {
        arrays.push(array(&next));
    }
    assert_eq!(arrays, [steps(), noise()]);

    // SAFETY: no other test knows the file, and this one does not write it.
    let map = unsafe { Map::open(&path, Limits::default()) }.unwrap();
    let (steps_view, noise_view) = (map.get(0).unwrap(), map.get(1).unwrap());
    let inside = map.as_bytes().as_ptr_range();
    let lies_in_map = |message: &Message<'_>| {
        let view: &[u64] = message.objects()[0].get().unwrap();
        inside.contains(&view.as_ptr().cast())
    };
    assert_eq!((array(&steps_view), array(&noise_view)), (steps(), noise()));
    assert!(!lies_in_map(&steps_view), "it is unfolded");
    assert!(lies_in_map(&noise_view), "it is stored, and viewed where it lies");
}

#[test]
fn what_unfolds_in_a_file_is_bounded() {
    let (path, _) = written(FrameOptions::new().with_compression());
    let limits = Limits { unfolded_bytes: 8 * ITEMS as u64 - 1, ..Limits::default() };
    let mut reader = Reader::open(&path, limits).unwrap();
    assert!(matches!(reader.get(0).unwrap_err().kind(), ErrorKind::Limit { .. }));
    assert_eq!(array(&reader.get(1).unwrap()), noise(), "the others can still be read");
}

#[test]
fn a_flipped_bit_of_a_file_is_named_by_its_buffer() {
    let (path, _) = written(FrameOptions::new().with_integrity());
    let mut bytes = path.bytes();
    let middle = bytes.len() / 4;
    bytes[middle] ^= 1;
    let path = Scratch::holding(&bytes);
    let damaged = |kind: &ErrorKind| {
        matches!(kind, ErrorKind::Checksum { part: Part::Buffer { object: 0, buffer: 0 } })
    };
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert!(damaged(reader.get(0).unwrap_err().kind()));
    assert_eq!(array(&reader.get(1).unwrap()), noise());
    // SAFETY: no other test knows the file, and this one does not write it.
    let map = unsafe { Map::open(&path, Limits::default()) }.unwrap();
    assert!(damaged(map.get(0).unwrap_err().kind()));
}
