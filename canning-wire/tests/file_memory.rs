//! A hundred thousand messages written to a file, and read from it in every way: memory stays as
//! it is.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{fs::File, io::BufReader};

use canning_core::CannedObject;
use canning_wire::{
    Limits, Message, can,
    file::{Map, Reader, StreamReader, Writer},
};
use support::{
    counting::{Count, Counting, count},
    resident::{NOISE, resident},
    scratch::Scratch,
};

#[global_allocator]
static COUNTING: Counting = Counting;

const WINDOWS: usize = 10;
const MESSAGES: u64 = 10_000;
const ALL: u64 = WINDOWS as u64 * MESSAGES;

/// Some are small, and lie in their headers; some have a buffer.
fn items(number: u64) -> usize {
    if number.is_multiple_of(20) { 1000 } else { 20 }
}

/// Long, so that the index is written often.
fn name(number: u64) -> String {
    format!("{number:0190}")
}

fn check(message: &Message<'_>, number: u64) {
    let [object] = message.objects() else { panic!("not one object") };
    let found: &[u64] = object.get().unwrap();
    assert_eq!(
        (found.len(), found.first(), found.last()),
        (items(number), Some(&number), Some(&number))
    );
}

/// What each part of a long task takes, and the memory that the process uses after it.
fn windows(mut task: impl FnMut(u64)) -> [(Count, usize); WINDOWS] {
    let mut number = 0;
    [(); WINDOWS].map(|()| {
        let ((), cost) = count(|| (number..number + MESSAGES).for_each(&mut task));
        number += MESSAGES;
        (cost, resident())
    })
}

/// After the first window, nothing is kept, and no window needs more than others.
fn assert_flat(what: &str, windows: &[(Count, usize); WINDOWS]) {
    let [first, rest @ ..] = windows;
    for (cost, resident) in rest {
        assert_eq!(cost.kept(), 0, "{what}: {cost:?}");
        assert!(cost.peak < 100 << 10, "{what}: {cost:?}");
        let more = cost.allocations.abs_diff(rest[0].0.allocations);
        assert!(more <= 2, "{what}: {} and {cost:?}", rest[0].0.allocations);
        let grown = resident.saturating_sub(first.1);
        assert!(grown < NOISE, "{what}: {grown} bytes more are in use");
    }
}

/// Makes the file, and says what that took.
fn write(path: &Scratch) -> [(Count, usize); WINDOWS] {
    let mut writer = Writer::create(path).unwrap();
    let windows = windows(|number| {
        let items = vec![number; items(number)];
        writer.write_named(&name(number), &can(&items).unwrap().into()).unwrap();
    });
    writer.finish().unwrap();
    windows
}

/// One test, as what the process uses is everybody's.
#[test]
fn memory_stays_flat_while_100_000_messages_are_written_and_read() {
    let path = Scratch::new();
    let written = write(&path);
    // Once in about each window the entries of the index are 2 MiB, and are written. What that
    // takes for a moment, the system's allocator may keep.
    let [_, _, _, first, rest @ ..] = &written;
    for (cost, resident) in rest {
        assert!(cost.kept() < 4 << 10 && cost.peak < 10 << 20, "{cost:?}");
        let grown = resident.saturating_sub(first.1);
        assert!(grown < NOISE, "{grown} bytes more are in use");
    }

    let path = path.as_ref();
    let (mut reader, opened) = count(|| Reader::open(path, Limits::default()).unwrap());
    assert_eq!(reader.len(), ALL);
    // Where each is and what it is called; what grows is up to twice as large.
    let index = usize::try_from(ALL).unwrap() * (8 + 8 + 8 + 190);
    assert!(opened.kept() < 2 * index, "{opened:?}");
    let next = windows(|number| check(&reader.next_message().unwrap().unwrap(), number));
    assert_flat("one after the other", &next);
    let recycled = windows(|number| {
        let message = reader.get(number).unwrap();
        check(&message, number);
        reader.recycle_message(message);
    });
    assert_flat("recycled", &recycled);
    let named = windows(|number| {
        check(&reader.get_by_name(&name(ALL - 1 - number)).unwrap(), ALL - 1 - number);
    });
    assert_flat("by name", &named);
    let refreshed = windows(|number| {
        if number.is_multiple_of(100) {
            reader.refresh().unwrap();
        }
    });
    assert_flat("refreshed", &refreshed);
    drop(reader);

    let source = BufReader::new(File::open(path).unwrap());
    let mut stream = StreamReader::new(source, Limits::default()).unwrap();
    let streamed = windows(|number| check(&stream.next_message().unwrap().unwrap(), number));
    assert_flat("as a stream", &streamed);
    assert!(stream.next_message().unwrap().is_none());

    // SAFETY: nobody writes the file any more.
    let map = unsafe { Map::open(path, Limits::default()) }.unwrap();
    let mapped = windows(|number| check(&map.get(number).unwrap(), number));
    // Looking at a mapped file brings its pages into memory, which the system takes back as it
    // likes: what counts is what this process allocates.
    assert_flat("mapped", &mapped.map(|(cost, _)| (cost, 0)));
}
