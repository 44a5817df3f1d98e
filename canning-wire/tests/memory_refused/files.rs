//! Files: their index, their names, and their messages.

use std::{cell::Cell, fs, io::Read};

use canning_wire::{
    Error, FrameOptions, Limits, Message, can,
    file::{Reader, StreamReader, Writer},
};

use crate::{
    messages::{messages, parts, there},
    refuse_each::{is_out_of_memory, refuse_each, refuse_each_of},
    support::{options, scratch::Scratch},
};

/// As many as make every list of them large.
const MANY: u64 = 300;

/// A file of messages with names, with an index or without.
fn named(has_index: bool) -> Scratch {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    for number in 0..MANY {
        let name = format!("number {}", number % 290);
        writer.write_named(&name, &can(&number).unwrap().into()).unwrap();
    }
    if has_index {
        writer.finish().unwrap();
    }
    path
}

/// All that is found without reading a message.
fn index(reader: &Reader) -> (Vec<Option<String>>, Vec<Option<u64>>) {
    let found = (0..MANY).map(|number| reader.position_of(&format!("number {number}")));
    (reader.names().map(|name| name.map(str::to_owned)).collect(), found.collect())
}

fn open(path: &Scratch) -> canning_wire::Result<Reader> {
    Reader::open(path, Limits::default())
}

#[test]
fn indexes_of_files() {
    let damaged = named(false);
    let mut bytes = damaged.bytes();
    let place = bytes.len() / 2 / 64 * 64;
    bytes[place..place + 256].fill(0);
    fs::write(&damaged, bytes).unwrap();
    for (what, path) in [("index", named(true)), ("none", named(false)), ("damaged", damaged)] {
        // Places, ends of names, names, and their order; each grows more than once.
        let errors = refuse_each(what, || open(&path), |reader| index(&reader));
        assert!(errors >= 8, "{what}: {errors}");
        let errors = refuse_each(what, || Writer::append(&path), |writer| writer.len());
        assert!(errors >= 8, "{what}: {errors}");
        #[cfg(feature = "mmap")]
        {
            // SAFETY: nobody else has the file, and nothing is written to it meanwhile.
            let map = || unsafe { canning_wire::file::Map::open(&path, Limits::default()) };
            let errors = refuse_each(what, map, |map| map.position_of("number 7"));
            assert!(errors >= 8, "{what}: {errors}");
        }
    }
}

#[test]
fn many_indexes_of_a_file() {
    let path = Scratch::new();
    drop(Writer::create(&path).unwrap());
    for number in 0..40 {
        let mut writer = Writer::append(&path).unwrap();
        writer.write(&can(&number).unwrap().into()).unwrap();
        writer.finish().unwrap();
    }
    let errors = refuse_each("indexes", || open(&path), |reader| reader.len());
    assert!(errors >= 3, "{errors}");
}

/// The same reader finds all of them with the next attempt.
#[test]
fn messages_that_were_appended() {
    let path = named(false);
    let whole = path.bytes();
    let few = &whole[..whole.len() / 10 / 64 * 64];
    let reader = || {
        fs::write(&path, few).unwrap();
        let reader = open(&path).unwrap();
        fs::write(&path, &whole).unwrap();
        reader
    };
    let errors = Cell::new(0);
    let refresh = |mut reader: Reader| {
        if let Err(error) = reader.refresh() {
            assert!(is_out_of_memory(&error), "{error}");
            errors.set(errors.get() + 1);
            reader.refresh()?;
        }
        Ok::<_, Error>(reader)
    };
    refuse_each_of("appended", reader, refresh, |reader| index(&reader));
    assert!(errors.get() >= 8, "{}", errors.get());
}

#[test]
fn messages_of_files() {
    for message in messages() {
        for frames in options::all() {
            check(&message, frames);
        }
    }
}

fn check(message: &Message<'_>, frames: FrameOptions) {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap().with_checksums().with_frames(frames);
    writer.write_named(&"n".repeat(5000), message).unwrap();
    writer.finish().unwrap();
    let reader = || open(&path).unwrap();
    let errors = refuse_each_of("position", reader, |mut reader| reader.get(0), |it| parts(&it));
    assert!(errors >= 1);
    let bytes = path.bytes();
    let stream = || StreamReader::new(bytes.as_slice(), Limits::default()).unwrap();
    let errors = refuse_each_of("stream", stream, next, |(message, reader)| {
        (there(message), reader.name().map(str::to_owned))
    });
    assert!(errors >= 2);
    #[cfg(feature = "mmap")]
    {
        // SAFETY: nobody else has the file, and nothing is written to it meanwhile.
        let map = unsafe { canning_wire::file::Map::open(&path, Limits::default()) }.unwrap();
        let errors = refuse_each("map", || map.get(0), |message| parts(&message));
        assert!(errors >= 1);
    }
}

type Streamed<R> = (Option<Message<'static>>, StreamReader<R>);

fn next<R: Read>(mut reader: StreamReader<R>) -> canning_wire::Result<Streamed<R>> {
    Ok((reader.next_message()?, reader))
}
