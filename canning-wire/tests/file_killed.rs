//! Writers that are killed at every step of an append, each at a chosen one: what was whole before
//! is whole after, the lock is free, nothing else is left, and the next writer goes on.
//!
//! A child process sets the system's limit of a file's length to `n`: the system then writes up to
//! byte `n`, and kills the process when it goes on. Between two bytes of a record nothing else can
//! happen to a file, so all steps that write are all values of `n`. Steps that write nothing are
//! reached by a child that kills itself there.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

use std::{
    env,
    fs::{self, File},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{self, Command, ExitStatus, Stdio},
};

use canning_core::CannedObject;
use canning_wire::{
    Limits, can,
    file::{Reader, Tail, Writer},
};
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};

/// What the next message is, of which the child writes some.
const ITEMS: usize = 20;

/// Long enough to be written in several pieces.
const LONG: usize = 5_000_000;

/// A folder with nothing but the file, which goes with it.
struct Folder(PathBuf);

impl Folder {
    /// A file of `messages`, as a writer leaves it that did not finish, and then `tail`.
    fn new(name: &str, messages: u64, tail: &[u8]) -> Self {
        let folder = env::temp_dir().join(format!("canning-killed-{name}-{}", process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir(&folder).unwrap();
        let this = Self(folder);
        let mut writer = Writer::create(this.path()).unwrap();
        (0..messages).for_each(|_| write(&mut writer, ITEMS).unwrap());
        drop(writer);
        let mut bytes = this.bytes();
        bytes.extend_from_slice(tail);
        fs::write(this.path(), bytes).unwrap();
        this
    }

    fn path(&self) -> PathBuf {
        self.0.join("messages.can")
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    /// Checks what a killed writer has left, and that the next goes on.
    fn check(&self, expected: u64, step: &str) {
        let names: Vec<_> = fs::read_dir(&self.0).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(names, [self.path()], "{step}");
        let mut reader = self.read(expected, step);
        let tail = reader.tail().unwrap();
        assert!(!matches!(tail, Tail::Damaged { .. }), "{step}: {tail:?}");
        let before = self.bytes();

        // At once: there is nobody to wait for.
        let mut writer = Writer::append(self.path()).unwrap();
        assert_eq!(writer.len(), expected, "{step}");
        write(&mut writer, ITEMS).unwrap();
        writer.finish().unwrap();
        let end = before.len() - unfinished(tail);
        assert_eq!(self.bytes()[..end], before[..end], "{step}: what was whole is as it was");
        assert_eq!(reader.refresh().unwrap(), 1, "{step}");
        assert_eq!(self.read(expected + 1, step).tail().unwrap(), Tail::Nothing, "{step}");
    }

    /// Reads all messages, in order and by name.
    fn read(&self, expected: u64, step: &str) -> Reader {
        let mut reader = Reader::open(self.path(), Limits::default()).unwrap();
        assert_eq!(reader.len(), expected, "{step}");
        for position in 0..expected {
            let message = reader.next_message().unwrap().unwrap();
            let items: Vec<u64> = message.objects()[0].get().unwrap();
            assert!(items.len() == ITEMS || items.len() == LONG, "{step}");
            assert!(items.iter().all(|item| *item == position), "{step}");
            assert_eq!(reader.position_of(&name(position)), Some(position), "{step}");
        }
        reader
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn unfinished(tail: Tail) -> usize {
    match tail {
        Tail::Unfinished { bytes } => usize::try_from(bytes).unwrap(),
        _ => 0,
    }
}

/// Long enough that it does not fit into a head.
fn name(position: u64) -> String {
    format!("message {position}")
}

fn write(writer: &mut Writer, items: usize) -> canning_wire::Result<()> {
    let number = writer.len();
    let items = vec![number; items];
    writer.write_named(&name(number), &can(&items)?.into()).map(drop)
}

/// What a child does, in this same program: a step, the file, and where the system stops it.
const STEP: &str = "CANNING_TEST_STEP";
const FILE: &str = "CANNING_TEST_FILE";
const LENGTH: &str = "CANNING_TEST_LENGTH";

/// Runs a child that ends at a step.
fn run(step: &str, path: &Path, length: usize) -> ExitStatus {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_is_killed_at_a_step", "--nocapture", "--test-threads=1"])
        .env(STEP, step)
        .env(FILE, path)
        .env(LENGTH, length.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
}

fn die() -> ! {
    kill_process(getpid(), Signal::KILL).unwrap();
    unreachable!("nobody survives it")
}

/// From here on no file of this process gets longer.
fn limit() {
    let length: u64 = env::var(LENGTH).unwrap().parse().unwrap();
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, limit(0)).unwrap(); // nor leaves a core
    setrlimit(Resource::Fsize, limit(length)).unwrap();
}

/// Not a test by itself: what the children do.
#[test]
fn child_is_killed_at_a_step() {
    let Ok(step) = env::var(STEP) else { return };
    let path = env::var_os(FILE).unwrap();
    if step == "locked" {
        // What a writer does first; then it looks at the file.
        let file = File::options().read(true).write(true).open(path).unwrap();
        file.try_lock().unwrap();
        die();
    }
    let mut writer = Writer::append(path).unwrap();
    match step.as_str() {
        "opened" => die(),
        "write" => {
            limit();
            write(&mut writer, ITEMS).unwrap();
        }
        "write with checksums" => {
            writer = writer.with_checksums();
            limit();
            write(&mut writer, ITEMS).unwrap();
        }
        "write and sync" => {
            writer = writer.sync_each();
            limit();
            write(&mut writer, ITEMS).unwrap();
        }
        "finish" => {
            limit();
            writer.finish().unwrap();
        }
        "finished" => {
            writer.finish().unwrap();
            die();
        }
        "written" => {
            write(&mut writer, ITEMS).unwrap();
            die();
        }
        "written and synced" => {
            write(&mut writer, ITEMS).unwrap();
            writer.sync().unwrap();
            die();
        }
        "pieces" => {
            // After this piece of those that the message is written in, before its mark.
            let mut left: u64 = env::var(LENGTH).unwrap().parse().unwrap();
            let mut writer = writer.with_progress(move |_| match left {
                0 => die(),
                _ => left -= 1,
            });
            write(&mut writer, LONG).unwrap();
            die();
        }
        other => panic!("no step {other:?}"),
    }
}

/// The messages that are there before.
const BEFORE: u64 = 3;

/// Cuts a step off at every byte that it writes.
fn killed_at_every_byte(step: &str, adds: u64) {
    let name = step.replace(' ', "-");
    let make = || Folder::new(&name, BEFORE, &[]);
    let whole = make();
    let old = whole.bytes().len();
    // Unlimited, it does not die.
    assert!(run(step, &whole.path(), usize::MAX >> 1).success(), "{step}");
    whole.read(BEFORE + adds, step);
    let new = whole.bytes().len();
    assert!(new > old + 64, "{step}: it writes something");
    drop(whole);
    for length in old..=new {
        let folder = make();
        assert_eq!(folder.bytes().len(), old);
        let status = run(step, &folder.path(), length);
        let at = format!("{step}, {length} of {old} to {new}");
        if length == new {
            assert!(status.success(), "{at}: {status}");
            folder.check(BEFORE + adds, &at);
        } else {
            assert_eq!(status.signal(), Some(Signal::XFSZ.as_raw()), "{at}: {status}");
            assert_eq!(folder.bytes().len(), length, "{at}: it was killed there");
            folder.check(BEFORE, &at);
        }
    }
}

#[test]
fn killed_at_every_byte_of_a_message() {
    killed_at_every_byte("write", 1);
}

#[test]
fn killed_at_every_byte_of_a_message_with_a_checksum() {
    killed_at_every_byte("write with checksums", 1);
}

/// Its mark is written after the rest is on the disk: the byte before the mark is that step.
#[test]
fn killed_at_every_byte_of_a_message_that_is_synced() {
    killed_at_every_byte("write and sync", 1);
}

#[test]
fn killed_at_every_byte_of_an_index() {
    killed_at_every_byte("finish", 0);
}

#[test]
fn killed_at_every_step_that_writes_nothing() {
    let record = {
        let folder = Folder::new("record", 1, &[]);
        folder.bytes()[64..].to_vec()
    };
    let torn = &record[..record.len() - 1];
    for (step, adds) in
        [("locked", 0), ("opened", 0), ("written", 1), ("written and synced", 1), ("finished", 0)]
    {
        for tail in [&[][..], &[0x89], &[0; 5000]] {
            let folder = Folder::new("steps", BEFORE, tail);
            let status = run(step, &folder.path(), 0);
            assert_eq!(status.signal(), Some(Signal::KILL.as_raw()), "{step}: {status}");
            folder.check(BEFORE + adds, step);
        }
        // The tail is the first record of this very file, without its last byte.
        let folder = Folder::new("steps", 1, &[]);
        let mut bytes = folder.bytes();
        bytes.truncate(64 + torn.len());
        fs::write(folder.path(), bytes).unwrap();
        let status = run(step, &folder.path(), 0);
        assert_eq!(status.signal(), Some(Signal::KILL.as_raw()), "{step}: {status}");
        folder.check(adds, step);
    }
}

#[test]
fn killed_after_every_piece_of_a_long_message() {
    let pieces = (0..).find(|piece| {
        let folder = Folder::new("pieces", BEFORE, &[]);
        let old = folder.bytes().len();
        let status = run("pieces", &folder.path(), *piece);
        assert_eq!(status.signal(), Some(Signal::KILL.as_raw()), "{piece}: {status}");
        assert!(folder.bytes().len() > old, "{piece}");
        let is_whole = folder.bytes().len() > old + LONG * 8 + 128
            && Reader::open(folder.path(), Limits::default()).unwrap().len() > BEFORE;
        folder.check(BEFORE + u64::from(is_whole), &format!("piece {piece}"));
        is_whole
    });
    assert!(pieces >= Some(3), "{pieces:?}");
}
