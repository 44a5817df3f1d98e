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

use canning_wire::{
    handshake::Hello,
    shm::{Handover, SharedPool},
    socket::Options,
};
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

/// Receives bytes with some descriptors of memory, over a pair of sockets: messages, or a pool and
/// then messages. The memory is sealed for good, or may be written, as a pool's.
///
/// They are read or refused, within the promised memory, and no descriptor stays open. Of a pool can
/// be copied what lies in it, and nothing else.
pub(crate) fn shm_parcel(data: &[u8]) {
    let mut input = Input::new(data);
    let choice = input.byte();
    let descriptors = usize::from(choice & 3);
    let [sealed, writable] = [sealed(), writable()];
    let memory = if choice & 4 == 0 { sealed } else { writable };
    let is_pool = choice & 8 != 0;
    let bytes = input.bytes(MOST);

    let [mut here, there] = pair();
    here.write_all(&Hello::default().encode()).unwrap();
    send(&here, bytes, &vec![memory.as_fd(); descriptors]);
    here.shutdown(Shutdown::Write).unwrap();
    let options = Options { limits: LIMITS, ..Options::default() };
    let mut connection = Handover::over(there, &options).unwrap();
    // Memory that is mapped is not allocated, but what is made of it may be.
    let most = bound(bytes.len() + LEN);
    if is_pool {
        match heap::within("a pool", most, || connection.read_pool()) {
            Ok(pool) => use_pool(&pool, bytes),
            Err(_) => assert!(connection.read_pool().is_err(), "nothing can follow an error"),
        }
    }
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
    assert_eq!(open(), 2, "a descriptor is open still, beside ours");
}

/// Copies bytes into a pool, and out of it, at any place within it and beyond.
fn use_pool(pool: &SharedPool, bytes: &[u8]) {
    assert_eq!(pool.len(), LEN);
    let mut places = Input::new(bytes);
    for _ in 0..4 {
        let (offset, len) = (places.u16().into(), places.u16().into());
        let is_inside = offset + len <= LEN && offset % 8 == 0;
        let copied = pool.copy_out(offset, len);
        assert_eq!(copied.is_ok(), is_inside, "{len} bytes at {offset}");
        let bytes = &bytes[..len.min(bytes.len())];
        let is_inside = offset + bytes.len() <= LEN && offset % 8 == 0;
        assert_eq!(pool.copy_in(offset, bytes).is_ok(), is_inside, "{bytes:?} at {offset}");
        if is_inside {
            assert_eq!(pool.copy_out(offset, bytes.len()).unwrap().as_slice(), bytes);
        }
    }
    for (offset, len) in [(usize::MAX, 1), (8, usize::MAX), (LEN, 1), (LEN + 8, 0)] {
        assert!(pool.copy_out(offset, len).is_err());
    }
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

/// Memory with zeros, sealed for good.
fn sealed() -> &'static OwnedFd {
    static MEMORY: OnceLock<OwnedFd> = OnceLock::new();
    MEMORY.get_or_init(|| memory(FIXED | SealFlags::WRITE))
}

/// Memory that keeps its length, and may be written.
fn writable() -> &'static OwnedFd {
    static MEMORY: OnceLock<OwnedFd> = OnceLock::new();
    MEMORY.get_or_init(|| memory(FIXED))
}

fn memory(seals: SealFlags) -> OwnedFd {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let memory = memfd_create(NAME, flags).unwrap();
    ftruncate(&memory, LEN as u64).unwrap();
    fallocate(&memory, FallocateFlags::empty(), 0, LEN as u64).unwrap();
    fcntl_add_seals(&memory, seals).unwrap();
    memory
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

const FIXED: SealFlags = SealFlags::SEAL.union(SealFlags::SHRINK).union(SealFlags::GROW);

const NAME: &str = "canning-fuzzed";

/// The length of the memory.
const LEN: usize = 8192;

/// So many bytes fit into a socket that nobody reads yet.
const MOST: usize = 16 << 10;
