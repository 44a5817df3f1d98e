//! Bytes and descriptors over a Unix socket.

use std::{
    io::{IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::{
        fd::{BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
};

use rustix::{
    cmsg_space,
    io::Errno,
    net::{
        RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
    },
};

use super::error::ShmError;
use crate::error::{Error, ErrorKind, Result};

/// The most descriptors that the system takes at once.
pub(super) const MOST: usize = 253;

/// Writes some of the bytes, the descriptors with the first; gives their number.
pub(super) fn send(socket: &UnixStream, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> Result<usize> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(ShmError::Descriptors { expected: MOST, found: fds.len() }.into());
    }
    loop {
        // Without the flag, writing to a peer that is gone would end the process.
        match sendmsg(socket, &[IoSlice::new(bytes)], &mut control, SendFlags::NOSIGNAL) {
            Err(Errno::INTR) => {}
            result => return result.map_err(io_error),
        }
    }
}

/// Reads some bytes, and the descriptors that come with them; no bytes at the end of the stream.
///
/// Descriptors are closed with what is returned. A process that is started does not inherit them.
/// After [`ErrorKind::Io`] nothing was read; after any other error bytes are gone.
pub(super) fn receive(socket: &UnixStream, space: &mut [u8]) -> Result<(usize, Vec<OwnedFd>)> {
    let mut control = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
    let mut control = RecvAncillaryBuffer::new(&mut control);
    let received = loop {
        let mut space = [IoSliceMut::new(space)];
        match recvmsg(socket, &mut space, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(Errno::INTR) => {}
            result => break result.map_err(io_error)?,
        }
    };
    let mut fds = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = message {
            fds.extend(received);
        }
    }
    // More than there was room for, or than this process may open.
    if received.flags.contains(ReturnFlags::CTRUNC) {
        return Err(ShmError::Descriptors { expected: MOST, found: fds.len() }.into());
    }
    Ok((received.bytes, fds))
}

fn io_error(error: Errno) -> Error {
    let error = match error {
        // The socket blocks, so that it only says so after a timeout.
        Errno::AGAIN => std::io::ErrorKind::TimedOut.into(),
        error => error.into(),
    };
    Error::new(ErrorKind::Io(error), 0)
}
