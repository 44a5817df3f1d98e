//! Files that were cut, zeroed or flipped at any byte: what is whole stays readable, and nothing
//! else comes out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::ops::Range;

use canning_core::CannedObject;
use canning_wire::{
    Limits, Message, can,
    file::{Reader, StreamReader, Tail, Writer},
};
use support::scratch::Scratch;

/// What a file was made of.
struct Made {
    bytes: Vec<u8>,
    values: Vec<Vec<u32>>,
    names: Vec<&'static str>,
    /// Where each record starts and ends.
    records: Vec<Range<usize>>,
}

/// Five messages, an index after the third: some with names, one with a buffer.
fn make(has_checksums: bool) -> Made {
    let path = Scratch::new();
    let names = vec!["first", "", "third", "", "fifth"];
    let values: Vec<Vec<u32>> =
        [3, 400, 1, 5, 20].into_iter().map(|len| (1..=len).collect()).collect();
    let mut records = Vec::new();
    let mut writer = Writer::create(&path).unwrap();
    for (number, (value, name)) in values.iter().zip(&names).enumerate() {
        if number == 3 {
            writer.finish().unwrap();
            writer = Writer::append(&path).unwrap();
        }
        writer = if has_checksums { writer.with_checksums() } else { writer };
        let start = path.bytes().len();
        writer.write_named(name, &can(value).unwrap().into()).unwrap();
        records.push(start..path.bytes().len());
    }
    Made { bytes: path.bytes(), values, names, records }
}

fn value(message: &Message<'_>) -> Option<Vec<u32>> {
    message.objects().first()?.get().ok()
}

fn append(path: &Scratch, number: u32) -> canning_wire::Result<()> {
    let mut writer = Writer::append(path)?;
    writer.write_named("last", &can(&vec![number]).unwrap().into())?;
    writer.finish()
}

/// The first `whole` messages are there, then the one that was appended.
fn check(path: &Scratch, made: &Made, whole: usize, appended: Option<u32>) {
    let mut reader = Reader::open(path, Limits::default()).unwrap();
    assert_eq!(reader.len(), (whole + usize::from(appended.is_some())) as u64);
    for position in 0..whole {
        let message = reader.next_message().unwrap().unwrap();
        assert_eq!(value(&message).unwrap(), made.values[position]);
        assert_eq!(reader.name(position as u64).unwrap_or(""), made.names[position]);
    }
    if let Some(number) = appended {
        assert_eq!(value(&reader.get_by_name("last").unwrap()), Some(vec![number]));
        assert_eq!(reader.tail().unwrap(), Tail::Nothing);
    }
}

#[test]
fn a_file_cut_at_every_byte_keeps_what_was_whole_and_is_appended_to() {
    let made = make(false);
    for cut in 0..=made.bytes.len() {
        let path = Scratch::holding(&made.bytes[..cut]);
        let whole = made.records.iter().filter(|record| record.end <= cut).count();
        if cut >= 64 {
            check(&path, &made, whole, None);
        } else {
            assert!(Reader::open(&path, Limits::default()).is_err());
        }
        append(&path, cut as u32).unwrap();
        check(&path, &made, whole, Some(cut as u32));
    }
}

/// A name, and a value.
type Named = (Option<String>, Option<Vec<u32>>);

/// What comes out of a stream, until its end or an error; and whether it is its end.
fn streamed(bytes: &[u8]) -> (Vec<Named>, bool) {
    let mut found = Vec::new();
    let Ok(mut reader) = StreamReader::new(bytes, Limits::default()) else {
        return (found, false);
    };
    loop {
        match reader.next_message() {
            Ok(Some(message)) => found.push((reader.name().map(str::to_owned), value(&message))),
            Ok(None) => return (found, true),
            Err(_) => {
                assert!(reader.next_message().is_err(), "an error ends it");
                return (found, false);
            }
        }
    }
}

#[test]
fn a_stream_cut_at_every_byte_gives_what_was_whole_and_an_error() {
    let made = make(false);
    for cut in 0..=made.bytes.len() {
        let (found, is_ended) = streamed(&made.bytes[..cut]);
        let whole = made.records.iter().filter(|record| record.end <= cut).count();
        assert_eq!(found.len(), whole, "{cut}");
        // The index stands between the third and the fourth.
        let ends = [64, made.records[3].start];
        let is_end = ends.contains(&cut) || made.records.iter().any(|record| record.end == cut);
        assert_eq!(is_ended, is_end, "{cut}");
    }
}

#[test]
fn a_stream_flipped_at_every_byte_gives_no_wrong_data_with_checksums() {
    let made = make(true);
    for at in 0..made.bytes.len() {
        let mut bytes = made.bytes.clone();
        bytes[at] ^= 0x04;
        for (position, (name, value)) in streamed(&bytes).0.into_iter().enumerate() {
            assert_eq!(value.as_ref(), Some(&made.values[position]), "{at}");
            assert_eq!(name.as_deref().unwrap_or(""), made.names[position]);
        }
    }
}

#[test]
fn zeros_in_place_of_the_end_leave_what_was_whole() {
    let made = make(false);
    for cut in 64..=made.bytes.len() {
        let mut bytes = made.bytes.clone();
        bytes[cut..].fill(0);
        bytes.resize(bytes.len() + (cut * 37) % 5000, 0);
        // Bytes that were zero before are not missed.
        let missed = made.bytes[..].iter().rposition(|byte| *byte != 0).unwrap().min(cut);
        let is_there = |record: &&Range<usize>| {
            bytes[(*record).clone()] == made.bytes[(*record).clone()] || record.end <= missed
        };
        let whole = made.records.iter().filter(is_there).count();
        let path = Scratch::holding(&bytes);
        check(&path, &made, whole, None);
        match append(&path, cut as u32) {
            Ok(()) => check(&path, &made, whole, Some(cut as u32)),
            // A mark of which only a part came to the disk: no disk divides one.
            Err(_) => {
                let next = bytes[..cut].len().next_multiple_of(64);
                assert!(next - cut < 16, "{cut}");
                assert_eq!(path.bytes(), bytes);
            }
        }
    }
}

/// Flips bits of every byte; without checksums only what is outside of messages is protected.
fn flip(has_checksums: bool, mask: u8) {
    let made = make(has_checksums);
    for at in 0..made.bytes.len() {
        let mut bytes = made.bytes.clone();
        bytes[at] ^= mask;
        let path = Scratch::holding(&bytes);
        let Ok(mut reader) = Reader::open(&path, Limits::default()) else {
            assert!(at < 64, "{at}");
            assert!(append(&path, 7).is_err());
            assert_eq!(path.bytes(), bytes);
            continue;
        };
        let mut failed = 0;
        for position in 0..made.values.len() {
            let hit = made.records[position].contains(&at);
            match reader.get(position as u64) {
                Err(error) => {
                    assert!(hit, "{at} {position}: {error}");
                    failed += 1;
                }
                Ok(message) => {
                    assert!(
                        value(&message).as_ref() == Some(&made.values[position])
                            || hit && !has_checksums && at >= made.records[position].start + 64,
                        "{at} {position}: wrong data"
                    );
                    assert_eq!(reader.name(position as u64).unwrap_or(""), made.names[position]);
                }
            }
        }
        assert!(failed <= 1, "{at}: {failed} are lost");
        let before = reader.len();
        match append(&path, 7) {
            Ok(()) => {
                assert_eq!(path.bytes()[..bytes.len()], bytes, "{at}: only behind the last");
                let mut reader = Reader::open(&path, Limits::default()).unwrap();
                assert_eq!(reader.len(), before + 1);
                assert_eq!(value(&reader.get_by_name("last").unwrap()), Some(vec![7]));
            }
            Err(_) => {
                assert!(matches!(reader.tail().unwrap(), Tail::Damaged { .. }), "{at}");
                assert_eq!(path.bytes(), bytes, "{at}: a damaged record is not cut off");
            }
        }
    }
}

#[test]
fn every_flipped_byte_is_found_with_checksums() {
    flip(true, 0xff);
    flip(true, 0x01);
}

#[test]
fn without_checksums_only_the_bytes_of_a_message_can_change() {
    flip(false, 0x80);
}

#[test]
fn a_damaged_record_in_the_middle_keeps_its_position() {
    let made = make(false);
    let mut bytes = made.bytes.clone();
    // All of the second and third, but for what their payloads would say.
    for record in &made.records[1..3] {
        bytes[record.start..record.start + 64].fill(0xee);
    }
    let path = Scratch::holding(&bytes);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!(reader.len(), 5);
    for (position, expected) in made.values.iter().enumerate() {
        match reader.get(position as u64) {
            Ok(message) => assert_eq!(value(&message).as_ref(), Some(expected)),
            Err(error) => assert!((1..3).contains(&position), "{position}: {error}"),
        }
    }
    // And without its index, too.
    let mut bytes = bytes[..made.records[3].start].to_vec();
    bytes.truncate(made.records[2].end);
    bytes.extend_from_slice(&made.bytes[made.records[2].end..]);
    let index = made.records[2].end..made.records[3].start;
    bytes[index].fill(0);
    let mut reader = Reader::open(Scratch::holding(&bytes), Limits::default()).unwrap();
    assert_eq!(reader.len(), 5);
    assert_eq!(value(&reader.get(4).unwrap()).as_ref(), Some(&made.values[4]));
    assert!(reader.get(1).unwrap_err().to_string().contains("message 1"));
}

#[test]
fn an_append_leads_to_an_older_index_that_knows_a_damaged_name() {
    // A writer was stopped within the last message, and nothing leads to the index behind the third.
    let made = make(true);
    let mut bytes = made.bytes[..made.records[4].end - 64].to_vec();
    bytes[made.records[2].start + 64] ^= 1;
    let path = Scratch::holding(&bytes);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!((reader.len(), reader.position_of("third")), (4, None));
    assert!(reader.get(2).is_err());
    append(&path, 7).unwrap();
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!((reader.len(), reader.position_of("third")), (5, Some(2)));
    for (position, expected) in made.values[..4].iter().chain([&vec![7]]).enumerate() {
        let message = reader.get(position as u64).unwrap();
        assert_eq!(value(&message).as_ref(), Some(expected), "message {position}");
    }
}

#[test]
fn what_is_the_start_of_a_head_begins_anew_and_nothing_else_does() {
    let head = &make(false).bytes[..64];
    for len in 0..64 {
        // A writer that is stopped there has written no message.
        let path = Scratch::holding(&head[..len]);
        append(&path, 7).unwrap();
        let mut reader = Reader::open(&path, Limits::default()).unwrap();
        assert_eq!(value(&reader.get(0).unwrap()), Some(vec![7]), "{len} bytes");
        let mut other = head[..len].to_vec();
        let Some(first) = other.first_mut() else { continue };
        *first ^= 1;
        let path = Scratch::holding(&other);
        append(&path, 7).unwrap_err();
        assert_eq!(path.bytes(), other, "{len} bytes");
    }
}

#[test]
fn a_message_that_holds_a_file_is_not_taken_for_records() {
    let made = make(false);
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    writer.write(&can(&made.bytes).unwrap().into()).unwrap();
    drop(writer);
    let whole = path.bytes();
    for cut in (64..whole.len()).step_by(16) {
        let path = Scratch::holding(&whole[..cut]);
        assert_eq!(Reader::open(&path, Limits::default()).unwrap().len(), 0, "{cut}");
    }
}

#[test]
fn records_of_another_file_are_none_of_this_one() {
    let (one, other) = (make(false), make(false));
    let mut bytes = one.bytes[..64].to_vec();
    bytes.extend_from_slice(&other.bytes[64..]);
    let path = Scratch::holding(&bytes);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!(reader.len(), 0);
    assert!(matches!(reader.tail().unwrap(), Tail::Damaged { .. }));
    assert!(append(&path, 7).is_err());
    assert!(streamed(&bytes).0.is_empty());
}
