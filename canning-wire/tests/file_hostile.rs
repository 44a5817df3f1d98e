//! Files that were made to cost those who open them.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::time::{Duration, Instant};

use canning_wire::{
    ErrorKind, Limits, Message, can,
    file::{FileError, Reader, Tail, Writer},
};
use support::{checksum::crc32c, scratch::Scratch};

/// A file, of which records are put together by hand.
struct Made {
    bytes: Vec<u8>,
    identity: [u8; 8],
    /// Where the last index starts.
    index: u64,
}

impl Made {
    fn new() -> Self {
        let path = Scratch::new();
        drop(Writer::create(&path).unwrap());
        let bytes = path.bytes();
        Self { identity: *bytes[16..].first_chunk().unwrap(), bytes, index: 0 }
    }

    /// As many zeros as so many messages would take.
    fn hole(&mut self, messages: u64) {
        self.bytes.resize(self.bytes.len() + 128 * usize::try_from(messages).unwrap(), 0);
    }

    /// Adds an index record behind `number` messages.
    fn index(&mut self, number: u64, payload: &[u8]) {
        let at = self.end();
        self.record(2, number, payload);
        self.index = at;
    }

    /// Adds a whole record, with a checksum.
    fn record(&mut self, kind: u8, number: u64, payload: &[u8]) {
        let mut bytes = self.head(kind, number, payload.len() as u64).to_vec();
        bytes.extend(payload);
        bytes.resize((bytes.len() + 16).next_multiple_of(64) - 16, 0);
        let mut mark = (bytes.len() as u64 + 16).to_le_bytes().to_vec();
        mark.extend(crc32c(&[payload]).to_le_bytes());
        mark.extend(crc32c(&[&bytes[..60], &mark]).to_le_bytes());
        self.bytes.extend(bytes);
        self.bytes.extend(mark);
    }

    /// The head of a record that starts at the end of the file.
    fn head(&self, kind: u8, number: u64, len: u64) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes[..4].copy_from_slice(b"\x89REC");
        (bytes[4], bytes[12]) = (kind, 1);
        bytes[16..24].copy_from_slice(&self.identity);
        for (to, number) in [(24, self.end()), (32, number), (40, len), (48, self.index)] {
            bytes[to..to + 8].copy_from_slice(&number.to_le_bytes());
        }
        let sum = crc32c(&[&bytes[..60]]);
        bytes[60..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    fn end(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Opens it; says how many messages there are, and how long it took.
    fn open(&self) -> (u64, Duration) {
        let path = Scratch::holding(&self.bytes);
        let start = Instant::now();
        let len = Reader::open(&path, Limits::default()).unwrap().len();
        (len, start.elapsed())
    }
}

/// The payload of an index of messages that are all lost.
fn lost(count: u64) -> Vec<u8> {
    let mut payload = count.to_le_bytes().to_vec();
    payload.resize(8 + 10 * usize::try_from(count).unwrap(), 0);
    payload
}

#[test]
fn many_indexes_of_nothing_behind_many_lost_messages_take_no_longer_than_both_apart() {
    let (messages, indexes) = (100_000, 20_000);
    let (mut all_lost, mut all_empty, mut both) = (Made::new(), Made::new(), Made::new());
    all_lost.hole(messages);
    all_lost.index(messages, &lost(messages));
    both.hole(messages);
    both.index(messages, &lost(messages));
    for _ in 0..indexes {
        all_empty.index(0, &lost(0));
        both.index(messages, &lost(0));
    }
    let apart = all_lost.open().1 + all_empty.open().1;
    // The best of three: anything may come between.
    let (len, together) = (0..3).map(|_| both.open()).min_by_key(|opened| opened.1).unwrap();
    assert_eq!(len, messages);
    // Where each of them looks through all that is lost it takes a hundred times as long.
    assert!(together < 20 * apart, "{together:?} instead of {apart:?}");
}

#[test]
fn an_index_of_more_lost_messages_than_there_was_room_for_is_not_believed() {
    let (mut enough, mut too_many) = (Made::new(), Made::new());
    enough.hole(1000);
    enough.index(1000, &lost(1000));
    too_many.hole(999);
    too_many.index(1000, &lost(1000));
    assert_eq!((enough.open().0, too_many.open().0), (1000, 0));
}

/// The payload of an index of one message.
fn entry(offset: u64) -> Vec<u8> {
    [&1_u64.to_le_bytes()[..], &offset.to_le_bytes(), &[0; 2]].concat()
}

fn frame(value: u64) -> Vec<u8> {
    Message::from(can(&value).unwrap()).to_block().unwrap().as_slice().to_vec()
}

/// Nothing is cut off a file of these bytes, and nothing appended.
#[track_caller]
fn is_left_alone(bytes: &[u8]) {
    let path = Scratch::holding(bytes);
    let tail = Reader::open(&path, Limits::default()).unwrap().tail().unwrap();
    assert!(matches!(tail, Tail::Damaged { .. }), "{tail:?}");
    let error = Writer::append(&path).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::File(FileError::Damaged { .. })), "{error}");
    assert_eq!(path.bytes(), bytes);
}

#[test]
fn what_was_whole_is_not_cut_off() {
    // The head of a message that is longer than any file; a message within it; an index of that.
    let mut made = Made::new();
    made.bytes.extend(made.head(1, 0, 1 << 40));
    made.record(1, 0, &frame(7));
    made.index(1, &entry(128));
    let path = Scratch::holding(&made.bytes);
    let mut writer = Writer::append(&path).unwrap();
    for value in 1..100_u64 {
        writer.write(&can(&value).unwrap().into()).unwrap();
    }
    writer.sync().unwrap();
    drop(writer);
    assert_eq!(Reader::open(&path, Limits::default()).unwrap().len(), 100);

    // A writer that was stopped within a record: nothing leads to the index any more.
    let torn = [path.bytes(), b"\x89R".to_vec()].concat();
    is_left_alone(&torn);
    // For all that is known they are of the long message.
    assert_eq!(Reader::open(Scratch::holding(&torn), Limits::default()).unwrap().len(), 0);
}

#[test]
fn an_index_that_starts_within_another_record_is_not_cut_off() {
    let mut made = Made::new();
    made.record(1, 0, &frame(7));
    let first_index = made.end();
    made.index(1, &entry(64));
    // A message of which the last 64 bytes, with its mark, are the head of an index; that one says
    // of the index before what the mark says of the message's length.
    let start = made.bytes.len();
    let len = usize::try_from(first_index).unwrap();
    made.bytes.extend(made.head(1, 1, first_index - 64 - 64));
    made.bytes.resize(start + len - 64, 0);
    let entry = entry(start as u64);
    let mut inner = made.head(2, 2, entry.len() as u64);
    inner[48..56].copy_from_slice(&first_index.to_le_bytes());
    // Both checksums end with these bytes: they are one if they are before, which the checksum of
    // the message's name, that it does not have, takes care of.
    inner[56..60].fill(0);
    let head = &mut made.bytes[start..start + 64];
    let found = !crc32c(&[&head[..56]]);
    let wanted = !crc32c(&[&inner[..48]]);
    head[56..60].copy_from_slice(&(found ^ before_32_bits(wanted)).to_le_bytes());
    let sum = crc32c(&[&head[..60]]);
    head[60..].copy_from_slice(&sum.to_le_bytes());
    let seal = crc32c(&[&inner[..60]]);
    inner[60..].copy_from_slice(&seal.to_le_bytes());
    assert_eq!(crc32c(&[&head[..60], &inner[48..60]]), seal);
    made.bytes.extend(inner);
    made.bytes.extend(&entry);
    made.bytes.resize(made.bytes.len().next_multiple_of(64) - 16, 0);
    let mut mark = 128_u64.to_le_bytes().to_vec();
    mark.extend(crc32c(&[&entry]).to_le_bytes());
    mark.extend(crc32c(&[&inner[..60], &mark]).to_le_bytes());
    made.bytes.extend(mark);

    // Who comes by the index believes that the file ends here.
    let end = made.bytes.len();
    let path = Scratch::holding(&made.bytes);
    drop(Writer::append(&path).unwrap());
    assert_eq!(path.bytes().len(), end);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!((reader.len(), reader.tail().unwrap()), (2, Tail::Nothing));
    // After a loss of power nothing leads to it, and the message ends before.
    made.bytes.extend([0; 100]);
    is_left_alone(&made.bytes);
}

/// What a checksum was before 32 zero bits.
fn before_32_bits(sum: u32) -> u32 {
    let bit = |sum: u32| {
        if sum >> 31 == 1 { (sum ^ 0x82f6_3b78) << 1 | 1 } else { sum << 1 }
    };
    (0..32).fold(sum, |sum, _| bit(sum))
}

#[test]
fn an_index_that_names_other_records_gives_no_other_message() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    for number in 0..4_u64 {
        writer.write(&can(&number).unwrap().into()).unwrap();
    }
    drop(writer);
    let bytes = path.bytes();
    let mut made = Made { identity: *bytes[16..].first_chunk().unwrap(), bytes, index: 0 };
    // Where the second, third and fourth are, for the first three; and an index for the fourth.
    let starts: Vec<u64> = (64..made.bytes.len())
        .step_by(64)
        .filter(|at| made.bytes[*at..].starts_with(b"\x89REC"))
        .map(|at| at as u64)
        .collect();
    let index = made.bytes.len() as u64;
    made.index(4, &lost(0));
    made.index = 0;
    let mut payload = 4_u64.to_le_bytes().to_vec();
    payload.extend([starts[1], starts[2], starts[3], index].map(u64::to_le_bytes).concat());
    payload.resize(payload.len() + 8, 0);
    made.index(4, &payload);
    let path = Scratch::holding(&made.bytes);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!(reader.len(), 4);
    for position in 0..4 {
        let error = reader.get(position).unwrap_err();
        assert!(error.to_string().contains("damaged"), "{position}: {error}");
    }
}
