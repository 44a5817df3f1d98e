//! Peers that go away in the middle: at every byte, by being killed, and while they are written to.

#![cfg(all(unix, feature = "socket"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    io::{ErrorKind as IoKind, Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use canning_core::CannedObject;
use canning_wire::{
    ErrorKind, Message, can,
    handshake::Hello,
    socket::{Connection, Options},
    write_message,
};
use rustix::net::sockopt::set_socket_linger;
use support::pairs::{pairs, raw_pairs};

/// A hello, and a message of two objects, one with a buffer: its bytes, and its length.
fn conversation() -> (Vec<u8>, usize) {
    let numbers: Vec<u16> = (0..600).collect();
    let mut bytes = Hello::default().encode().to_vec();
    let message: Message<'_> =
        [can("first").unwrap(), can(&numbers).unwrap()].into_iter().collect();
    let sent = write_message(&mut bytes, &message).unwrap();
    (bytes, usize::try_from(sent.bytes).unwrap())
}

/// From which byte of the message on its first object is whole.
fn end_of_first_object(message: &[u8]) -> usize {
    let (header, buffers) = can("first").unwrap().into_parts();
    assert!(buffers.is_empty());
    let mut bytes = Vec::new();
    header.segments().for_each(|segment| bytes.extend_from_slice(segment));
    let at = message.windows(bytes.len()).position(|window| window == bytes).unwrap();
    at + bytes.len()
}

#[test]
fn peer_that_ends_at_any_byte_of_a_message_is_noticed() {
    let (bytes, len) = conversation();
    let first = end_of_first_object(&bytes[Hello::LEN..]);
    assert!(first < len);
    for (cut, (here, mut there)) in (0..=len).flat_map(|cut| raw_pairs().map(|pair| (cut, pair))) {
        there.write_all(&bytes[..Hello::LEN + cut]).unwrap();
        let mut connection = Connection::over(here, &Options::default()).unwrap();
        // One that ends without having read what it was sent resets the connection instead.
        there.read_exact(&mut [0; Hello::LEN]).unwrap();
        drop(there);
        let found = connection.read_message();
        match cut {
            0 => assert!(found.unwrap().is_none()),
            cut if cut == len => assert_eq!(found.unwrap().unwrap().objects().len(), 2),
            cut => {
                let error = found.unwrap_err();
                let ErrorKind::Truncated { read } = *error.kind() else { panic!("{error}") };
                assert_eq!(read, cut as u64);
                // The second object is whole only with the whole message.
                assert_eq!(error.whole_objects(), usize::from(cut >= first), "{cut}: {error}");
            }
        }
    }
}

/// What a peer sent before a reset may come, or be lost with it: what comes is whole, and the end is
/// not taken for that of the stream.
#[test]
fn peer_that_resets_at_any_byte_of_a_message_is_noticed() {
    let (bytes, len) = conversation();
    let first = end_of_first_object(&bytes[Hello::LEN..]);
    for cut in 0..=len {
        let [_unix, (here, mut there)] = raw_pairs();
        there.write_all(&bytes[..Hello::LEN + cut]).unwrap();
        let mut connection = Connection::over(here, &Options::default()).unwrap();
        there.read_exact(&mut [0; Hello::LEN]).unwrap();
        set_socket_linger(&there, Some(Duration::ZERO)).unwrap();
        drop(there);
        let mut found = connection.read_message();
        if cut == len
            && let Ok(message) = found
        {
            let [text, numbers] = message.unwrap().into_array().unwrap();
            assert_eq!(text.get::<&str, _>().unwrap(), "first");
            assert_eq!(numbers.get::<Vec<u16>, _>().unwrap(), (0..600).collect::<Vec<_>>());
            found = connection.read_message();
        }
        let error = found.unwrap_err();
        let ErrorKind::Io(source) = error.kind() else { panic!("{cut}: {error}") };
        assert_eq!(source.kind(), IoKind::ConnectionReset, "{cut}: {source}");
        assert!(
            error.whole_objects() <= usize::from((first..len).contains(&cut)),
            "{cut}: {error}"
        );
        assert!(!matches!(connection.read_message(), Ok(Some(_))), "{cut}");
    }
}

#[test]
fn message_of_a_byte_at_a_time_is_whole() {
    let (bytes, _) = conversation();
    let (here, mut there) = UnixStream::pair().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            bytes.iter().for_each(|byte| there.write_all(&[*byte]).unwrap());
            there.read_exact(&mut [0; Hello::LEN]).unwrap();
        });
        let mut connection = Connection::over(here, &Options::default()).unwrap();
        let message = connection.read_message().unwrap().unwrap();
        let [first, second] = message.into_array().unwrap();
        assert_eq!(first.get::<&str, _>().unwrap(), "first");
        assert_eq!(second.get_object::<Vec<u16>, _>().unwrap(), (0..600).collect::<Vec<_>>());
        assert!(connection.read_message().unwrap().is_none());
    });
}

/// A process that passes on what it is given stands for a peer, and is killed within a message.
#[test]
fn killed_process_is_noticed_in_the_middle_of_its_message() {
    let (bytes, len) = conversation();
    let (here, there) = UnixStream::pair().unwrap();
    let mut peer =
        Command::new("cat").stdin(Stdio::piped()).stdout(OwnedFd::from(there)).spawn().unwrap();
    let mut passed_on = peer.stdin.take().unwrap();
    passed_on.write_all(bytes.get(..Hello::LEN + len - 1).unwrap()).unwrap();
    let mut connection = Connection::over(here, &Options::default()).unwrap();
    let killer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        peer.kill().unwrap();
        peer.wait().unwrap();
        drop(passed_on);
    });
    let error = connection.read_message().unwrap_err();
    match error.kind() {
        ErrorKind::Truncated { read } => assert!(*read < len as u64),
        // What some systems say of a peer that did not read all it was sent, as here our hello.
        ErrorKind::Io(error) => assert_eq!(error.kind(), IoKind::ConnectionReset),
        kind => panic!("{kind}"),
    }
    assert_eq!(error.whole_objects(), 1);
    killer.join().unwrap();
}

#[test]
fn peer_that_goes_while_it_is_written_to_is_noticed() {
    for (here, there) in pairs() {
        thread::scope(|scope| {
            scope.spawn(|| drop(Connection::over(there, &Options::default()).unwrap()));
            let mut connection = Connection::over(here, &Options::default()).unwrap();
            let numbers = vec![1_u64; 1 << 20];
            let error = connection.write_message(&can(&numbers).unwrap().into()).unwrap_err();
            let ErrorKind::Io(source) = error.kind() else { panic!("{error}") };
            let kinds = [IoKind::BrokenPipe, IoKind::ConnectionReset];
            assert!(kinds.contains(&source.kind()), "{source}");
            assert!(error.whole_objects() == 0);
        });
    }
}
