//! Reading a file of messages.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use canning_core::UncanOwned;

use super::{
    chain,
    error::{FileError, failed},
    head,
    index::Index,
    payload::Payload,
    progress::{Progress, Watcher},
    record::{HEAD, Head},
    scan::{checksum_of, scan},
    tail::{self, Tail},
    window::Window,
};
use crate::{
    error::Result,
    frame::{FrameReader, Prelude},
    io::read_frame,
    limits::Limits,
    message::Message,
};

mod locate;

/// Reads the messages of a file, one after the other, by position, or by name.
///
/// Nothing is mapped: each buffer is read straight into the allocation where it stays, as from a
/// stream, but for the first 4 KiB of a message, or 64 KiB where messages are small, which
/// are copied, and [counted](Self::staged_bytes).
///
/// In memory are 8 bytes for each message of the file, lost ones too; if messages have names, 8
/// more, and for each with a name another 8, and its bytes: a million messages are 8 MB.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, can, file::{Reader, Writer}};
///
/// # let path = std::env::temp_dir().join(format!("canning-reader-{}.can", std::process::id()));
/// # std::fs::remove_file(&path).ok();
/// let mut writer = Writer::create(&path)?;
/// (0..3).try_for_each(|number: i32| writer.write(&can(&number)?.into()).map(drop))?;
///
/// let mut reader = Reader::open(&path, Limits::default())?;
/// let mut sum = 0;
/// while let Some(message) = reader.next_message()? {
///     sum += message.objects()[0].get::<i32, _>()?;
/// }
/// assert_eq!(sum, 3);
/// writer.write(&can(&7)?.into())?;
/// assert_eq!(reader.refresh()?, 1); // one more
/// assert_eq!(reader.get(3)?.objects()[0].get::<i32, _>()?, 7);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    window: Window,
    identity: u64,
    index: Index,
    limits: Limits,
    frame: FrameReader<'static>,
    watcher: Watcher,
    /// The message that is read next.
    next: u64,
    staged: u64,
}

impl Reader {
    /// Opens a file, and finds its messages: by its index, if it [has](super::Writer::finish) one,
    /// and else, or for those since, by reading the head of each.
    ///
    /// The index is a matter of time only: it is checked, and what it leads to is, too.
    ///
    /// # Errors
    ///
    /// - [`FileError::System`] when the file cannot be opened or read.
    /// - [`FileError::Magic`], [`Version`](FileError::Version), [`Flags`](FileError::Flags),
    ///   or [`Damaged`](FileError::Damaged) when it does not start as a file of messages does.
    pub fn open(path: impl AsRef<Path>, limits: Limits) -> Result<Self> {
        Self::open_watched(path.as_ref(), limits, Watcher::default())
    }

    /// As [`open`](Self::open); `progress` is called often while messages are looked for and
    /// read, and should be quick.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(
        path: impl AsRef<Path>,
        limits: Limits,
        progress: impl FnMut(Progress) + Send + Sync + 'static,
    ) -> Result<Self> {
        Self::open_watched(path.as_ref(), limits, Watcher::new(progress))
    }

    pub(super) fn open_watched(path: &Path, limits: Limits, mut watcher: Watcher) -> Result<Self> {
        let file = File::open(path).map_err(|error| {
            let path = PathBuf::from(path);
            FileError::System { tried: "open", path, error }
        })?;
        let read = |error| FileError::System { tried: "read", path: PathBuf::from(path), error };
        let mut window = Window::new(file);
        // Before anything is read: what is in the window is at least as new.
        let len = window.file_len().map_err(read)?;
        let identity = head::parse(window.slice(0, HEAD).map_err(read)?)?;
        let mut index = chain::load(&mut window, identity, len).map_err(read)?;
        scan(&mut window, identity, len, &mut index, &mut watcher).map_err(read)?;
        index.names.sort().map_err(read)?;
        let frame = FrameReader::new(limits);
        Ok(Self { window, identity, index, limits, frame, watcher, next: 0, staged: 0 })
    }

    /// The number of messages, as far as the reader has looked.
    pub fn len(&self) -> u64 {
        self.index.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Looks for messages that were appended meanwhile; gives their number.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) when the file cannot be read; some may have been found.
    pub fn refresh(&mut self) -> Result<u64> {
        let before = self.len();
        self.window.clear();
        let len = self.window.file_len().map_err(failed)?;
        let (index, watcher) = (&mut self.index, &mut self.watcher);
        let scanned = scan(&mut self.window, self.identity, len, index, watcher);
        let sorted = self.index.names.sort();
        scanned.and(sorted).map_err(failed)?;
        Ok(self.len() - before)
    }

    /// Reads the next message; `None` after the last that the reader knows of, which may be
    /// another after a [`refresh`](Self::refresh).
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get). The message is passed over then; the next call reads the one behind.
    pub fn next_message(&mut self) -> Result<Option<Message<'static>>> {
        if self.next >= self.len() {
            return Ok(None);
        }
        self.next += 1;
        self.get(self.next - 1).map(Some)
    }

    /// Says which message [`next_message`](Self::next_message) reads next.
    pub fn seek(&mut self, position: u64) {
        self.next = position;
    }

    /// Reads the message at a position, from 0.
    ///
    /// # Errors
    ///
    /// - [`FileError::Position`] where there is none.
    /// - [`FileError::Lost`] and [`Damaged`](FileError::Damaged) where bytes are not those that
    ///   were written, [`Checksum`](FileError::Checksum) where its writer made checksums.
    /// - As [`read_message`](crate::read_message). Other messages can still be read.
    pub fn get(&mut self, position: u64) -> Result<Message<'static>> {
        let head = self.head_of(position)?;
        let (message, found) = self.read_payload(&head)?;
        let written = checksum_of(&mut self.window, &head).map_err(failed)?;
        let written = written.ok_or(FileError::Damaged { offset: head.offset })?;
        match found {
            Some(found) if found != written => Err(FileError::Checksum { position }.into()),
            _ => Ok(message),
        }
    }

    /// Reads the last message of a name.
    ///
    /// # Errors
    ///
    /// [`FileError::Name`] where there is none; as [`get`](Self::get).
    pub fn get_by_name(&mut self, name: &str) -> Result<Message<'static>> {
        let position = self.position_of(name);
        let position = position.ok_or_else(|| FileError::Name { name: name.to_owned() })?;
        self.get(position)
    }

    /// The position of the last message of a name.
    ///
    /// Names are sorted when messages are looked for: it takes a few comparisons.
    pub fn position_of(&self, name: &str) -> Option<u64> {
        self.index.names.find(name).map(|position| position as u64)
    }

    /// The name of the message at a position, if there is one that has a name.
    pub fn name(&self, position: u64) -> Option<&str> {
        Some(self.index.name(position)).filter(|name| !name.is_empty())
    }

    /// The name of each message, in their order.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|position| self.name(position))
    }

    /// Looks at what stands behind the last whole message that is there now, whether the reader
    /// knows of it or not: nothing, one that is being written or whose writer was stopped, or
    /// damage. What is unfinished is read once, as much as there is of it.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io) when the file cannot be read.
    pub fn tail(&mut self) -> Result<Tail> {
        self.window.clear();
        let len = self.window.file_len().map_err(failed)?;
        let (at, number) = (self.index.end, self.len());
        tail::look(&mut self.window, self.identity, at, number, len).map_err(failed)
    }

    /// Takes the memory of a value's arrays back, to read later messages into: see
    /// [`MessageReader::recycle`](crate::MessageReader::recycle).
    pub fn recycle<T: UncanOwned<V>, V>(&mut self, value: T) {
        self.frame.recycle(value);
    }

    /// Takes the memory of a message back, so far as nobody shares it.
    pub fn recycle_message(&mut self, message: Message<'static>) {
        self.frame.recycle_message(message);
    }

    /// Bytes of messages that were copied from where small parts are read to, so far.
    pub fn staged_bytes(&self) -> u64 {
        self.staged
    }

    /// The message of a record, and the checksum of its bytes, if there is one to compare.
    fn read_payload(&mut self, head: &Head) -> Result<(Message<'static>, Option<u32>)> {
        let (at, has_checksum) = (head.payload_at(), head.has_checksum());
        // Before anything is allocated on the word of a frame that is longer than its record.
        if let Some(start) = self.window.array(at).map_err(failed)?
            && Prelude::parse(start, &self.limits)?.len != head.len
        {
            return Err(FileError::Damaged { offset: head.offset }.into());
        }
        let watcher = &mut self.watcher;
        let mut payload = Payload::new(&self.window, watcher, at, head.len, has_checksum);
        let message = read_frame(&mut payload, &mut self.frame);
        self.staged += payload.copied;
        match message {
            Ok(Some(message)) if payload.left() == 0 => Ok((message, payload.checksum())),
            Ok(_) => Err(FileError::Damaged { offset: head.offset }.into()),
            Err(error) => {
                // It has stopped in the middle.
                self.frame = FrameReader::new(self.limits);
                Err(error)
            }
        }
    }
}
