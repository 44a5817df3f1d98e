//! Faults of the system while messages are on their way: signals without end, pipes that are full, devices
//! without room. Nothing that was accepted is lost, and the next message works.

#![cfg(all(target_os = "linux", feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    env,
    fs::File,
    io::{ErrorKind as IoKind, Read, Write, pipe},
    ops::Range,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::Duration,
};
#[cfg(feature = "tokio")]
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use canning_wire::{
    ErrorKind, Limits, Message, MessageReader, MessageWriter, Result, can,
    socket::{Address, Connection, Listener, Options},
    write_message,
};
use rustix::{
    io::ioctl_fionbio,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid},
};
use support::{hesitant::Hesitant, options, scratch::Scratch};

fn numbers(number: u64) -> Vec<u64> {
    (0..100_000).map(|item| item * number).collect()
}

/// The calls of a stream, of which every other is interrupted by a signal, before and after it
/// has moved bytes.
#[test]
fn messages_pass_through_interrupted_calls() {
    let mut stream = Vec::new();
    let mut writer = MessageWriter::new(Hesitant::new(&mut stream, 4099, IoKind::Interrupted));
    for number in 0..20 {
        writer.write_value(&numbers(number)).unwrap();
    }
    writer.flush().unwrap();
    drop(writer);
    let stream = Hesitant::new(stream.as_slice(), 4099, IoKind::Interrupted);
    let mut reader = MessageReader::new(stream, Limits::default());
    for number in 0..20 {
        assert_eq!(reader.read_value::<Vec<u64>, _>().unwrap().unwrap(), numbers(number));
    }
    assert!(reader.read_message().unwrap().is_none());
}

/// A pipe that takes no more in the middle of a message takes the rest later.
#[test]
fn a_full_pipe_takes_the_rest_later() {
    let (mut out, into) = pipe().unwrap();
    ioctl_fionbio(&into, true).unwrap();
    let mut writer = MessageWriter::new(into);
    let mut received = Vec::new();
    for number in 0..5 {
        let message = can(&numbers(number)).unwrap().into_owned().unwrap();
        writer.queue(message.into()).unwrap();
        let mut stops = 0;
        while let Err(error) = writer.flush() {
            assert_eq!(kind_of(&error), IoKind::WouldBlock);
            stops += 1;
            let mut some = [0; 50_000];
            let len = out.read(&mut some).unwrap();
            received.extend_from_slice(&some[..len]);
        }
        assert!(stops > 5, "{stops}");
    }
    drop(writer);
    out.read_to_end(&mut received).unwrap();
    let mut reader = MessageReader::new(received.as_slice(), Limits::default());
    for number in 0..5 {
        assert_eq!(reader.read_value::<Vec<u64>, _>().unwrap().unwrap(), numbers(number));
    }
    assert!(reader.read_message().unwrap().is_none());
}

/// A pipe that has nothing more in the middle of a message has the rest later.
#[test]
fn an_empty_pipe_has_the_rest_later() {
    let (out, mut into) = pipe().unwrap();
    ioctl_fionbio(&out, true).unwrap();
    let mut bytes = Vec::new();
    for number in 0..3 {
        write_message(&mut bytes, &can(&numbers(number)).unwrap().into()).unwrap();
    }
    // Less than a pipe holds: writing into an empty one never waits.
    let mut pieces = bytes.chunks(50_000);
    let mut reader = MessageReader::new(out, Limits::default());
    for number in 0..3 {
        let found = loop {
            match reader.read_value::<Vec<u64>, _>() {
                Ok(found) => break found.unwrap(),
                Err(error) => {
                    assert_eq!(kind_of(&error), IoKind::WouldBlock);
                    into.write_all(pieces.next().unwrap()).unwrap();
                }
            }
        };
        assert_eq!(found, numbers(number));
    }
    assert_eq!(pieces.len(), 0);
}

fn kind_of(error: &canning_wire::Error) -> IoKind {
    let ErrorKind::Io(source) = error.kind() else { panic!("{error}") };
    source.kind()
}

/// A device that never has room: each writer says so again and again, and what it had accepted is
/// written once there is room.
#[test]
fn a_device_without_room_is_an_error_of_the_stream() {
    let numbers = numbers(1);
    let message: Message<'_> = can(&numbers).unwrap().into();
    for frames in options::all() {
        let mut device = full();
        TIMES.for_each(|_| is_full(frames.write_message(&mut device, &message)));

        let mut writer = MessageWriter::new(device);
        writer.set_frames(frames);
        for _ in TIMES {
            is_full(writer.write_message(&message));
            is_full(writer.write_value(&numbers));
            assert_eq!(writer.unwritten(), 0, "it was refused whole");
        }
        writer.write_value(&5_u8).unwrap();
        writer.queue(can(&numbers).unwrap().into_owned().unwrap().into()).unwrap();
        let waiting = writer.unwritten();
        for _ in TIMES {
            is_full(writer.flush());
            is_full(writer.write_message(&message));
            assert_eq!(writer.unwritten(), waiting);
        }
        let scratch = Scratch::new();
        *writer.get_mut() = File::create(&scratch).unwrap();
        writer.flush().unwrap();
        check_written(&scratch, waiting);

        *writer.get_mut() = full();
        writer.write_value(&6_u8).unwrap();
        is_full(writer.into_inner());
    }
}

/// The same.
#[cfg(feature = "tokio")]
#[tokio::test]
async fn a_device_without_room_is_an_error_of_the_asynchronous_stream() {
    let numbers = numbers(1);
    let message: Message<'_> = can(&numbers).unwrap().into();
    let owned = || Message::from(can(&numbers).unwrap().into_owned().unwrap());
    for frames in options::all() {
        let mut writer = canning_wire::tokio::MessageWriter::new(Blocking(full()));
        writer.set_frames(frames);
        for _ in TIMES {
            is_full(writer.write_message(&message).await);
            is_full(writer.write_value(&numbers).await);
            assert_eq!(writer.unwritten(), 0, "it was refused whole");
        }
        writer.write_value(&5_u8).await.unwrap();
        is_full(writer.send(owned()).await);
        let waiting = writer.unwritten();
        for _ in TIMES {
            is_full(writer.flush().await);
            is_full(writer.ready().await);
            is_full(writer.write_message(&message).await);
            is_full(writer.send(owned()).await);
            is_full(writer.shutdown().await);
            assert_eq!(writer.unwritten(), waiting);
        }
        let scratch = Scratch::new();
        writer.get_mut().0 = File::create(&scratch).unwrap();
        writer.shutdown().await.unwrap();
        check_written(&scratch, waiting);
    }
}

const TIMES: Range<u8> = 0..3;

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

fn is_full<T>(result: Result<T>) {
    let error = result.err().unwrap();
    assert_eq!(kind_of(&error), IoKind::StorageFull);
    assert_eq!(error.whole_objects(), 0);
}

/// That all that waited is there, once.
fn check_written(scratch: &Scratch, waiting: u64) {
    let bytes = scratch.bytes();
    assert_eq!(bytes.len() as u64, waiting);
    let mut reader = MessageReader::new(bytes.as_slice(), Limits::default());
    assert_eq!(reader.read_value::<u8, _>().unwrap(), Some(5));
    assert_eq!(reader.read_value::<Vec<u64>, _>().unwrap(), Some(numbers(1)));
    assert!(reader.read_message().unwrap().is_none());
}

/// A device that is written at once, without waiting.
#[cfg(feature = "tokio")]
struct Blocking(File);

#[cfg(feature = "tokio")]
impl tokio::io::AsyncWrite for Blocking {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.0.write(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

const CHILD: &str = "CANNING_FAULTS_CHILD";

/// Not a test by itself: sends back what comes, in a process that is stopped again and again.
#[test]
fn child_sends_back_what_comes() {
    let Some(path) = env::var_os(CHILD) else { return };
    let mut connection = Connection::connect(&Address::Unix(path.into()), &patient()).unwrap();
    while let Some(numbers) = connection.read_value::<Vec<u64>, _>().unwrap() {
        connection.write_value(&numbers).unwrap();
        connection.flush().unwrap();
    }
}

/// With timeouts, so that the system's calls end early where the process was stopped meanwhile, even
/// without a handler of signals.
fn patient() -> Options {
    let long = Duration::from_secs(60);
    let timeout = Some(long);
    Options {
        hello_timeout: long,
        read_timeout: timeout,
        write_timeout: timeout,
        ..Options::default()
    }
}

/// Starts this program again for one test, which is the child's part.
fn child(test: &str, path: &Scratch) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test]).env(CHILD, path.as_ref()).stdout(Stdio::null());
    command.spawn().unwrap()
}

/// Stops a process and lets it go on, again and again.
#[derive(Default)]
struct Stops {
    count: AtomicU32,
    /// Since something was seen of the process.
    in_vain: AtomicU32,
    is_done: AtomicBool,
}

impl Stops {
    /// Does so while `what` runs; `look` looks at the process while it is stopped.
    fn during(child: &Child, mut look: impl FnMut() + Send, what: impl FnOnce(&Self)) {
        let (stops, pid) = (Self::default(), Pid::from_child(child));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !stops.is_done.load(Ordering::Relaxed) {
                    kill_process(pid, Signal::STOP).unwrap();
                    let until =
                        WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                    waitid(WaitId::Pid(pid), until).unwrap();
                    look();
                    kill_process(pid, Signal::CONT).unwrap();
                    stops.count.fetch_add(1, Ordering::Relaxed);
                    // Ever longer, until the longest call is done, however slow the machine is.
                    let in_vain = stops.in_vain.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(
                        Duration::from_micros(100).mul_f64(1.1_f64.powf(in_vain.min(150).into())),
                    );
                }
            });
            let _end = End(&stops);
            what(&stops);
        });
    }

    /// Tells that the process has done something; gives how often it was stopped.
    fn has_gone_on(&self) -> u32 {
        self.in_vain.store(0, Ordering::Relaxed);
        self.count.load(Ordering::Relaxed)
    }
}

/// Ends the stops, even by a panic.
struct End<'s>(&'s Stops);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.is_done.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_process_that_is_stopped_by_signals_loses_nothing() {
    let path = Scratch::new();
    let address = Address::Unix(path.as_ref().to_owned());
    let listener = Listener::bind(&address, &patient()).unwrap();
    let mut child = child("child_sends_back_what_comes", &path);
    let mut connection = listener.accept().unwrap().handshake().unwrap();
    Stops::during(
        &child,
        || (),
        |stops| {
            for number in 0.. {
                connection.write_value(&numbers(number)).unwrap();
                connection.flush().unwrap();
                let back: Vec<u64> = connection.read_value().unwrap().unwrap();
                assert!(back == numbers(number), "{number}");
                if stops.has_gone_on() >= 50 && number >= 50 {
                    return;
                }
            }
        },
    );
    connection.finish().unwrap();
    assert!(child.wait().unwrap().success());
}

#[cfg(feature = "shm")]
mod shm {
    use std::{
        fs,
        os::unix::{
            fs::MetadataExt,
            net::{UnixListener, UnixStream},
        },
        path::PathBuf,
    };

    use canning_core::CannedObject;
    use canning_wire::shm::{Arena, Handover};

    use super::*;

    /// Bytes of an arena: for them the system looks long.
    const LARGE: usize = 48 << 20;

    /// Not a test by itself: makes an arena for each number that comes, in a process that is stopped
    /// again and again.
    #[test]
    fn child_makes_large_arenas() {
        let Some(path) = env::var_os(CHILD) else { return };
        let socket = UnixStream::connect(path).unwrap();
        let mut connection = Handover::over(socket, &patient()).unwrap();
        while let Some(asked) = connection.read_message().unwrap() {
            let number: u64 = asked.objects()[0].get().unwrap();
            let arena = Arena::new(LARGE).unwrap();
            let mut items = arena.zeroed::<u64>(LARGE / 8).unwrap();
            items.iter_mut().step_by(PAGE).for_each(|item| *item = number);
            let items = items.finish();
            let items = arena.seal().unwrap().get(items).unwrap();
            connection.write_message(&can(&items).unwrap().into()).unwrap();
        }
    }

    /// One item of each page is written.
    const PAGE: usize = 512;

    /// How many bytes a process has found for the arena that it makes.
    fn found_by(child: &Child) -> u64 {
        let entries = fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let is_arena = |path: &PathBuf| {
            fs::read_link(path).is_ok_and(|name| name.to_string_lossy().contains("memfd:canning"))
        };
        paths
            .filter(is_arena)
            .map(|path| fs::metadata(path).map_or(0, |data| data.blocks() * 512))
            .sum()
    }

    /// Looking for pages ends early where a signal comes: it goes on, with what was found before.
    #[test]
    fn arenas_of_a_process_that_is_stopped_by_signals_are_whole() {
        let path = Scratch::new();
        let listener = UnixListener::bind(&path).unwrap();
        let mut child = child("shm::child_makes_large_arenas", &path);
        let mut connection = Handover::over(listener.accept().unwrap().0, &patient()).unwrap();
        let kept = AtomicU32::new(0);
        let look = || {
            let is_kept = (1..LARGE as u64).contains(&found_by(&child));
            kept.fetch_add(is_kept.into(), Ordering::Relaxed);
        };
        Stops::during(&child, look, |stops| {
            for number in 0..1000_u64 {
                connection.write_message(&can(&number).unwrap().into()).unwrap();
                let [object] = connection.read_message().unwrap().unwrap().into_array().unwrap();
                let items = object.get::<&[u64], _>().unwrap();
                assert_eq!(items.len(), LARGE / 8);
                assert!(items.iter().step_by(PAGE).all(|item| *item == number), "{number}");
                let is_kept = kept.load(Ordering::Relaxed) > 0;
                if stops.has_gone_on() >= 50 && number >= 10 && is_kept {
                    return;
                }
            }
            panic!("of a thousand arenas none kept what was found of it when a signal came");
        });
        drop(connection);
        assert!(child.wait().unwrap().success());
    }
}
