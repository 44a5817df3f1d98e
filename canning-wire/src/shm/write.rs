//! Writing a parcel.

use std::{
    os::{fd::BorrowedFd, unix::net::UnixStream},
    sync::Arc,
};

use canning_core::{Buffer, CannedObject};

use super::{
    connection::Handed,
    descriptors::{MOST, send},
    live,
    parcel::{self, BufferPlace, Parcel},
    sealed::Memory,
};
use crate::{error::Result, message::Message};

/// A message of which it is known what goes which way.
pub(super) struct Outgoing<'m, 'a> {
    message: &'m Message<'a>,
    memories: Vec<Arc<Memory>>,
    places: Vec<BufferPlace>,
    handed: Handed,
}

impl<'m, 'a> Outgoing<'m, 'a> {
    /// Finds out which buffers lie in sealed memory. Nothing is written yet.
    pub(super) fn new(message: &'m Message<'a>) -> Result<Self> {
        let mut this =
            Self { message, memories: Vec::new(), places: Vec::new(), handed: Handed::default() };
        for object in message.objects() {
            object.check_whole()?;
            for (buffer, align) in object.buffers().iter().zip(object.buffer_aligns()?) {
                let place = this.place(buffer, align);
                this.places.push(place);
            }
        }
        Ok(this)
    }

    /// Where it goes: what does not lie well for its dtype, as parts of arrays of packed structs,
    /// would be refused in memory.
    fn place(&mut self, buffer: &Buffer<'_>, align: usize) -> BufferPlace {
        let found = buffer.as_slice().and_then(live::find);
        let found = found.filter(|(_, offset)| offset.is_multiple_of(align));
        let place = found.and_then(|(memory, offset)| {
            let is_known = |known: &Arc<Memory>| Arc::ptr_eq(known, &memory);
            let number = self.memories.iter().position(is_known).or_else(|| {
                self.memories.push(memory);
                Some(self.memories.len() - 1).filter(|number| *number < MOST)
            })?;
            let descriptor = u32::try_from(number).ok()?;
            Some(BufferPlace::In { descriptor, offset: offset as u64 })
        });
        self.memories.truncate(MOST);
        match place {
            Some(place) => {
                self.handed.shared += buffer.len() as u64;
                place
            }
            None => {
                self.handed.sent += buffer.len() as u64;
                BufferPlace::Follows
            }
        }
    }

    /// Writes all of it, in one call where no buffer goes over the socket.
    pub(super) fn write(self, socket: &UnixStream) -> Result<Handed> {
        let Self { message, memories, places, mut handed } = self;
        let objects = message.objects();
        let headers: u64 = objects.iter().map(|object| object.header().len() as u64).sum();
        let tables = objects.len() as u64 * 8 + places.len() as u64 * parcel::PLACE;
        let parcel = Parcel {
            descriptors: u8::try_from(memories.len()).unwrap_or(u8::MAX),
            kind: parcel::MESSAGE,
            objects: objects.len() as u64,
            buffers: places.len() as u64,
            rest: tables + headers + handed.sent,
        };
        let mut waiting = parcel.encode().to_vec();
        for object in objects {
            waiting.extend_from_slice(&(object.header().len() as u64).to_le_bytes());
        }
        for place in &places {
            waiting.extend_from_slice(&place.encode());
        }
        let fds: Vec<BorrowedFd<'_>> = memories.iter().map(|memory| memory.fd()).collect();
        let mut outbox = Outbox { socket, waiting, fds };
        let mut places = places.into_iter();
        for object in objects {
            outbox.write(object.header())?;
            for (buffer, place) in object.buffers().iter().zip(&mut places) {
                if place == BufferPlace::Follows {
                    outbox.write(buffer)?;
                }
            }
        }
        outbox.flush()?;
        handed.bytes = parcel::LEN as u64 + parcel.rest;
        Ok(handed)
    }
}

/// Writes a parcel of one descriptor, and nothing else.
pub(super) fn write_alone(socket: &UnixStream, kind: u8, fd: BorrowedFd<'_>) -> Result<()> {
    let parcel = Parcel { descriptors: 1, kind, objects: 0, buffers: 0, rest: 0 };
    Outbox { socket, waiting: parcel.encode().to_vec(), fds: vec![fd] }.flush()
}

/// Copies small pieces together, and writes long ones as they lie.
struct Outbox<'s> {
    socket: &'s UnixStream,
    waiting: Vec<u8>,
    /// They go with the first byte.
    fds: Vec<BorrowedFd<'s>>,
}

impl Outbox<'_> {
    fn write(&mut self, buffer: &Buffer<'_>) -> Result<()> {
        if buffer.segment_len() >= LONG {
            for segment in buffer.segments() {
                self.write_run(segment)?;
            }
            return Ok(());
        }
        let Some(mut gather) = buffer.gather() else {
            return self.write_run(buffer.as_slice().unwrap_or_default());
        };
        let mut block = vec![0; BLOCK.min(buffer.len())];
        loop {
            let filled = gather.fill(&mut block);
            match block.get(..filled) {
                None | Some([]) => return Ok(()),
                Some(bytes) => self.write_run(bytes)?,
            }
        }
    }

    fn write_run(&mut self, bytes: &[u8]) -> Result<()> {
        if self.waiting.len() + bytes.len() <= BLOCK && bytes.len() < LONG {
            self.waiting.extend_from_slice(bytes);
            return Ok(());
        }
        self.flush()?;
        self.write_all(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        self.write_all(&waiting)
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let len = send(self.socket, bytes, &self.fds)?;
            self.fds.clear();
            bytes = bytes.get(len..).unwrap_or_default();
        }
        Ok(())
    }
}

/// From here on a piece is written as it lies.
const LONG: usize = 16 << 10;

/// So much is copied together at most.
const BLOCK: usize = 256 << 10;
