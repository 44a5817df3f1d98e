//! Slow peers over shared memory: silent ones, those of a byte now and then, those that take nothing.

#![cfg(all(target_os = "linux", feature = "shm"))]
#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    io::{ErrorKind as IoKind, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use canning_core::CannedObject;
use canning_wire::{
    Error, ErrorKind, Message, can,
    handshake::{HandshakeError, Hello},
    shm::{Arena, Handover, Sealed},
    socket::Options,
};
use support::shm::{mapped, opened, send};

/// Tests that count what the process has open take turns.
static ALONE: Mutex<()> = Mutex::new(());

/// Goes on after a test that failed.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const ITEMS: usize = 1024;

/// The bytes of a parcel of one array, and the memory that it lies in.
fn parcel() -> (Vec<u8>, Sealed) {
    let arena = Arena::new(8 * ITEMS).unwrap();
    let items = arena.zeroed::<u64>(ITEMS).unwrap().finish();
    let sealed = arena.seal().unwrap();
    let items = sealed.get(items).unwrap();
    let (here, mut there) = UnixStream::pair().unwrap();
    there.write_all(&Hello::default().encode()).unwrap();
    let mut here = Handover::over(here, &Options::default()).unwrap();
    here.write_message(&can(&items).unwrap().into()).unwrap();
    drop(here);
    let mut bytes = Vec::new();
    there.read_to_end(&mut bytes).unwrap();
    (bytes.split_off(Hello::LEN), sealed)
}

/// A peer that sends what it likes, after the hello.
fn greeted(options: &Options) -> (UnixStream, Handover) {
    let (mut here, there) = UnixStream::pair().unwrap();
    here.write_all(&Hello::default().encode()).unwrap();
    let there = Handover::over(there, options).unwrap();
    here.read_exact(&mut [0; Hello::LEN]).unwrap();
    (here, there)
}

fn io_kind(error: &Error) -> IoKind {
    let ErrorKind::Io(source) = error.kind() else { panic!("{error}") };
    source.kind()
}

#[test]
fn silent_peer_over_shared_memory_is_given_up_in_time() {
    let _alone = alone();
    let waited = Duration::from_millis(50);
    let options = Options { hello_timeout: waited, ..Options::default() };
    for read in [0, 1, 15] {
        let (here, mut there) = UnixStream::pair().unwrap();
        there.write_all(&Hello::default().encode()[..read]).unwrap();
        let error = Handover::over(here, &options).unwrap_err();
        let ErrorKind::Handshake(error) = error.kind() else { panic!("{error}") };
        assert_eq!(*error, HandshakeError::Silent { read, waited });
    }
}

/// However much of a parcel has come: nothing can follow it, and nothing stays.
#[test]
fn peer_that_stops_within_a_parcel_is_given_up() {
    let _alone = alone();
    let (bytes, memory) = parcel();
    let read_timeout = Some(Duration::from_millis(1));
    let options = Options { read_timeout, ..Options::default() };
    for cut in 1..bytes.len() {
        let (socket, mut connection) = greeted(&options);
        let before = (opened(), mapped());
        send(&socket, &bytes[..cut], &[memory.as_fd()]);
        let error = connection.read_message().unwrap_err();
        assert_eq!(io_kind(&error), IoKind::TimedOut, "{cut}");
        assert_eq!((opened(), mapped()), before, "{cut}");
        // What comes too late is not taken for a parcel.
        send(&socket, &bytes[cut..], &[]);
        send(&socket, &bytes, &[memory.as_fd()]);
        let error = connection.read_message().unwrap_err();
        assert_eq!(io_kind(&error), IoKind::BrokenPipe, "{cut}");
        assert_eq!((opened(), mapped()), before, "{cut}");
    }
}

#[test]
fn parcel_of_a_byte_at_a_time_is_whole() {
    let _alone = alone();
    let (bytes, memory) = parcel();
    let (socket, mut connection) = greeted(&Options::default());
    thread::scope(|scope| {
        scope.spawn(|| {
            send(&socket, &bytes[..1], &[memory.as_fd()]);
            for byte in &bytes[1..] {
                // So that the other end is likely to wait for it.
                thread::sleep(Duration::from_millis(1));
                send(&socket, &[*byte], &[]);
            }
        });
        let [object] = connection.read_message().unwrap().unwrap().into_array().unwrap();
        assert_eq!(object.get::<&[u64], _>().unwrap(), [0; ITEMS]);
    });
}

/// Both ends, the first of which waits only shortly until its bytes are taken.
fn one_that_takes_nothing() -> (Handover, Handover) {
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
    let write_timeout = Some(Duration::from_millis(20));
    let here = Handover::over(here, &Options { write_timeout, ..Options::default() }).unwrap();
    (here, there.join().unwrap())
}

/// Asserts that nothing more can be written, after an error.
fn check_given_up(connection: &mut Handover, error: &Error) {
    assert_eq!(io_kind(error), IoKind::TimedOut);
    let error = connection.write_message(&can(&7).unwrap().into()).unwrap_err();
    assert_eq!(io_kind(&error), IoKind::BrokenPipe);
}

#[test]
fn peer_that_does_not_take_a_long_parcel_is_given_up() {
    let _alone = alone();
    let numbers = vec![1_u64; 1 << 20];
    let (mut here, mut there) = one_that_takes_nothing();
    let error = here.write_message(&can(&numbers).unwrap().into()).unwrap_err();
    check_given_up(&mut here, &error);
    drop(here);
    let error = there.read_message().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{error}");
}

/// What was accepted before is not lost, and nothing stays of all the descriptors.
#[test]
fn peer_that_takes_no_parcels_is_given_up() {
    let _alone = alone();
    let before = (opened(), mapped());
    let (mut here, mut there) = one_that_takes_nothing();
    let mut accepted = 0_u64;
    let error = loop {
        let arena = Arena::new(8 * ITEMS).unwrap();
        let mut items = arena.zeroed::<u64>(ITEMS).unwrap();
        items.fill(accepted);
        let items = items.finish();
        let items = arena.seal().unwrap().get(items).unwrap();
        // Of bytes more than the memory, so that there are fewer than a process may have open.
        let text = "on the socket ".repeat(500);
        let message: Message<'_> =
            [can(&items).unwrap(), can(&text).unwrap()].into_iter().collect();
        match here.write_message(&message) {
            Ok(handed) => assert_eq!(handed.shared, 8 * ITEMS as u64),
            Err(error) => break error,
        }
        accepted += 1;
    };
    assert!(accepted > 1, "{accepted}");
    check_given_up(&mut here, &error);
    assert_eq!(mapped(), before.1, "they are only in the socket");
    drop(here);
    for number in 0..accepted {
        let [items, _text] = there.read_message().unwrap().unwrap().into_array().unwrap();
        assert_eq!(items.get::<&[u64], _>().unwrap(), [number; ITEMS]);
    }
    let end = there.read_message();
    let is_cut_off = |error: &Error| matches!(error.kind(), ErrorKind::Truncated { .. });
    assert!(matches!(&end, Ok(None)) || end.as_ref().is_err_and(is_cut_off), "{end:?}");
    drop((end, there));
    assert_eq!((opened(), mapped()), before);
}

/// The time for the whole hello counts, not that for each byte.
#[test]
fn peer_of_a_byte_now_and_then_over_shared_memory_is_given_up_too() {
    let _alone = alone();
    let (here, mut there) = UnixStream::pair().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            // All of it takes twelve times as long as is waited: so much later may the other thread look.
            for byte in Hello::default().encode() {
                if there.write_all(&[byte]).is_err() {
                    break;
                }
                thread::sleep(Duration::from_millis(400));
            }
        });
        let options = Options { hello_timeout: Duration::from_millis(500), ..Options::default() };
        let error = Handover::over(here, &options).unwrap_err();
        let ErrorKind::Handshake(error) = error.kind() else { panic!("{error}") };
        assert!(matches!(error, HandshakeError::Silent { read: 0..=15, .. }), "{error}");
    });
}
