//! Faults of the system while messages are on their way: signals without end, pipes that are full, devices
//! without room. Nothing that was accepted is lost, and the next message works.

#![cfg(all(target_os = "linux", feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    env,
    fs::OpenOptions,
    io::{ErrorKind as IoKind, PipeReader, PipeWriter, Write, pipe},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use canning_wire::{
    ErrorKind, Limits, MessageReader, MessageWriter, can,
    socket::{Address, Connection, Listener, Options},
    write_message,
};
use rustix::{
    io::ioctl_fionbio,
    process::{Pid, Signal, kill_process},
};
use support::{hesitant::Hesitant, scratch::Scratch};

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
    let mut stops = 0;
    let received = thread::scope(|scope| {
        let received = scope.spawn(move || read_all(&mut out));
        for number in 0..5 {
            let message = can(&numbers(number)).unwrap().into_owned().unwrap();
            writer.queue(message.into()).unwrap();
            while let Err(error) = writer.flush() {
                let ErrorKind::Io(source) = error.kind() else { panic!("{error}") };
                assert_eq!(source.kind(), IoKind::WouldBlock);
                stops += 1;
                thread::sleep(Duration::from_micros(100));
            }
        }
        drop(writer);
        received.join().unwrap()
    });
    assert!(stops > 5, "{stops}");
    assert_eq!(received, 5);
}

fn read_all(out: &mut PipeReader) -> u64 {
    let mut reader = MessageReader::new(out, Limits::default());
    let mut number = 0;
    while let Some(found) = reader.read_value::<Vec<u64>, _>().unwrap() {
        assert_eq!(found, numbers(number));
        number += 1;
    }
    number
}

/// A pipe that has nothing more in the middle of a message has the rest later.
#[test]
fn an_empty_pipe_has_the_rest_later() {
    let (out, into) = pipe().unwrap();
    ioctl_fionbio(&out, true).unwrap();
    let mut reader = MessageReader::new(out, Limits::default());
    let mut stops = 0;
    thread::scope(|scope| {
        scope.spawn(move || send_slowly(into));
        for number in 0..3 {
            let found = loop {
                match reader.read_value::<Vec<u64>, _>() {
                    Ok(found) => break found.unwrap(),
                    Err(error) => {
                        let ErrorKind::Io(source) = error.kind() else { panic!("{error}") };
                        assert_eq!(source.kind(), IoKind::WouldBlock);
                        stops += 1;
                    }
                }
            };
            assert_eq!(found, numbers(number));
        }
    });
    assert!(stops > 3, "{stops}");
}

fn send_slowly(mut into: PipeWriter) {
    let mut bytes = Vec::new();
    for number in 0..3 {
        write_message(&mut bytes, &can(&numbers(number)).unwrap().into()).unwrap();
    }
    for piece in bytes.chunks(100_000) {
        into.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(1));
    }
}

/// A device that never has room: the error says so, and comes again.
#[test]
fn a_device_without_room_is_an_error_of_the_stream() {
    let mut full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let numbers = numbers(1);
    let is_full = |error: canning_wire::Error| {
        let ErrorKind::Io(source) = error.kind() else { panic!("{error}") };
        assert_eq!(source.kind(), IoKind::StorageFull);
        assert_eq!(error.whole_objects(), 0);
    };
    is_full(write_message(&mut full, &can(&numbers).unwrap().into()).unwrap_err());
    let mut writer = MessageWriter::new(full);
    writer.write_value(&5).unwrap();
    is_full(writer.flush().unwrap_err());
}

const CHILD: &str = "CANNING_FAULTS_CHILD";

/// Not a test by itself: sends back what comes, in a process that is stopped again and again.
#[test]
fn child_sends_back_what_comes() {
    let Some(path) = env::var_os(CHILD) else { return };
    let mut connection = Connection::connect(&Address::Unix(path.into()), &options()).unwrap();
    while let Some(numbers) = connection.read_value::<Vec<u64>, _>().unwrap() {
        connection.write_value(&numbers).unwrap();
        connection.flush().unwrap();
    }
}

/// With timeouts, so that the system's calls end early where the process was stopped meanwhile, even
/// without a handler of signals.
fn options() -> Options {
    let timeout = Some(Duration::from_secs(60));
    Options { read_timeout: timeout, write_timeout: timeout, ..Options::default() }
}

#[test]
fn a_process_that_is_stopped_by_signals_loses_nothing() {
    let path = Scratch::new();
    let address = Address::Unix(path.as_ref().to_owned());
    let listener = Listener::bind(&address, &options()).unwrap();
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_sends_back_what_comes"])
        .env(CHILD, path.as_ref())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = Pid::from_child(&child);
    let mut connection = listener.accept().unwrap().handshake().unwrap();
    let is_done = AtomicBool::new(false);
    let stops = thread::scope(|scope| {
        let storm = scope.spawn(|| {
            let mut stops = 0;
            while !is_done.load(Ordering::Relaxed) {
                kill_process(pid, Signal::STOP).unwrap();
                kill_process(pid, Signal::CONT).unwrap();
                stops += 1;
                thread::sleep(Duration::from_micros(100));
            }
            stops
        });
        for number in 0..50 {
            connection.write_value(&numbers(number)).unwrap();
            connection.flush().unwrap();
            let back: Vec<u64> = connection.read_value().unwrap().unwrap();
            assert!(back == numbers(number), "{number}");
        }
        is_done.store(true, Ordering::Relaxed);
        storm.join().unwrap()
    });
    assert!(stops > 50, "{stops}");
    connection.finish().unwrap();
    assert!(child.wait().unwrap().success());
}
