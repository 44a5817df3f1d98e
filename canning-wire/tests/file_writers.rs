//! Writers that are killed, run out of room, or are two; and readers that look on.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::Duration,
};

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, can,
    file::{FileError, Reader, Writer},
};
use support::scratch::Scratch;

/// Message `number` is so many times its number; some are small, some several pages.
fn message(number: u64) -> Vec<u64> {
    let len = [3, 900, 40_000][usize::try_from(number % 3).unwrap()];
    vec![number; len]
}

fn check_all(reader: &mut Reader) {
    while let Some(found) = reader.next_message().unwrap() {
        let found: Vec<u64> = found.objects()[0].get().unwrap();
        assert_eq!(found, message(found[0]));
    }
    for position in 0..reader.len() {
        let expected = format!("n{position}");
        assert_eq!(reader.name(position), Some(expected.as_str()));
    }
}

fn write_next(writer: &mut Writer) -> canning_wire::Result<()> {
    let number = writer.len();
    let items = message(number);
    writer.write_named(&format!("n{number}"), &can(&items)?.into()).map(drop)
}

const FILE: &str = "CANNING_TEST_FILE";

/// Not a test by itself: what the child of a test does.
#[test]
fn child_appends_until_it_is_killed() {
    let Some(path) = env::var_os(FILE) else { return };
    let mut writer = Writer::append(path).unwrap();
    let mut out = std::io::stdout().lock();
    // Not for ever, so that the disk is not filled where whoever kills it comes late.
    for _ in 0..600 {
        write_next(&mut writer).unwrap();
        writeln!(out, "wrote {}", writer.len()).unwrap();
    }
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_writer_that_is_killed_leaves_all_that_it_said_it_wrote() {
    let path = Scratch::new();
    drop(Writer::create(&path).unwrap());
    for round in 0..12 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child_appends_until_it_is_killed", "--nocapture"])
            .env(FILE, path.as_ref())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || {
            let line = lines.find_map(|line| Some(line.ok()?.split_once("wrote ")?.1.to_owned()));
            line.map(|number| number.parse::<u64>().unwrap())
        };
        let mut said = next().unwrap();
        (0..round).for_each(|_| said = next().unwrap());
        thread::sleep(Duration::from_micros(round * 170));
        child.kill().unwrap();
        while let Some(later) = next() {
            said = later;
        }
        child.wait().unwrap();

        let mut reader = Reader::open(&path, Limits::default()).unwrap();
        assert!(reader.len() >= said, "{} of {said}", reader.len());
        check_all(&mut reader);
        let mut writer = Writer::append(&path).unwrap();
        assert_eq!(writer.len(), reader.len());
        write_next(&mut writer).unwrap();
        drop(writer);
        assert_eq!(reader.refresh().unwrap(), 1);
        check_all(&mut reader);
    }
}

/// Not a test by itself: appends until the system allows the file no more bytes, at whatever step
/// of an append that is.
#[test]
fn child_appends_until_there_is_no_room() {
    let Some(path) = env::var_os(FILE) else { return };
    let mut writer = Writer::append(path).unwrap();
    let error = loop {
        if let Err(error) = write_next(&mut writer) {
            break error;
        }
    };
    assert!(matches!(error.kind(), ErrorKind::Io(_)), "{error}");
    assert!(write_next(&mut writer).is_err(), "and again");
    println!("wrote {}", writer.len());
}

#[cfg(unix)]
#[test]
fn a_writer_without_room_cuts_off_what_it_could_not_write() {
    for blocks in 1..40 {
        let path = Scratch::new();
        drop(Writer::create(&path).unwrap());
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &limited])
            .arg(env::current_exe().unwrap())
            .args(["--exact", "child_appends_until_there_is_no_room", "--nocapture"])
            .env(FILE, path.as_ref())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}");
        let said = said.split_once("wrote ").unwrap().1;
        let said: u64 = said.split_whitespace().next().unwrap().parse().unwrap();
        let mut reader = Reader::open(&path, Limits::default()).unwrap();
        assert_eq!(reader.len(), said);
        assert_eq!(reader.tail().unwrap(), canning_wire::file::Tail::Nothing);
        check_all(&mut reader);
    }
}

/// Not a test by itself: makes a file where the system allows no byte of it.
#[test]
fn child_creates_without_room() {
    let Some(path) = env::var_os(FILE) else { return };
    let error = Writer::create(path).unwrap_err();
    let ErrorKind::File(FileError::System { tried, .. }) = error.kind() else { panic!("{error}") };
    println!("could not {tried}");
}

#[cfg(unix)]
#[test]
fn a_file_without_room_for_its_head_is_not_left_behind() {
    let path = Scratch::new();
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(env::current_exe().unwrap())
        .args(["--exact", "child_creates_without_room", "--nocapture"])
        .env(FILE, path.as_ref())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("could not write"), "{said}");
    assert!(!path.as_ref().exists());
}

#[test]
fn a_second_writer_is_refused_at_once_and_readers_are_not() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    write_next(&mut writer).unwrap();
    let before = path.bytes();
    let error = Writer::append(&path).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::File(FileError::Locked { .. })), "{error}");
    assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::WouldBlock);
    assert!(Writer::create(&path).is_err());
    assert_eq!(path.bytes(), before);
    assert_eq!(Reader::open(&path, Limits::default()).unwrap().len(), 1);
    drop(writer);
    write_next(&mut Writer::append(&path).unwrap()).unwrap();
}

#[test]
fn readers_see_whole_messages_only_while_one_appends() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    write_next(&mut writer).unwrap();
    let mut early = Reader::open(&path, Limits::default()).unwrap();
    let is_done = AtomicBool::new(false);
    // How often each reader found the file longer than before.
    let growths = [(); 2].map(|()| AtomicU32::new(0));
    thread::scope(|scope| {
        let (path, is_done) = (&path, &is_done);
        let threads = [true, false].into_iter().zip(&growths).map(|(is_opened_anew, growths)| {
            scope.spawn(move || {
                let mut reader = Reader::open(path, Limits::default()).unwrap();
                let mut most = 0;
                while !is_done.load(Ordering::Acquire) {
                    if is_opened_anew {
                        reader = Reader::open(path, Limits::default()).unwrap();
                    } else {
                        reader.refresh().unwrap();
                    }
                    assert!(reader.len() >= most);
                    growths.fetch_add(u32::from(reader.len() > most), Ordering::Relaxed);
                    most = reader.len();
                    check_all(&mut reader);
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        // More each time that both have seen some of it, so that neither of them falls behind.
        for step in 1..=30 {
            (0..10).for_each(|_| write_next(&mut writer).unwrap());
            let has_seen = |growths: &AtomicU32| growths.load(Ordering::Relaxed) >= step;
            while !growths.iter().all(has_seen) && !threads.iter().any(|it| it.is_finished()) {
                thread::sleep(Duration::from_millis(1));
            }
        }
        is_done.store(true, Ordering::Release);
    });
    assert_eq!(early.len(), 1);
    check_all(&mut early);
    assert_eq!(early.refresh().unwrap() + 1, writer.len());
    check_all(&mut early);
}

#[test]
fn repair_never_cuts_under_a_reader() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    (0..4).for_each(|_| write_next(&mut writer).unwrap());
    drop(writer);
    let mut bytes = path.bytes();
    bytes.truncate(bytes.len() - 100);
    let path = Scratch::holding(&bytes);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!(reader.len(), 3);
    let mut writer = Writer::append(&path).unwrap(); // cuts
    check_all(&mut reader);
    write_next(&mut writer).unwrap();
    assert_eq!(reader.refresh().unwrap(), 1);
    check_all(&mut reader);
}

#[test]
fn syncing_each_message_writes_the_same() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap().sync_each();
    (0..3).for_each(|_| write_next(&mut writer).unwrap());
    writer.sync().unwrap();
    writer.finish().unwrap();
    check_all(&mut Reader::open(&path, Limits::default()).unwrap());
}
