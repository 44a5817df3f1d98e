//! The memory that files take: of many messages, and of hostile ones.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use canning_core::CannedObject;
use canning_wire::{
    Limits, Message, can,
    file::{Reader, Writer},
};
use support::{
    checksum::crc32c,
    counting::{Counting, count},
    scratch::Scratch,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn open(path: &Scratch) -> Reader {
    Reader::open(path, Limits::default()).unwrap()
}

#[test]
fn a_million_messages_take_eight_bytes_each_and_the_writer_stays_small() {
    const MESSAGES: u64 = 1_000_000;
    let path = Scratch::new();
    let message = Message::from(can(&7_u8).unwrap());
    let (writer, written) = count(|| {
        let mut writer = Writer::create(&path).unwrap();
        for _ in 0..MESSAGES {
            writer.write(&message).unwrap();
        }
        writer
    });
    assert!(written.peak < 20 << 20, "{written:?}");
    writer.finish().unwrap();
    for is_indexed in [true, false] {
        if !is_indexed {
            let mut bytes = path.bytes();
            bytes.push(0x89);
            std::fs::write(&path, bytes).unwrap();
        }
        let (mut reader, opened) = count(|| open(&path));
        assert_eq!(reader.len(), MESSAGES);
        assert!(opened.peak < 40 << 20, "{opened:?}");
        assert_eq!(reader.get(MESSAGES - 1).unwrap().objects()[0].get::<u8, _>().unwrap(), 7);
        let ((), dropped) = count(|| drop(reader));
        assert!(dropped.freed() < 17 << 20, "{} bytes", dropped.freed());
    }
}

/// Makes the checksums of a record's head and mark anew, as a stranger can.
fn seal(bytes: &mut [u8], at: usize) {
    let checksum = crc32c(&[&bytes[at..at + 60]]);
    bytes[at + 60..at + 64].copy_from_slice(&checksum.to_le_bytes());
    let end = bytes.len();
    let seal = crc32c(&[&bytes[at..at + 60], &bytes[end - 16..end - 4]]);
    bytes[end - 4..].copy_from_slice(&seal.to_le_bytes());
}

/// A file of one message or, without one, an index, whose record starts at 64.
fn with(change: impl FnOnce(&mut Vec<u8>)) -> Scratch {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&can(&vec![7_u64; 1000]).unwrap().into()).unwrap();
    drop(writer);
    let mut bytes = path.bytes();
    change(&mut bytes);
    seal(&mut bytes, 64);
    Scratch::holding(&bytes)
}

/// What a hostile file makes a reader allocate, and whether its message comes out.
fn read(path: &Scratch) -> bool {
    let (is_read, count) = count(|| {
        let Ok(mut reader) = Reader::open(path, Limits::default()) else { return false };
        assert!(reader.names().count() <= 1);
        reader.tail().unwrap();
        reader.next_message().is_ok_and(|message| message.is_some())
    });
    assert!(count.peak < 1 << 20, "{count:?}");
    is_read
}

#[test]
fn hostile_numbers_allocate_nothing() {
    assert!(read(&with(|_| {})), "the seal is the writer's");
    let u64_at = |at: usize, number: u64| {
        move |bytes: &mut Vec<u8>| bytes[at..at + 8].copy_from_slice(&number.to_le_bytes())
    };
    let frame = 64 + 64;
    for number in [1 << 40, 1 << 62, u64::MAX] {
        assert!(!read(&with(u64_at(64 + 24, number))), "another place");
        assert!(!read(&with(u64_at(64 + 32, number))), "messages before it");
        assert!(!read(&with(u64_at(64 + 40, number))), "the length of the payload");
        assert!(read(&with(u64_at(64 + 48, number))), "an index that is not there");
        assert!(!read(&with(u64_at(frame + 16, number))), "the objects of the frame");
        assert!(!read(&with(u64_at(frame + 24, number))), "the length of the frame");
        assert!(!read(&with(u64_at(frame + 32, number))), "the length of a header");
    }
    assert!(!read(&with(|bytes| bytes[64 + 6..64 + 8].fill(0xff))), "a long name");
    assert!(!read(&with(|bytes| bytes[64 + 8] = 1)), "a critical flag");
    let long = 1_u64 << 40;
    let index = with(|bytes| {
        bytes[64 + 4] = 2;
        bytes[64 + 12] = 1;
        bytes[frame..frame + 8].copy_from_slice(&long.to_le_bytes());
        let end = bytes.len();
        let payload = bytes[64 + 40..64 + 48].try_into().unwrap();
        let payload = usize::try_from(u64::from_le_bytes(payload)).unwrap();
        let checksum = crc32c(&[&bytes[frame..frame + payload]]);
        bytes[end - 8..end - 4].copy_from_slice(&checksum.to_le_bytes());
    });
    assert!(!read(&index), "an index of 2^40 messages");
    assert!(!read(&with(|bytes| bytes[64 + 4] = 9)), "another kind is passed over");
}
