//! Reading a parcel.

use std::os::{fd::OwnedFd, unix::net::UnixStream};

use canning_core::{
    Buffer, SharedBytes,
    buffer::{Allocation, room},
};

use super::{
    descriptors::receive,
    error::ShmError,
    parcel::{self, BufferPlace, Parcel},
    sealed::Sealed,
    seals::SealedFd,
};
use crate::{
    error::{Error, ErrorKind, Result},
    frame::limit,
    header::Front,
    limits::Limits,
    message::Message,
    object::{HEADER_ALIGN, Object},
};

/// Reads the first bytes of a parcel, and its descriptors; `None` where the stream has ended.
///
/// Sets `reads` once something has come.
pub(super) fn read_front(
    socket: &UnixStream,
    limits: &Limits,
    reads: &mut bool,
) -> Result<Option<(Parcel, Vec<OwnedFd>)>> {
    let mut bytes = [0; parcel::LEN];
    let mut descriptors = Vec::new();
    let mut filled = 0;
    while let Some(space) = bytes.get_mut(filled..).filter(|space| !space.is_empty()) {
        let received = receive(socket, space);
        let is_read = |error: &Error| !matches!(error.kind(), ErrorKind::Io(_));
        *reads |= received.as_ref().is_err_and(is_read);
        let (len, fds) = received?;
        if len == 0 && filled == 0 {
            return Ok(None);
        }
        check_not_ended(len, filled as u64)?;
        *reads = true;
        if filled == 0 {
            descriptors = fds;
        } else if !fds.is_empty() {
            // They come with the first byte, or one could send as many as there are bytes.
            return Err(ShmError::Descriptors { expected: 0, found: fds.len() }.into());
        }
        filled += len;
    }
    let parcel = Parcel::parse(&bytes, limits)?;
    let (expected, found) = (usize::from(parcel.descriptors), descriptors.len());
    if expected != found {
        return Err(ShmError::Descriptors { expected, found }.into());
    }
    Ok(Some((parcel, descriptors)))
}

/// What is left of a message, after its first bytes.
pub(super) struct Incoming<'s> {
    socket: &'s UnixStream,
    limits: &'s Limits,
    /// Bytes that may still come.
    left: u64,
    read: u64,
    /// Bytes of headers and buffers so far, wherever they are: buffers may share memory.
    message: u64,
}

impl<'s> Incoming<'s> {
    pub(super) fn new(socket: &'s UnixStream, limits: &'s Limits, parcel: &Parcel) -> Self {
        Self { socket, limits, left: parcel.rest, read: parcel::LEN as u64, message: 0 }
    }

    /// Reads the message, whose buffers may lie in the memory of descriptors.
    pub(super) fn read(
        mut self,
        parcel: &Parcel,
        descriptors: Vec<OwnedFd>,
    ) -> Result<Message<'static>> {
        let memories = self.map(descriptors)?;
        let lens = self.read_part(parcel.objects.saturating_mul(8), 8)?;
        let places = self.read_part(parcel.buffers.saturating_mul(parcel::PLACE), 8)?;
        let (lens, _) = lens.as_slice().as_chunks::<8>();
        let (places, _) = places.as_slice().as_chunks::<16>();
        let mut places = places.iter();
        let mut objects = Vec::new();
        let mut used = vec![false; memories.len()];
        for len in lens {
            let object =
                self.read_object(u64::from_le_bytes(*len), &mut places, &memories, &mut used);
            let object = object.map_err(|error| error.after(objects.len()))?;
            room::push(&mut objects, object)?;
        }
        if places.next().is_some() || self.left > 0 {
            return Err(Error::new(ErrorKind::Frame("longer than its objects"), 0));
        }
        if let Some(unused) = used.iter().position(|used| !used) {
            return Err(ShmError::Descriptors { expected: unused, found: used.len() }.into());
        }
        Ok(objects.into())
    }

    /// Checks and maps all memory. Together it is no longer than a message may be.
    fn map(&self, descriptors: Vec<OwnedFd>) -> Result<Vec<Sealed>> {
        let mut most = self.limits.message_bytes;
        let map = |fd| {
            let fd = SealedFd::check(fd, most)?;
            most = most.saturating_sub(fd.len() as u64);
            Sealed::map(fd, 0)
        };
        descriptors.into_iter().map(map).collect()
    }

    fn read_object<'p>(
        &mut self,
        len: u64,
        places: &mut impl Iterator<Item = &'p [u8; 16]>,
        memories: &[Sealed],
        used: &mut [bool],
    ) -> Result<Object<'static>> {
        limit("header length", self.limits.header_bytes, len)?;
        self.count(len)?;
        let header = Buffer::from(self.read_part(len, HEADER_ALIGN)?);
        let front = Front::parse(&header, self.limits)?;
        for entry in &front.buffers {
            self.count(entry.len)?;
        }
        let mut aligns = Vec::new();
        front.buffer_aligns(&header, &mut aligns)?;
        let mut buffers = Vec::new();
        room::reserve_exact(&mut buffers, front.buffers.len())?;
        for (entry, align) in front.buffers.iter().zip(aligns) {
            let place = places.next().ok_or_else(fewer_places)?;
            buffers.push(match BufferPlace::parse(place)? {
                BufferPlace::Follows => self.read_part(entry.len, align)?.into(),
                BufferPlace::In { descriptor, offset } => {
                    let number = usize::try_from(descriptor).unwrap_or(usize::MAX);
                    let (Some(memory), Some(used)) = (memories.get(number), used.get_mut(number))
                    else {
                        let expected = memories.len();
                        return Err(ShmError::Descriptors { expected, found: number }.into());
                    };
                    *used = true;
                    part(memory, offset, entry.len, align)?.into()
                }
            });
        }
        Ok(Object::from_parts(header, front, buffers, *self.limits)?)
    }

    /// Refuses what would make the message too long.
    fn count(&mut self, len: u64) -> Result<()> {
        self.message = self.message.saturating_add(len);
        limit("length of the message", self.limits.message_bytes, self.message)
    }

    /// Reads so many bytes, into memory that grows as they come beyond what is believed.
    fn read_part(&mut self, len: u64, align: usize) -> Result<Allocation> {
        let left = self.left.checked_sub(len);
        self.left =
            left.ok_or_else(|| Error::new(ErrorKind::Frame("shorter than its objects"), 0))?;
        let too_long =
            |_too_long| Error::new(ErrorKind::Frame("longer than the memory of this machine"), 0);
        let len = usize::try_from(len).map_err(too_long)?;
        let believed = usize::try_from(self.limits.believed_bytes).unwrap_or(usize::MAX);
        let mut part = Allocation::zeroed(len.min(believed.max(LEAST)), align)?;
        let mut filled = 0;
        while filled < len {
            if filled == part.len() {
                part.grow(filled.saturating_mul(2).min(len))?;
            }
            let space = part.as_mut_slice().get_mut(filled..).unwrap_or_default();
            let (read, fds) = receive(self.socket, space)?;
            if !fds.is_empty() {
                return Err(ShmError::Descriptors { expected: 0, found: fds.len() }.into());
            }
            check_not_ended(read, self.read)?;
            filled += read;
            self.read += read as u64;
        }
        Ok(part)
    }
}

/// The part of memory that a buffer is.
fn part(memory: &Sealed, offset: u64, len: u64, align: usize) -> Result<SharedBytes, ShmError> {
    let bytes = memory.as_bytes();
    let start = usize::try_from(offset).ok().filter(|start| start.is_multiple_of(align));
    let end = offset.checked_add(len).and_then(|end| usize::try_from(end).ok());
    let part = start.zip(end).and_then(|(start, end)| bytes.get(start..end));
    part.ok_or(ShmError::Range { offset, len, memory: bytes.len() as u64, align })
}

fn check_not_ended(len: usize, read: u64) -> Result<()> {
    match len {
        0 => Err(Error::new(ErrorKind::Truncated { read }, 0)),
        _ => Ok(()),
    }
}

#[cold]
fn fewer_places() -> Error {
    Error::new(ErrorKind::Frame("fewer places than buffers"), 0)
}

/// So much is allocated on the word of a peer, whatever it is.
const LEAST: usize = 4096;
