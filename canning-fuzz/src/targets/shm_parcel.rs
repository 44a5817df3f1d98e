//! Parcels: messages of which some buffers stay in shared memory.

use std::{
    fs,
    io::{IoSlice, Write as _},
    mem::MaybeUninit,
    net::Shutdown,
    os::{
        fd::{AsFd as _, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
    sync::OnceLock,
};

use canning_wire::{handshake::Hello, shm::Handover, socket::Options};
use rustix::{
    fs::{
        FallocateFlags, MemfdFlags, SealFlags, fallocate, fcntl_add_seals, ftruncate, memfd_create,
    },
    net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg},
};

use crate::{
    heap,
    input::Input,
    reading::{LIMITS, bound, read_in_every_way},
};

/// Receives bytes with some descriptors of sealed memory, over a pair of sockets.
///
/// They are read or refused, within the promised memory, and no descriptor stays open.
pub(crate) fn shm_parcel(data: &[u8]) {
    let mut input = Input::new(data);
    let descriptors = input.below(4);
    let memory = memory();
    let bytes = input.bytes(MOST);

    let [mut here, there] = pair();
    here.write_all(&Hello::default().encode()).unwrap();
    send(&here, bytes, &vec![memory.as_fd(); descriptors]);
    here.shutdown(Shutdown::Write).unwrap();
    let options = Options { limits: LIMITS, ..Options::default() };
    let mut connection = Handover::over(there, &options).unwrap();
    // Memory that is mapped is not allocated, but what is made of it may be.
    let most = bound(bytes.len() + LEN);
    loop {
        match heap::within("a parcel", most, || connection.read_message()) {
            Ok(Some(mut message)) => message.objects_mut().iter_mut().for_each(read_in_every_way),
            Ok(None) => break,
            Err(_) => {
                assert!(connection.read_message().is_err(), "nothing can follow an error");
                break;
            }
        }
    }
    drop((connection, here));
    assert_eq!(open(), 1, "a descriptor is open still, beside ours");
}

/// How many descriptors of the memory this process has open.
fn open() -> usize {
    let all = fs::read_dir("/proc/self/fd").unwrap();
    // Other threads open and close theirs.
    let links = all.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    links.filter(|link| link.to_string_lossy().contains(NAME)).count()
}

fn pair() -> [UnixStream; 2] {
    UnixStream::pair().unwrap().into()
}

/// Memory with numbers, sealed for good.
fn memory() -> &'static OwnedFd {
    static MEMORY: OnceLock<OwnedFd> = OnceLock::new();
    MEMORY.get_or_init(|| {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let memory = memfd_create(NAME, flags).unwrap();
        ftruncate(&memory, LEN as u64).unwrap();
        fallocate(&memory, FallocateFlags::empty(), 0, LEN as u64).unwrap();
        let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
        fcntl_add_seals(&memory, seals).unwrap();
        memory
    })
}

fn send(socket: &UnixStream, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) {
    if bytes.is_empty() {
        return;
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() {
        assert!(control.push(SendAncillaryMessage::ScmRights(descriptors)));
    }
    let sent = sendmsg(socket, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL);
    assert_eq!(sent, Ok(bytes.len()));
}

const NAME: &str = "canning-fuzzed";

/// The length of the memory.
const LEN: usize = 8192;

/// So many bytes fit into a socket that nobody reads yet.
const MOST: usize = 16 << 10;
