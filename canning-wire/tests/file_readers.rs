//! Readers of a file that another process appends to all the while, and two processes that both
//! want to append.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Limits, Message, can,
    file::{FileError, Map, Progress, Reader, Tail, Writer},
};
use support::scratch::Scratch;

/// Message `number` is so many times its number: some are small, some more than a page.
fn message(number: u64) -> Vec<u64> {
    let len = [3, 90, 5_000][usize::try_from(number % 3).unwrap()];
    vec![number; len]
}

/// What the child processes do, in this same program.
const ROLE: &str = "CANNING_TEST_ROLE";
const FILE: &str = "CANNING_TEST_FILE";

struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Running {
    fn start(test: &str, role: &str, path: &Scratch) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(ROLE, role)
            .env(FILE, path.as_ref())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    /// The number that the child says after a word.
    fn said(&mut self, word: &str) -> u64 {
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "it ended without {word:?}");
            if let Some((_, number)) = line.split_once(word) {
                return number.trim().parse().unwrap();
            }
        }
    }

    /// Ends the child's input, which it waits for, and gives the number that it says then.
    fn finish(mut self, word: &str) -> u64 {
        drop(self.input);
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        let number = rest.split_once(word).unwrap().1.split_whitespace().next().unwrap();
        assert!(self.child.wait().unwrap().success());
        number.parse().unwrap()
    }
}

/// Not a test by itself: appends so many messages for each byte that it reads.
#[test]
fn child_appends_when_it_is_told() {
    let Some(path) = env::var_os(FILE) else { return };
    let mut writer = Writer::append(&path).unwrap();
    for byte in std::io::stdin().lock().bytes() {
        byte.unwrap();
        for _ in 0..AT_ONCE {
            let (number, items) = (writer.len(), message(writer.len()));
            writer.write_named(&format!("n{number}"), &can(&items).unwrap().into()).unwrap();
        }
        // Readers meet index records, too, and marks that are not at the end.
        writer.finish().unwrap();
        writer = Writer::append(&path).unwrap();
    }
    println!("wrote {}", writer.len());
}

const AT_ONCE: u64 = 200;

/// At so many different lengths each reader sees the file at least.
const STEPS: u64 = 25;

fn check(message: &Message<'_>, number: u64) {
    let [object] = message.objects() else { panic!("message {number} is torn") };
    let items: &[u64] = object.get().unwrap();
    assert_eq!(items, self::message(number));
}

fn open_map(path: &Path) -> Map {
    // SAFETY: the only one who writes to the file is a `Writer`, behind what is mapped.
    unsafe { Map::open(path, Limits::default()) }.unwrap()
}

/// What a reader sees of a file that grows.
#[derive(Default)]
struct Growth {
    len: AtomicU64,
    /// How often it was longer than before.
    steps: AtomicU64,
}

impl Growth {
    fn saw(&self, len: u64) {
        let before = self.len.swap(len, Ordering::Relaxed);
        assert!(before <= len, "{before} messages became {len}");
        self.steps.fetch_add(u64::from(before < len), Ordering::Relaxed);
    }
}

/// Stays open, and reads each message as it comes.
fn stay(path: &Path, growth: &Growth, is_done: &AtomicBool) {
    let mut reader = Reader::open(path, Limits::default()).unwrap();
    let mut number = 0;
    while !is_done.load(Ordering::Relaxed) {
        while let Some(found) = reader.next_message().unwrap() {
            check(&found, number);
            assert_eq!(reader.name(number), Some(format!("n{number}").as_str()));
            number += 1;
        }
        assert_eq!(number, reader.len());
        growth.saw(number);
        reader.refresh().unwrap();
    }
}

/// Opens the file each time.
fn open_anew(path: &Path, growth: &Growth, is_done: &AtomicBool) {
    while !is_done.load(Ordering::Relaxed) {
        let mut reader = Reader::open(path, Limits::default()).unwrap();
        let last = reader.len() - 1;
        for number in [0, last / 2, last] {
            check(&reader.get(number).unwrap(), number);
            assert_eq!(reader.position_of(&format!("n{number}")), Some(number));
        }
        growth.saw(reader.len());
        // There may be a part of the next, which is no damage.
        let tail = reader.tail().unwrap();
        assert!(!matches!(tail, Tail::Damaged { .. }), "{tail:?}");
    }
}

/// Maps the file each time, and keeps views of the first messages.
fn map(path: &Path, growth: &Growth, is_done: &AtomicBool) {
    let early = open_map(path);
    let messages: Vec<_> = (0..early.len()).map(|number| early.get(number).unwrap()).collect();
    let views: Vec<&[u64]> =
        messages.iter().map(|message| message.objects()[0].get().unwrap()).collect();
    let end = early.as_bytes().len();
    while !is_done.load(Ordering::Relaxed) {
        let map = open_map(path);
        let last = map.len() - 1;
        for number in [0, last / 2, last] {
            check(&map.get(number).unwrap(), number);
        }
        growth.saw(map.len());
        for (number, view) in (0..).zip(&views) {
            assert_eq!(*view, message(number), "what is mapped stays");
        }
        assert_eq!((early.len(), early.as_bytes().len()), (views.len() as u64, end));
    }
}

#[test]
fn readers_see_a_growing_file_of_whole_messages_while_another_process_appends() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    for number in 0..6 {
        writer.write_named(&format!("n{number}"), &can(&message(number)).unwrap().into()).unwrap();
    }
    drop(writer);
    let mut child = Running::start("child_appends_when_it_is_told", "append", &path);

    let growths: [Growth; 3] = Default::default();
    let is_done = AtomicBool::new(false);
    let reads: [fn(&Path, &Growth, &AtomicBool); 3] = [stay, open_anew, map];
    thread::scope(|scope| {
        let (path, is_done) = (path.as_ref(), &is_done);
        let threads: Vec<_> = reads
            .into_iter()
            .zip(&growths)
            .map(|(read, growth)| scope.spawn(move || read(path, growth, is_done)))
            .collect();
        // More each time that all have seen some of it, so that none of them falls behind.
        for step in 1..=STEPS {
            let has_seen = |growth: &Growth| growth.steps.load(Ordering::Relaxed) >= step;
            while !growths.iter().all(has_seen) && !threads.iter().any(|it| it.is_finished()) {
                thread::sleep(Duration::from_millis(1));
            }
            child.input.write_all(b"+").unwrap();
        }
        is_done.store(true, Ordering::Relaxed);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });

    let wrote = child.finish("wrote ");
    assert_eq!(wrote, 6 + STEPS * AT_ONCE);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    assert_eq!((reader.len(), open_map(path.as_ref()).len()), (wrote, wrote));
    for number in 0..wrote {
        check(&reader.next_message().unwrap().unwrap(), number);
    }
}

/// Not a test by itself: appends messages one by one, as another process does, too. The first time
/// that it is refused it says so.
#[test]
fn child_appends_in_turns() {
    let (Some(path), Ok(role)) = (env::var_os(FILE), env::var(ROLE)) else { return };
    let mut refused = 0_u64;
    let mut written = 0_u64;
    while written < TURNS {
        let mut writer = match Writer::append(&path) {
            Ok(writer) => writer,
            Err(error) => {
                let is_locked = matches!(error.kind(), ErrorKind::File(FileError::Locked { .. }));
                assert!(is_locked, "{error}");
                refused += 1;
                if refused == 1 {
                    println!("refused {refused}");
                }
                thread::yield_now();
                continue;
            }
        };
        let items = vec![written; 1000];
        writer.write_named(&role, &can(&items).unwrap().into()).unwrap();
        written += 1;
        if written.is_multiple_of(3) {
            writer.finish().unwrap();
        }
    }
    println!("wrote {written}");
}

/// How often each of them appends.
const TURNS: u64 = 150;

#[test]
fn two_processes_append_in_turns_and_no_message_is_lost_or_mixed() {
    let path = Scratch::new();
    let first = Writer::create(&path).unwrap();
    let mut children =
        ["one", "other"].map(|role| (role, Running::start("child_appends_in_turns", role, &path)));
    // Each is refused at least as long as this one has the file.
    for (_, child) in &mut children {
        child.said("refused ");
    }
    drop(first);
    let wrote = children.map(|(role, child)| (role, child.finish("wrote ")));
    assert_eq!(wrote, [("one", TURNS), ("other", TURNS)]);
    let mut reader = Reader::open(&path, Limits::default()).unwrap();
    let mut next = wrote.map(|(role, _)| (role, 0));
    for position in 0..reader.len() {
        let found = reader.get(position).unwrap();
        let items: &[u64] = found.objects()[0].get().unwrap();
        let (_, next) =
            next.iter_mut().find(|(role, _)| reader.name(position) == Some(role)).unwrap();
        assert_eq!(items, [*next; 1000], "each one's own order");
        *next += 1;
    }
    assert_eq!(next, wrote);
}

/// Not a test by itself: holds the file until it is killed.
#[test]
fn child_holds_the_lock() {
    let Some(path) = env::var_os(FILE) else { return };
    let mut writer = Writer::append(path).unwrap();
    writer.write(&can(&message(0)).unwrap().into()).unwrap();
    println!("holds {}", writer.len());
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_writer_of_another_process_is_refused_until_the_first_has_ended_however_it_ends() {
    let path = Scratch::new();
    drop(Writer::create(&path).unwrap());
    for is_killed in [true, false] {
        let mut child = Running::start("child_holds_the_lock", "hold", &path);
        let held = child.said("holds ");
        let before = path.bytes();
        for _ in 0..10 {
            let error = Writer::append(&path).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::File(FileError::Locked { .. })), "{error}");
        }
        assert_eq!(path.bytes(), before);
        if is_killed {
            child.child.kill().unwrap();
        }
        drop(child.input);
        child.child.wait().unwrap();
        assert_eq!(Writer::append(&path).unwrap().len(), held);
    }
}

/// A reader has seen how long the file is, which a stopped writer left, when another writer cuts that off,
/// and writes a message there that has no mark yet as the reader comes by.
#[test]
fn a_message_that_gets_its_mark_while_it_is_passed_over_is_not_lost() {
    let path = Scratch::new();
    let mut writer = Writer::create(&path).unwrap();
    // Longer than what is read at once, so that nothing behind it is read before.
    writer.write(&can(&vec![0_u64; 50_000]).unwrap().into()).unwrap();
    let first = path.bytes().len() as u64;
    writer.write(&can(&vec![0_u64; 400_000]).unwrap().into()).unwrap();
    drop(writer);
    let mut torn = path.bytes();
    torn.truncate(torn.len() - 64);
    let path = Scratch::holding(&torn);

    let (begin, may_begin) = mpsc::channel();
    let (at_mark, is_at_mark) = mpsc::channel();
    let (end, may_end) = mpsc::channel();
    let (done, is_done) = mpsc::channel();
    thread::scope(|scope| {
        let path = &path;
        scope.spawn(move || {
            may_begin.recv().unwrap();
            let mut waits = Some(Mutex::new((at_mark, may_end)));
            let writer = Writer::append(path).unwrap();
            let mut writer = writer.with_progress(move |progress| {
                if progress.done == progress.total
                    && let Some(waits) = waits.take()
                {
                    let (at_mark, may_end) = waits.into_inner().unwrap();
                    at_mark.send(()).unwrap();
                    may_end.recv().unwrap();
                }
            });
            writer.write_named("one", &can(&vec![1_u64; 10_000]).unwrap().into()).unwrap();
            writer.write_named("two", &can(&vec![2_u64; 1000]).unwrap().into()).unwrap();
            drop(writer);
            done.send(()).unwrap();
        });
        let mut steps = 0;
        let waits = Mutex::new((is_at_mark, is_done));
        let watch = move |progress: Progress| {
            let waits = waits.lock().unwrap();
            if steps == 0 {
                begin.send(()).unwrap();
                waits.0.recv().unwrap();
                steps = 1;
            } else if steps == 1 && progress.done > first {
                end.send(()).unwrap();
                waits.1.recv().unwrap();
                steps = 2;
            }
        };
        let mut reader = Reader::open_with(path, Limits::default(), watch).unwrap();
        assert_eq!(reader.names().collect::<Vec<_>>(), [None, Some("one"), Some("two")]);
        let one = reader.get(1).unwrap();
        assert_eq!(one.objects()[0].get::<Vec<u64>, _>().unwrap(), [1; 10_000]);
    });
}
