//! A message as one block of memory: the bytes of a frame, copied once, and borrowed from where
//! they lie.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use canning_core::{Buffer, Canned, CannedObject, SharedBytes, SharedSlice, Value};
use canning_wire::{
    CanOptions, Error, ErrorKind, Limits, Message, Object, can, read_message, write_message,
};
use support::counting::{Counting, count};

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Clone, Debug, PartialEq, Canned)]
struct Frame {
    step: u64,
    masses: Vec<f32>,
    positions: Vec<[f64; 3]>,
    log: String,
    hashes: Vec<u128>,
}

fn frame() -> Frame {
    Frame {
        step: 7,
        masses: vec![0.5; 5],
        positions: (0..10_000).map(|item| [f64::from(item); 3]).collect(),
        log: "a long line\n".repeat(10_000),
        hashes: (1..10_000).collect(),
    }
}

#[derive(Debug, PartialEq, Canned)]
#[canned(rename = "Frame")]
struct View<'b> {
    step: u64,
    masses: &'b [f32],
    positions: &'b [[f64; 3]],
    log: &'b str,
    hashes: &'b [u128],
}

#[derive(Debug, Canned)]
#[canned(rename = "Frame")]
struct Shared {
    positions: SharedSlice<[f64; 3]>,
    hashes: SharedSlice<u128>,
}

fn message(frame: &Frame) -> Message<'_> {
    Message::from_iter([can(&5).unwrap(), can(frame).unwrap(), can("hi").unwrap()])
}

fn written(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, message).unwrap();
    bytes
}

fn from_block<'b>(block: impl Into<Buffer<'b>>) -> Message<'b> {
    Message::from_block(block, &Limits::default()).unwrap()
}

#[test]
fn a_block_is_a_frame_at_a_multiple_of_64() {
    let frame = frame();
    let message = message(&frame);
    let bytes = written(&message);
    let block = message.to_block().unwrap();
    assert!(block.as_slice() == bytes, "the very bytes of a stream");
    assert_eq!(block.as_slice().as_ptr().addr() % 64, 0);
    assert_eq!((block.capacity(), message.block_len().unwrap()), (bytes.len(), bytes.len()));

    let again = read_message(&mut block.as_slice(), &Limits::default()).unwrap().unwrap();
    assert_eq!(again.objects()[1].get::<Frame, _>().unwrap(), frame);
    assert!(again.to_block().unwrap().as_slice() == bytes);
    let back = from_block(block);
    assert!(written(&back) == bytes, "and from the block to a stream");
}

#[test]
fn memory_that_is_there_is_written_to_and_not_beyond() {
    let frame = frame();
    let message = message(&frame);
    let bytes = written(&message);
    let mut memory = vec![0xff; bytes.len() + 100];
    assert_eq!(message.copy_to(&mut memory).unwrap(), bytes.len());
    assert!(memory[..bytes.len()] == bytes, "paddings are zero, whatever was there");
    assert!(memory[bytes.len()..].iter().all(|byte| *byte == 0xff));

    let mut memory = vec![0xff; bytes.len() - 1];
    let error = message.copy_to(&mut memory).unwrap_err();
    let (needed, available) = (bytes.len(), bytes.len() - 1);
    let text = format!("the message has {needed} bytes, and there is room for {available}");
    assert_eq!(error.to_string(), text);
    assert!(memory.iter().all(|byte| *byte == 0xff), "nothing is written");
    assert!(message.copy_to(&mut []).is_err());
}

#[test]
fn views_lie_in_the_block_and_nothing_is_copied() {
    let frame = frame();
    let block = message(&frame).to_block().unwrap();
    let message = from_block(block.as_slice());
    let object = &message.objects()[1];
    let view: View<'_> = object.get().unwrap();
    let Frame { step, masses, positions, log, hashes } = &frame;
    assert_eq!(view, View { step: *step, masses, positions, log, hashes });
    let within = block.as_slice().as_ptr_range();
    for address in [view.masses.as_ptr().cast(), view.positions.as_ptr().cast()] {
        assert!(within.contains(&address));
    }
    for address in [view.log.as_ptr(), view.hashes.as_ptr().cast()] {
        assert!(within.contains(&address));
    }
    for buffer in object.buffers() {
        let address = buffer.as_slice().unwrap().as_ptr();
        assert!(within.contains(&address) && address.addr() % 64 == 0);
    }
    assert_eq!(object.copied().in_band + object.copied().out_of_band, 0);
}

#[test]
fn one_allocation_makes_a_block_and_taking_it_apart_allocates_as_little_whatever_its_size() {
    let cost = |len: usize| {
        let numbers = vec![0.5_f64; len];
        let message = Message::from(can(&numbers).unwrap());
        let (block, making) = count(|| message.to_block().unwrap());
        assert_eq!((making.allocations, making.bytes), (1, block.len()), "{making:?}");
        let mut memory = vec![0_u8; block.len()];
        let (_, copying) = count(|| message.copy_to(&mut memory).unwrap());
        assert_eq!(copying.allocations, 0, "{copying:?}");
        let (back, borrowing) = count(|| from_block(block.as_slice()));
        assert_eq!(back.objects()[0].get::<&[f64], _>().unwrap(), numbers);
        let block = SharedBytes::from_allocation(block);
        let (back, sharing) = count(|| from_block(block));
        assert_eq!(back.objects()[0].get::<&[f64], _>().unwrap(), numbers);
        (borrowing, sharing)
    };
    let (small, large) = (cost(10_000), cost(4_000_000));
    assert_eq!(small, large);
    assert!(small.0.bytes < 2048 && small.1.bytes < 2048, "{small:?}");
}

#[test]
fn parts_of_a_shared_block_outlive_it_and_the_message() {
    let frame = frame();
    let block = SharedBytes::from_allocation(message(&frame).to_block().unwrap());
    let within = block.as_slice().as_ptr_range();
    let message: Message<'static> = from_block(block);
    let object = message.into_objects().remove(1);
    let (shared, copied): (Shared, _) = (object.get().unwrap(), object.copied());
    drop(object);
    assert_eq!((&*shared.positions, &*shared.hashes), (&*frame.positions, &*frame.hashes));
    assert!(within.contains(&shared.positions.as_ptr().cast()));
    assert!(within.contains(&shared.hashes.as_ptr().cast()));
    assert_eq!(copied.out_of_band, 0);

    // A foreign owner, such as a mapped file.
    struct Mapped(Box<[u8]>);
    impl AsRef<[u8]> for Mapped {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    let text = "out of band ".repeat(1000);
    let bytes = written(&Message::from(can(&text).unwrap()));
    let message = from_block(SharedBytes::from_owner(Mapped(bytes.into())));
    assert_eq!(message.objects()[0].get::<&str, _>().unwrap(), text);
}

#[test]
fn what_is_owned_is_copied_out_of_the_block_and_counted() {
    let frame = frame();
    let out_of_band =
        size_of_val(&*frame.positions) + frame.log.len() + size_of_val(&*frame.hashes);
    let block = SharedBytes::from_allocation(message(&frame).to_block().unwrap());
    let before = block.to_vec();
    for mut message in [from_block(block.as_slice()), from_block(block.clone())] {
        let object = &mut message.objects_mut()[1];
        assert_eq!(object.take::<Frame, _>().unwrap(), frame);
        assert_eq!(object.copied().out_of_band, out_of_band as u64);
    }
    assert!(*block == *before, "the block stays as it was");
}

/// A copy of a block that lies `offset` bytes after a multiple of 64.
fn moved<'m>(block: &[u8], memory: &'m mut Vec<u8>, offset: usize) -> &'m [u8] {
    memory.resize(block.len() + 128, 0);
    let start = memory.as_ptr().addr().next_multiple_of(64) - memory.as_ptr().addr() + offset;
    let place = &mut memory[start..start + block.len()];
    place.copy_from_slice(block);
    place
}

#[test]
fn at_a_bad_address_headers_are_landed_once_views_refused_and_copies_counted() {
    let frame = frame();
    let block = message(&frame).to_block().unwrap();
    let mut memory = Vec::new();
    for offset in [1, 2, 4, 8, 16, 32, 48, 63] {
        let block = moved(block.as_slice(), &mut memory, offset);
        let message = from_block(block);
        let object = &message.objects()[1];
        let header = object.header().len() as u64;
        let landed = if offset % 16 == 0 { 0 } else { header };
        assert_eq!(object.copied().in_band, landed, "{offset}");
        assert_eq!(message.objects()[0].copied().in_band, 0, "no small array to borrow");
        let is_in_block = block.as_ptr_range().contains(&header_address(object));
        assert_eq!(is_in_block, landed == 0);

        let view = object.get::<View<'_>, _>();
        let refused = |field: &str, align: usize| {
            format!("{field}: memory to borrow is not aligned to {align} bytes")
        };
        match offset % 16 {
            0 => assert_eq!(view.unwrap().hashes, frame.hashes),
            8 => assert_eq!(view.unwrap_err().to_string(), refused("hashes", 16)),
            _ => assert_eq!(view.unwrap_err().to_string(), refused("positions", 8)),
        }
        // Small arrays and text are borrowed wherever the block lies.
        #[derive(Canned)]
        #[canned(rename = "Frame")]
        struct Text<'b> {
            masses: &'b [f32],
            log: &'b str,
        }
        let text: Text<'_> = object.get().unwrap();
        assert_eq!((text.masses, text.log), (&*frame.masses, &*frame.log));
        assert_eq!(object.copied().out_of_band, 0, "{offset}");
        assert_eq!(object.copied().in_band, landed, "not landed again");

        assert_eq!(object.get::<Frame, _>().unwrap(), frame);
    }
}

fn header_address(object: &Object<'_>) -> *const u8 {
    object.header().as_slice().unwrap().as_ptr()
}

#[test]
fn sharing_at_a_bad_address_copies_and_counts() {
    let frame = frame();
    let block = message(&frame).to_block().unwrap();
    let (positions, hashes) = (size_of_val(&*frame.positions), size_of_val(&*frame.hashes));
    for (offset, copied) in [(0, 0), (8, hashes), (4, positions + hashes)] {
        let mut memory = Vec::new();
        let place = moved(block.as_slice(), &mut memory, offset);
        let start = place.as_ptr().addr() - memory.as_ptr().addr();
        let range = start..start + block.len();
        let place = SharedBytes::from_vec(memory).get(range).unwrap();
        let message = from_block(place);
        let object = &message.objects()[1];
        let shared: Shared = object.get().unwrap();
        assert_eq!((&*shared.positions, &*shared.hashes), (&*frame.positions, &*frame.hashes));
        assert_eq!(object.copied().out_of_band, copied as u64, "{offset}");
    }
}

#[test]
fn messages_in_a_row_come_one_by_one_and_a_rest_is_not_overlooked() {
    let frame = frame();
    let mut bytes = written(&message(&frame));
    let first = bytes.len();
    bytes.extend(written(&Message::new()));
    bytes.extend(written(&Message::from(can("last").unwrap())));

    for whole in [Buffer::borrowed(&bytes), Buffer::from(bytes.clone())] {
        let limits = Limits::default();
        let (one, rest) = Message::from_block_prefix(whole.clone(), &limits).unwrap();
        assert_eq!(one.objects()[1].get::<Frame, _>().unwrap(), frame);
        assert_eq!(rest.len(), bytes.len() - first);
        let (two, rest) = Message::from_block_prefix(rest, &limits).unwrap();
        assert!(two.objects().is_empty());
        let (three, rest) = Message::from_block_prefix(rest, &limits).unwrap();
        assert_eq!(three.objects()[0].get::<&str, _>().unwrap(), "last");
        assert!(rest.is_empty());
        let error = Message::from_block_prefix(rest, &limits).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Truncated { read: 0 }), "{error}");

        let error = Message::from_block(whole, &limits).unwrap_err();
        let text = format!("the message ends after {first} of the block's {} bytes", bytes.len());
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_message_without_its_buffers_makes_no_block() {
    let numbers = vec![0.5_f64; 1000];
    let mut message = Message::from(can(&numbers).unwrap().into_owned().unwrap());
    message.objects_mut()[0].take::<Vec<f64>, _>().unwrap();
    let refused = |error: Error| assert_eq!(error.to_string(), "buffer 0 was already taken");
    refused(message.block_len().unwrap_err());
    refused(message.to_block().unwrap_err());
    refused(message.copy_to(&mut [0; 9000]).unwrap_err());
}

#[test]
fn blocks_of_two_pieces_are_refused() {
    let bytes = written(&Message::from(can("hi").unwrap()));
    let (start, end) = bytes.split_at(40);
    let error = Message::from_block(Buffer::borrowed_pieces(start, end), &Limits::default());
    assert_eq!(error.unwrap_err().to_string(), "memory to borrow lies in several pieces");
}

#[test]
fn objects_of_a_block_go_into_other_messages() {
    let frame = frame();
    let block = SharedBytes::from_allocation(message(&frame).to_block().unwrap());
    let taken = from_block(block).into_objects().remove(1);
    let all_out = CanOptions::new().inline_threshold(0);
    let mut message = Message::from(all_out.can("fresh").unwrap());
    message.push(taken);
    let bytes = written(&message);
    let back = from_block(bytes.as_slice());
    assert_eq!(back.objects()[0].get::<&str, _>().unwrap(), "fresh");
    assert_eq!(back.objects()[1].get::<Value, _>().unwrap().to_string(), {
        Value::of(&frame).unwrap().to_string()
    });
}
