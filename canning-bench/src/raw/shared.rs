//! Shared memory without anything around it: nothing is sealed, and nothing checked.

use std::{
    fs::File,
    io::{IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
};

use memmap2::MmapMut;
use rustix::{
    cmsg_space,
    fs::{FallocateFlags, MemfdFlags, fallocate, memfd_create},
    net::{
        RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
    },
};

use crate::{
    exchange::{Way, answer},
    mapped,
    values::{Frame, Value, Views},
};

/// Sends the descriptor of memory that holds the arrays already, and stays mapped.
pub(crate) fn handing_over(frame: &Frame) -> Way<'_> {
    let (here, there) = UnixStream::pair().unwrap();
    let way = Way::staged(
        MEMFD,
        frame,
        move |watch, stream| {
            let (memory, _map) = born(frame);
            watch.time(|| {
                send(&here, &memory);
                answer(stream)
            })
        },
        move |_| Some(Views::of_block(&mapped::read_only(&receive(&there)?)).firsts()),
    );
    way.answered(frame.views().firsts())
}

/// Copies the arrays into new memory, and sends its descriptor.
pub(crate) fn sending(frame: &Frame) -> Way<'_> {
    let (here, there) = UnixStream::pair().unwrap();
    Way::new(
        MEMFD,
        frame,
        move |_| send(&here, &born(frame).0),
        move |_| Some(Views::of_block(&mapped::read_only(&receive(&there)?)).sum()),
    )
}

/// Copies the arrays into memory that both have, and says so with a byte.
pub(crate) fn pooling(frame: &Frame) -> Way<'_> {
    let (memory, mut here) = born(frame);
    let there = mapped::read_only(&memory);
    Way::new(
        POOL,
        frame,
        move |stream| {
            copy(frame, &mut here);
            stream.write_all(&[1]).unwrap();
        },
        move |stream| {
            stream.read_exact(&mut [0]).ok()?;
            Some(Views::of_block(&there).sum())
        },
    )
}

/// New memory with the arrays.
fn born(frame: &Frame) -> (File, MmapMut) {
    let memory = memfd_create("raw", MemfdFlags::CLOEXEC).unwrap();
    fallocate(&memory, FallocateFlags::empty(), 0, frame.bytes()).unwrap();
    let memory = File::from(memory);
    let mut map = mapped::writable(&memory);
    copy(frame, &mut map);
    (memory, map)
}

fn copy(frame: &Frame, mut memory: &mut [u8]) {
    for bytes in frame.views().bytes() {
        let (place, rest) = memory.split_at_mut(bytes.len());
        place.copy_from_slice(bytes);
        memory = rest;
    }
}

fn send(socket: &UnixStream, memory: &File) {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let fds = [memory.as_fd()];
    assert!(control.push(SendAncillaryMessage::ScmRights(&fds)));
    let byte = [IoSlice::new(&[1])];
    assert_eq!(sendmsg(socket, &byte, &mut control, SendFlags::NOSIGNAL).unwrap(), 1);
}

/// None where the other end is gone.
fn receive(socket: &UnixStream) -> Option<File> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let mut bytes = [IoSliceMut::new(&mut byte)];
    recvmsg(socket, &mut bytes, &mut control, RecvFlags::CMSG_CLOEXEC).ok()?;
    let fd: OwnedFd = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut fds) => fds.next(),
        _ => None,
    })?;
    Some(fd.into())
}

/// New memory each time.
pub(crate) const MEMFD: &str = "raw_memfd";

/// The same memory each time.
pub(crate) const POOL: &str = "raw_pool";
