//! Files that were made to cost those who open them.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::time::{Duration, Instant};

use canning_wire::{
    Limits,
    file::{Reader, Writer},
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
        let at = self.bytes.len() as u64;
        let mut bytes = vec![0; 64];
        bytes[..4].copy_from_slice(b"\x89REC");
        (bytes[4], bytes[12]) = (2, 1);
        bytes[16..24].copy_from_slice(&self.identity);
        for (to, number) in [(24, at), (32, number), (40, payload.len() as u64), (48, self.index)] {
            bytes[to..to + 8].copy_from_slice(&number.to_le_bytes());
        }
        let sum = crc32c(&[&bytes[..60]]);
        bytes[60..].copy_from_slice(&sum.to_le_bytes());
        bytes.extend(payload);
        bytes.resize((bytes.len() + 16).next_multiple_of(64) - 16, 0);
        let mut mark = (bytes.len() as u64 + 16).to_le_bytes().to_vec();
        mark.extend(crc32c(&[payload]).to_le_bytes());
        mark.extend(crc32c(&[&bytes[..60], &mark]).to_le_bytes());
        bytes.extend(mark);
        self.bytes.extend(bytes);
        self.index = at;
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
