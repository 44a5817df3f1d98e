//! What a parcel holds, and nothing else: as many places as buffers, as many descriptors as go into one
//! call, and no byte behind its objects.

#![cfg(all(target_os = "linux", feature = "shm"))]
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

use std::{
    error::Error as _,
    fs,
    io::{self, IoSlice, Read, Write},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    thread,
};

use canning_core::{CannedObject, SharedSlice};
use canning_wire::{
    ErrorKind, Message, can,
    shm::{Arena, Handover, SharedPool, ShmError},
    socket::Options,
};
use rustix::{
    fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create},
    net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg},
};

/// Descriptors that the system sends at once.
const MOST: usize = 253;

/// Bytes of a parcel's fixed part; behind it is the length of each header.
const FIXED: usize = 40;

fn pair() -> (Handover, Handover) {
    let (here, there) = UnixStream::pair().unwrap();
    let there = thread::spawn(|| Handover::over(there, &Options::default()).unwrap());
    (Handover::over(here, &Options::default()).unwrap(), there.join().unwrap())
}

fn hello() -> Vec<u8> {
    fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/hello.bin")).unwrap()
}

/// The bytes that a message is, without its descriptors.
fn written(message: &Message<'_>) -> Vec<u8> {
    let (here, mut there) = UnixStream::pair().unwrap();
    there.write_all(&hello()).unwrap();
    let mut here = Handover::over(here, &Options::default()).unwrap();
    here.write_message(message).unwrap();
    drop(here);
    let mut bytes = Vec::new();
    there.read_to_end(&mut bytes).unwrap();
    bytes.split_off(hello().len())
}

/// A connection that receives these bytes, and then nothing.
fn receiving(bytes: &[u8], fds: &[BorrowedFd<'_>]) -> Handover {
    let (here, mut there) = UnixStream::pair().unwrap();
    there.write_all(&hello()).unwrap();
    let here = Handover::over(here, &Options::default()).unwrap();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    assert!(fds.is_empty() || control.push(SendAncillaryMessage::ScmRights(fds)));
    let sent = sendmsg(&there, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL);
    assert_eq!(sent.unwrap(), bytes.len());
    here
}

/// With so much more in one of the numbers of the fixed part.
fn with_more(mut bytes: Vec<u8>, at: usize, more: u64) -> Vec<u8> {
    let number = u64::from_le_bytes(*bytes[at..].first_chunk().unwrap()) + more;
    bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
    bytes
}

/// Where the number of buffers is, and the length of the rest.
const BUFFERS: usize = 24;
const REST: usize = 32;

const LONGER: &str = "malformed frame: longer than its objects";

/// An array in sealed memory of its own.
fn shared(items: &[u64]) -> SharedSlice<u64> {
    let arena = Arena::new(size_of_val(items).max(8)).unwrap();
    let slot = arena.copied(items).unwrap().finish();
    arena.seal().unwrap().get(slot).unwrap()
}

#[test]
fn a_place_too_many_and_a_byte_too_many_are_refused() {
    let items = vec![7_u64; 1000];
    let honest = written(&can(&items).unwrap().into());
    let message = receiving(&honest, &[]).read_message().unwrap().unwrap();
    assert_eq!(message.objects()[0].get::<Vec<u64>, _>().unwrap(), items);

    // A second place, of a buffer that follows, behind the first; and nothing is left over.
    let mut place = with_more(with_more(honest.clone(), BUFFERS, 1), REST, 16);
    let second = FIXED + 8 + 16;
    place.splice(second..second, [[0xff; 4], [0; 4], [0; 4], [0; 4]].concat());
    let error = receiving(&place, &[]).read_message().unwrap_err();
    assert_eq!(error.to_string(), LONGER);

    let mut byte = with_more(honest, REST, 1);
    byte.push(0);
    let error = receiving(&byte, &[]).read_message().unwrap_err();
    assert_eq!(error.to_string(), LONGER);
}

#[test]
fn a_pool_with_something_behind_it_is_refused() {
    let fd = memfd_create("pool", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).unwrap();
    ftruncate(&fd, 4096).unwrap();
    rustix::io::pwrite(&fd, &[1; 4096], 0).unwrap();
    fcntl_add_seals(&fd, SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW).unwrap();
    let mut parcel = [0; FIXED];
    parcel[..7].copy_from_slice(&[0x89, b'S', b'H', b'M', 1, 1, 1]);
    let pool = receiving(&parcel, &[fd.as_fd()]).read_pool().unwrap();
    assert_eq!(pool.copy_out(4088, 8).unwrap().as_slice(), [1; 8]);

    parcel[REST] = 1;
    let error = receiving(&parcel, &[fd.as_fd()]).read_pool().unwrap_err();
    assert_eq!(error.to_string(), LONGER);
}

#[test]
fn as_many_memories_are_handed_over_as_go_into_one_call_and_what_is_more_is_sent() {
    for count in [MOST, MOST + 1] {
        let arrays: Vec<_> = (0..count as u64).map(|number| shared(&[number; 512])).collect();
        let message = Message::from(can(&arrays).unwrap());
        let (mut here, mut there) = pair();
        let handed = here.write_message(&message).unwrap();
        let expected = (MOST as u64 * 4096, (count - MOST) as u64 * 4096);
        assert_eq!((handed.shared, handed.sent), expected);
        let message = there.read_message().unwrap().unwrap();
        let back: Vec<Vec<u64>> = message.objects()[0].get().unwrap();
        assert!(back.iter().zip(&arrays).all(|(back, array)| back[..] == array[..]));
        assert_eq!(back.len(), count);
    }
}

#[test]
fn errors_of_the_system_are_the_source() {
    let error = SharedPool::new(usize::MAX).unwrap_err();
    let ErrorKind::SharedMemory(error) = error.kind() else { panic!("{error}") };
    assert!(matches!(error, ShmError::System { .. }), "{error}");
    assert!(error.source().unwrap().downcast_ref::<io::Error>().is_some());
    assert!(ShmError::OtherArena.source().is_none());
}
