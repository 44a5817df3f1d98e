//! Parcels of shared memory, put together by hand; and what of it stays.

use std::{
    fs,
    io::IoSlice,
    mem::MaybeUninit,
    os::{fd::BorrowedFd, unix::net::UnixStream},
};

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};

/// Sends bytes, and descriptors with the first of them.
pub fn send(socket: &UnixStream, bytes: &[u8], fds: &[BorrowedFd<'_>]) {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(253))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() {
        assert!(control.push(SendAncillaryMessage::ScmRights(fds)));
    }
    let sent = sendmsg(socket, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL);
    assert_eq!(sent.unwrap(), bytes.len());
}

/// How many descriptors this process has.
pub fn opened() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// How many pieces of shared memory this process has mapped.
pub fn mapped() -> usize {
    fs::read_to_string("/proc/self/maps").unwrap().matches("memfd:").count()
}
