//! What goes into a file comes out of it: in order, by position and by name.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    io,
    sync::{Arc, Mutex},
};

use canning_core::{Canned, CannedObject};
use canning_wire::{
    Error, ErrorKind, Limits, Message, can,
    file::{FileError, Reader, Tail, Task, Writer, inspect},
};
use support::scratch::Scratch;

fn open(path: &Scratch) -> Reader {
    Reader::open(path, Limits::default()).unwrap()
}

fn number(message: &Message<'_>) -> u64 {
    message.objects()[0].get::<u64, _>().unwrap()
}

fn file_error(error: &Error) -> &FileError {
    match error.kind() {
        ErrorKind::File(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn messages_come_back_in_order_by_position_and_by_name() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let large = vec![0.5_f64; 100_000];
    writer.write_named("large", &can(&large).unwrap().into()).unwrap();
    writer.write(&can(&1_u64).unwrap().into()).unwrap();
    writer.write_named("ünï\n", &can(&2_u64).unwrap().into()).unwrap();
    writer.write(&Message::new()).unwrap();
    writer.write_named("large", &can(&4_u64).unwrap().into()).unwrap();
    assert_eq!(writer.len(), 5);
    writer.finish().unwrap();

    let mut reader = open(&path);
    assert_eq!((reader.len(), reader.tail().unwrap()), (5, Tail::Nothing));
    let names: Vec<_> = reader.names().collect();
    assert_eq!(names, [Some("large"), None, Some("ünï\n"), None, Some("large")]);
    assert_eq!(reader.position_of("large"), Some(4), "the last of the name");
    assert_eq!(number(&reader.get_by_name("ünï\n").unwrap()), 2);
    assert_eq!(number(&reader.get(4).unwrap()), 4);
    let mut first = reader.next_message().unwrap().unwrap();
    assert_eq!(first.objects_mut()[0].take::<Vec<f64>, _>().unwrap(), large);
    assert_eq!(number(&reader.next_message().unwrap().unwrap()), 1);
    reader.seek(3);
    assert!(reader.next_message().unwrap().unwrap().objects().is_empty());
    assert_eq!(number(&reader.next_message().unwrap().unwrap()), 4);
    assert!(reader.next_message().unwrap().is_none());

    let error = reader.get(5).unwrap_err();
    assert!(matches!(file_error(&error), FileError::Position { position: 5, len: 5 }));
    let error = reader.get_by_name("small").unwrap_err();
    assert_eq!(error.to_string(), "no message is called \"small\"");
    assert!(reader.get_by_name("").is_err());
}

#[test]
fn a_large_buffer_is_read_where_it_stays_and_is_aligned_in_the_file() {
    let path = Scratch::new();
    let numbers: Vec<f64> = (0..100_000_u32).map(f64::from).collect();
    let mut writer = Writer::create(&path).unwrap().with_checksums();
    for name in
        ["a", "a name of more than sixty-four bytes, so that it takes two of them, and more"]
    {
        writer.write_named(name, &can(&numbers).unwrap().into()).unwrap();
    }
    writer.finish().unwrap();

    let bytes = path.bytes();
    let pattern: Vec<u8> = numbers[1..64].iter().flat_map(|number| number.to_le_bytes()).collect();
    let found = bytes.windows(pattern.len()).enumerate().filter(|(_, part)| *part == pattern);
    let found: Vec<_> = found.map(|(at, _)| (at - 8) % 64).collect();
    assert_eq!(found, [0, 0], "multiples of 64");

    let mut reader = open(&path);
    for position in 0..2 {
        let mut message = reader.get(position).unwrap();
        let address = message.objects()[0].buffers()[0].as_slice().unwrap().as_ptr();
        let taken: Vec<f64> = message.objects_mut()[0].take().unwrap();
        assert_eq!((taken.as_ptr().cast(), &taken), (address, &numbers), "no copy after the read");
    }
    assert!(reader.staged_bytes() <= 2 * 4096, "{}", reader.staged_bytes());
}

#[test]
fn strided_arrays_and_recycled_memory_work_as_on_streams() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let numbers = vec![2.5_f32; 50_000];
    for _ in 0..3 {
        writer.write(&can(&numbers).unwrap().into()).unwrap();
    }
    let mut reader = open(&path);
    let mut addresses = Vec::new();
    while let Some(mut message) = reader.next_message().unwrap() {
        let numbers: Vec<f32> = message.objects_mut()[0].take().unwrap();
        addresses.push(numbers.as_ptr());
        reader.recycle(numbers);
        reader.recycle_message(message);
    }
    assert_eq!(addresses, [addresses[0]; 3]);
}

#[test]
fn a_file_without_an_index_is_as_good_and_so_is_one_that_was_finished_often() {
    let path = Scratch::new();
    drop(Writer::create(&path).unwrap());
    for round in 0..20_u64 {
        let mut writer = Writer::append(&path).unwrap();
        assert_eq!(writer.len(), round * 3);
        for step in 0..3 {
            let value = round * 3 + step;
            writer.write_named(&format!("{value}"), &can(&value).unwrap().into()).unwrap();
        }
        if round % 3 != 0 {
            writer.finish().unwrap();
        }
        let mut reader = open(&path);
        assert_eq!(reader.len(), round * 3 + 3);
        for value in 0..reader.len() {
            assert_eq!(number(&reader.get(value).unwrap()), value);
            assert_eq!(reader.position_of(&value.to_string()), Some(value));
        }
    }
}

#[test]
fn messages_that_came_since_a_reader_looked_are_no_damage() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let mut reader = open(&path);
    for value in 0..3_u64 {
        writer.write(&can(&value).unwrap().into()).unwrap();
        assert_eq!((reader.tail().unwrap(), reader.len()), (Tail::Nothing, 0));
    }
    writer.finish().unwrap();
    assert_eq!(reader.tail().unwrap(), Tail::Nothing);
    let mut bytes = path.bytes();
    bytes.push(0x89);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(reader.tail().unwrap(), Tail::Unfinished { bytes: 1 });
    assert_eq!((reader.refresh().unwrap(), reader.len()), (3, 3));
}

#[test]
fn what_exists_is_not_overwritten_and_what_is_something_else_not_touched() {
    let path = Scratch::holding(b"notes");
    let error = Writer::create(&path).unwrap_err();
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::AlreadyExists);
    let error = Writer::append(&path).unwrap_err();
    assert!(matches!(file_error(&error), FileError::Magic { found: [b'n', b'o', b't', b'e'] }));
    assert!(Reader::open(&path, Limits::default()).is_err());
    assert_eq!(path.bytes(), b"notes");
    let error = Writer::append(Scratch::new()).unwrap_err();
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::NotFound);
}

#[test]
fn an_object_that_is_not_whole_is_not_written_nor_a_name_that_is_too_long() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let numbers = vec![0.5_f64; 4096];
    let mut owned = can(&numbers).unwrap().into_owned().unwrap();
    owned.take::<Vec<f64>, _>().unwrap();
    assert!(writer.write(&owned.into()).is_err());
    let error = writer.write_named(&"a".repeat(65_536), &Message::new()).unwrap_err();
    assert!(matches!(file_error(&error), FileError::NameLength { len: 65_536, most: 65_535 }));
    let longest = "a".repeat(65_535);
    writer.write_named(&longest, &can(&3_u64).unwrap().into()).unwrap();
    writer.finish().unwrap();
    assert_eq!(number(&open(&path).get_by_name(&longest).unwrap()), 3);
}

#[test]
fn progress_is_told_for_all_that_takes_long() {
    let path = Scratch::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let watch = || {
        let told = Arc::clone(&told);
        move |progress| told.lock().unwrap().push(progress)
    };
    let mut writer = Writer::create(&path).unwrap().with_progress(watch());
    let numbers = vec![0.5_f64; 8 << 20];
    writer.write(&can(&numbers).unwrap().into()).unwrap();
    let mut reader = Reader::open_with(&path, Limits::default(), watch()).unwrap();
    reader.get(0).unwrap();
    let told = told.lock().unwrap();
    for task in [Task::Writing, Task::Indexing, Task::Reading] {
        let all: Vec<_> = told.iter().filter(|progress| progress.task == task).collect();
        assert!(all.is_sorted_by_key(|progress| progress.done));
        let last = all.last().unwrap();
        assert!(last.done == last.total && last.total > 64 << 20, "{last:?}");
        assert!(task == Task::Indexing || all.len() >= 4, "{task:?}: {}", all.len());
    }
}

#[derive(Canned)]
struct Frame {
    step: u64,
    name: &'static str,
    positions: Vec<[f64; 3]>,
}

#[test]
fn what_is_empty_says_so_until_something_is_appended() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let mut reader = open(&path);
    assert!(writer.is_empty() && reader.is_empty());
    for number in 0..3_u64 {
        writer.write(&can(&number).unwrap().into()).unwrap();
        assert_eq!(reader.refresh().unwrap(), 1);
        assert!(!writer.is_empty() && !reader.is_empty());
    }
    writer.write(&Message::new()).unwrap();
    writer.write(&Message::new()).unwrap();
    assert_eq!((reader.refresh().unwrap(), reader.refresh().unwrap(), reader.len()), (2, 0, 5));
}

#[test]
fn inspect_shows_the_beginning_of_what_is_long() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let rows = |reader: &mut Reader| {
        let mut table = Vec::new();
        inspect(reader, &mut table).unwrap();
        String::from_utf8(table).unwrap()
    };
    let words = |count: usize| vec!["w".to_owned(); count];
    writer.write(&can(&(words(8), words(9))).unwrap().into()).unwrap();
    let table = rows(&mut open(&path));
    assert_eq!((table.matches("\"w\"").count(), table.matches('…').count()), (16, 1), "{table}");
    // As many rows as an object has at most: the last says that there are more.
    for (count, shown) in [(62, 62), (63, 62), (200, 62)] {
        let path = Scratch::new();
        let mut writer = Writer::create(&path).unwrap();
        writer.write(&can(&vec![words(1); count]).unwrap().into()).unwrap();
        let table = rows(&mut open(&path));
        assert_eq!(table.matches("\"w\"").count(), shown, "{count}\n{table}");
        assert_eq!(table.contains("… and more"), count > shown, "{count}\n{table}");
    }
}

#[test]
fn inspect_lists_what_is_there_and_escapes_names() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    let frame = Frame { step: 7, name: "argon", positions: vec![[0.5, 1.0, 1.5]; 1000] };
    let mut message = Message::from(can(&frame).unwrap());
    let list = vec!["a".to_owned(), "b".to_owned()];
    message.add(&list).unwrap().add(&(1_u8, None::<u8>)).unwrap();
    writer.write_named("evil\x1b[2J", &message).unwrap();
    writer.write(&can(&true).unwrap().into()).unwrap();
    writer.finish().unwrap();
    let mut table = Vec::new();
    inspect(&mut open(&path), &mut table).unwrap();
    let table = String::from_utf8(table).unwrap();
    assert!(!table.contains('\x1b'), "{table}");
    let rows: Vec<Vec<&str>> =
        table.lines().map(|line| line.split_whitespace().collect()).collect();
    let expected: [&[&str]; 10] = [
        &["what", "dtype", "or", "type", "shape", "bytes", "first", "values"],
        &["#0", "evil\\u{1b}[2J", "message"],
        &["0", "Frame"],
        &["0.step", "integer", "7"],
        &["0.name", "text", "5", "\"argon\""],
        &["0.positions", "<f8", "[1000,", "3]", "24000", "[0.5,", "1.0,"],
        &["1", "list", "2", "\"a\",", "\"b\""],
        &["2", "tuple", "2", "1,", "none"],
        &["#1", "message"],
        &["0", "bool", "true"],
    ];
    assert_eq!(rows.len(), expected.len(), "{table}");
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.starts_with(expected), "{row:?} {expected:?}\n{table}");
    }
}

/// CRC-32C, a bit at a time.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ if sum & 1 == 1 { 0x82f6_3b78 } else { 0 };
        }
    }
    !sum
}

/// A file put together as the document says.
struct Assembled {
    bytes: Vec<u8>,
    identity: [u8; 8],
}

impl Assembled {
    fn new(identity: [u8; 8]) -> Self {
        let mut bytes = b"\x89FIL\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend_from_slice(&identity);
        bytes.resize(60, 0);
        bytes.extend_from_slice(&crc(&bytes).to_le_bytes());
        Self { bytes, identity }
    }

    fn record(&mut self, kind: u8, name: &str, number: u64, index: u64, payload: &[u8]) {
        let start = self.bytes.len();
        let has_checksum = kind == 2;
        let mut record = b"\x89REC".to_vec();
        record.extend_from_slice(&[kind, 0, u8::try_from(name.len()).unwrap(), 0]);
        record.extend_from_slice(&[0, 0, 0, 0, u8::from(has_checksum), 0, 0, 0]);
        record.extend_from_slice(&self.identity);
        for number in [start as u64, number, payload.len() as u64, index] {
            record.extend_from_slice(&number.to_le_bytes());
        }
        record.extend_from_slice(&crc(name.as_bytes()).to_le_bytes());
        let mut sealed = record.clone();
        record.extend_from_slice(&crc(&record).to_le_bytes());
        record.extend_from_slice(name.as_bytes());
        record.resize(record.len().next_multiple_of(64), 0);
        record.extend_from_slice(payload);
        let len = (record.len() + 16).next_multiple_of(64);
        record.resize(len - 16, 0);
        let mut mark = (len as u64).to_le_bytes().to_vec();
        let checksum = if has_checksum { crc(payload) } else { 0 };
        mark.extend_from_slice(&checksum.to_le_bytes());
        sealed.extend_from_slice(&mark);
        mark.extend_from_slice(&crc(&sealed).to_le_bytes());
        self.bytes.extend_from_slice(&record);
        self.bytes.extend_from_slice(&mark);
    }
}

#[test]
fn the_bytes_are_those_of_the_document() {
    let path = Scratch::new();
    let numbers = vec![0.5_f64; 300];
    let messages = [Message::from(can(&7_u64).unwrap()), Message::from(can(&numbers).unwrap())];
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&messages[0]).unwrap();
    writer.write_named("höhe", &messages[1]).unwrap();
    writer.finish().unwrap();
    let mut writer = Writer::append(&path).unwrap();
    writer.write_named("a", &messages[0]).unwrap();
    writer.finish().unwrap();

    let written = path.bytes();
    let mut expected = Assembled::new(written[16..24].try_into().unwrap());
    let blocks = messages.map(|message| message.to_block().unwrap());
    let mut starts = Vec::new();
    let mut record = |kind, name: &str, number, index, payload: &[u8]| {
        starts.push(expected.bytes.len() as u64);
        expected.record(kind, name, number, index, payload);
        *starts.last().unwrap()
    };
    let first = record(1, "", 0, 0, blocks[0].as_slice());
    let second = record(1, "höhe", 1, 0, blocks[1].as_slice());
    let payload = [&2_u64.to_le_bytes()[..], &first.to_le_bytes(), &second.to_le_bytes()].concat();
    let payload = [&payload[..], b"\0\0\x05\0", "höhe".as_bytes()].concat();
    let index = record(2, "", 2, 0, &payload);
    let third = record(1, "a", 2, index, blocks[0].as_slice());
    let payload = [&1_u64.to_le_bytes()[..], &third.to_le_bytes(), b"\x01\0a"].concat();
    record(2, "", 3, index, &payload);
    assert_eq!(written, expected.bytes);
}
