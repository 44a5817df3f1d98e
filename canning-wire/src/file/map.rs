//! A file of messages as memory.

use std::path::Path;

use canning_core::{Buffer, SharedBytes};
use memmap2::Mmap;

use super::{
    error::FileError,
    progress::Watcher,
    reader::Reader,
    record::{HEAD, Head, MARK},
};
use crate::{checksum, error::Result, limits::Limits, message::Message};

/// A file of messages as memory: its messages are views into it.
///
/// Nothing is read before it is looked at, and nothing is copied: arrays can be borrowed where
/// they lie, and [shared](canning_core::SharedSlice), which keeps the map. What is owned,
/// such as a `Vec`, is copied out, and counted. Frames start at multiples of 64, so arrays are
/// aligned.
///
/// It holds the messages that were whole when it was opened, and takes the memory of a
/// [`Reader`]'s index.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, can, file::{Map, Writer}};
///
/// # let path = std::env::temp_dir().join(format!("canning-map-{}.can", std::process::id()));
/// # std::fs::remove_file(&path).ok();
/// let mut writer = Writer::create(&path)?;
/// writer.write_named("weights", &can(&vec![0.5_f32; 4096])?.into())?;
/// writer.finish()?;
///
/// // SAFETY: nobody else knows the file.
/// let map = unsafe { Map::open(&path, Limits::default()) }?;
/// let weights = map.get(0)?;
/// let view: &[f32] = weights.objects()[0].get()?;
/// assert_eq!(view, [0.5; 4096]);
/// assert!(map.as_bytes().as_ptr_range().contains(&view.as_ptr().cast())); // not copied
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Map {
    bytes: SharedBytes,
    reader: Reader,
    limits: Limits,
}

impl Map {
    /// Maps a file; finds its messages as [`Reader::open`] does.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`]; [`FileError::System`] when it cannot be mapped.
    ///
    /// # Safety
    ///
    /// As long as the map lives, or a message or a part of one that came from it:
    ///
    /// - Nobody, in this process or another, writes to the part of the file that is mapped: its
    ///   bytes are borrowed as if they never changed.
    /// - Nobody cuts the file shorter than that: looking at what is gone ends the process, with
    ///   a `SIGBUS` on Unix.
    ///
    /// A [`Writer`](super::Writer) does neither: it writes and cuts off behind the last whole
    /// record only, which is where the map ends, and appends to no file whose torn end holds whole
    /// records. One that is at work cuts off what it could not write: a map that was opened meanwhile
    /// may end there if the message holds records of this very file, by someone who has seen it. And
    /// any other program that may write to the file can do both. The file systems of networks and
    /// removable disks may fail as if it were cut.
    ///
    /// Without such a promise, [`Reader`] reads into memory of its own.
    pub unsafe fn open(path: impl AsRef<Path>, limits: Limits) -> Result<Self> {
        let path = path.as_ref();
        let reader = Reader::open_watched(path, limits, Watcher::default())?;
        let (end, file) = reader.whole();
        let len = usize::try_from(end).unwrap_or(usize::MAX);
        let mut options = memmap2::MmapOptions::new();
        options.len(len);
        // SAFETY: `MmapOptions::map` asks that the file is not modified, in or out of process,
        // while the map is used: what the caller promises for the first `end` bytes, which are all
        // that is mapped. They were there a moment ago; the caller promises that they stay.
        let mapped = unsafe { options.map(file) };
        let system = |error| FileError::System { tried: "map", path: path.to_owned(), error };
        let map: Mmap = mapped.map_err(system)?;
        Ok(Self { bytes: SharedBytes::from_owner(map), limits, reader })
    }

    /// The number of messages.
    pub fn len(&self) -> u64 {
        self.reader.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.reader.is_empty()
    }

    /// The message at a position, from 0: a view into the map, which it keeps.
    ///
    /// It takes as long as the message has objects and buffers, however large they are. The checksum of
    /// the message is not compared: that is for [`verify`](Self::verify). Those of a
    /// [frame](super::Writer::with_frames) are, which is a pass over it, and compressed buffers are
    /// unfolded into memory of their own.
    ///
    /// # Errors
    ///
    /// As [`Reader::get`], but for the checksum, and as [`Message::from_block`].
    pub fn get(&self, position: u64) -> Result<Message<'static>> {
        let (_, _, payload) = self.payload(position)?;
        Message::from_block(Buffer::from(payload), &self.limits)
    }

    /// The last message of a name.
    ///
    /// # Errors
    ///
    /// [`FileError::Name`] where there is none; as [`get`](Self::get).
    pub fn get_by_name(&self, name: &str) -> Result<Message<'static>> {
        let position = self.position_of(name);
        let position = position.ok_or_else(|| FileError::Name { name: name.to_owned() })?;
        self.get(position)
    }

    /// The position of the last message of a name.
    pub fn position_of(&self, name: &str) -> Option<u64> {
        self.reader.position_of(name)
    }

    /// The name of the message at a position, if there is one that has a name.
    pub fn name(&self, position: u64) -> Option<&str> {
        self.reader.name(position)
    }

    /// The name of each message, in their order.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.reader.names()
    }

    /// Compares the checksum of a message, if its writer made one; says whether there is one. Those
    /// of a [frame](super::Writer::with_frames) are none of the message: [`get`](Self::get) compares them.
    ///
    /// A pass over its bytes.
    ///
    /// # Errors
    ///
    /// [`FileError::Checksum`] where it differs; as [`Reader::get`].
    pub fn verify(&self, position: u64) -> Result<bool> {
        let (head, written, payload) = self.payload(position)?;
        if head.has_checksum() && checksum::of(&payload) != written {
            return Err(FileError::Checksum { position }.into());
        }
        Ok(head.has_checksum())
    }

    /// The part of the file that is mapped.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The head of a message, the checksum in its mark, and the message.
    fn payload(&self, position: u64) -> Result<(Head, u32, SharedBytes)> {
        let offset = self.reader.offset_of(position)?;
        let bytes = part(&self.bytes, offset, HEAD as u64);
        let bytes = bytes.as_deref().and_then(<[u8]>::first_chunk);
        let head = self.reader.check_head(bytes, position, offset)?;
        let payload = part(&self.bytes, head.payload_at(), head.len);
        let mark = part(&self.bytes, head.mark_at(), MARK as u64);
        let written = mark.and_then(|mark| head.checksum_in(mark.first_chunk()?));
        match (payload, written) {
            (Some(payload), Some(written)) => Ok((head, written, payload)),
            _ => Err(FileError::Damaged { offset }.into()),
        }
    }
}

fn part(bytes: &SharedBytes, at: u64, len: u64) -> Option<SharedBytes> {
    let start = usize::try_from(at).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(len).ok()?)?)
}
