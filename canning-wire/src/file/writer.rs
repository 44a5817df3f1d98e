//! Appending messages to a file.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{
    append,
    error::{FileError, failed},
    index::Entries,
    progress::{Progress, Watcher},
    record::{self, HAS_CHECKSUM, Head, LONGEST_NAME},
};
use crate::{
    checksum,
    error::Result,
    frame::{FrameOptions, FrameWriter},
    message::Message,
    sent::Sent,
};

mod output;

/// Appends messages to a file; holds its lock.
///
/// A message is in the file when [`write`](Self::write) has returned, and not before: it is
/// written from the memory of its values, without a copy, and then its mark. What that is worth
/// when power is lost is [said above](crate::file#when-is-it-on-the-disk).
///
/// An index is written every 2 MiB of entries, some 100,000 messages, and by
/// [`finish`](Self::finish); so the memory of a writer is bounded. A file without one
/// is as good: opening it takes longer.
///
/// # Examples
///
/// ```
/// use canning_wire::{ErrorKind, Limits, can, file::{FileError, Reader, Writer}};
///
/// # let path = std::env::temp_dir().join(format!("canning-writer-{}.can", std::process::id()));
/// # std::fs::remove_file(&path).ok();
/// let mut writer = Writer::create(&path)?;
/// writer.write(&can("argon")?.into())?;
/// writer.sync()?; // it is on the disk
///
/// let second = Writer::append(&path).unwrap_err();
/// assert!(matches!(second.kind(), ErrorKind::File(FileError::Locked { .. })));
/// writer.finish()?;
///
/// let mut writer = Writer::append(&path)?;
/// writer.write(&can("neon")?.into())?;
/// writer.finish()?;
/// assert_eq!(Reader::open(&path, Limits::default())?.len(), 2);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    identity: u64,
    /// Where the next record starts: the end of the last.
    end: u64,
    /// The number of messages.
    len: u64,
    /// Where the last index record starts, or 0.
    index: u64,
    /// The messages since.
    entries: Entries,
    /// Whether the file may be longer than `end`, as a write has failed.
    is_torn: bool,
    has_checksums: bool,
    syncs_each: bool,
    frames: FrameOptions,
    block: Vec<u8>,
    watcher: Watcher,
}

/// Where a file stands when a writer begins.
pub(super) struct State {
    pub(super) identity: u64,
    pub(super) end: u64,
    pub(super) len: u64,
    pub(super) index: u64,
    /// The messages since the last index, in such parts as it is written in.
    pub(super) entries: Vec<Entries>,
}

impl Writer {
    /// Makes a new file.
    ///
    /// # Errors
    ///
    /// [`FileError::System`], also where there is a file already, which stays as it is. No file is
    /// left where there is no room for its head.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let (file, state) = append::create(&path)?;
        Self::of_state(file, path, state)
    }

    /// Opens a file to append to. Checksums, syncing and what frames do belong to the writer, not to
    /// the file: they are asked for anew. A record that an earlier writer left unfinished is cut off;
    /// nothing that was whole is. So is an unfinished head: the file begins anew.
    ///
    /// It takes as long as [`Reader::open`](super::Reader::open), and as reading what is cut off.
    ///
    /// # Errors
    ///
    /// - [`FileError::System`] when the file cannot be opened or cut off.
    /// - [`Io`](crate::ErrorKind::Io) when it cannot be read, or an index that it lacks not be written.
    /// - [`FileError::Locked`] when another writer has it open.
    /// - [`FileError::Damaged`] when what stands at its end is not what a writer leaves that was
    ///   stopped: nothing is cut off, and nothing appended. Messages that can still be read are
    ///   best copied to a new file. A loss of power may leave such an end, too, as pages reach the
    ///   disk in any order; and so may a message that holds records of this very file.
    /// - When it is no file of messages.
    pub fn append(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let (file, state) = append::open(&path)?;
        Self::of_state(file, path, state)
    }

    fn of_state(file: File, path: PathBuf, state: State) -> Result<Self> {
        let State { identity, end, len, index, mut entries } = state;
        let last = entries.pop().unwrap_or_default();
        let mut writer = Self {
            file,
            path,
            identity,
            end,
            len,
            index,
            entries: Entries::default(),
            is_torn: true,
            has_checksums: false,
            syncs_each: false,
            frames: FrameOptions::new(),
            block: Vec::new(),
            watcher: Watcher::default(),
        };
        writer.go_to_end()?;
        for full in entries {
            writer.entries = full;
            writer.write_index()?;
        }
        writer.entries = last;
        Ok(writer)
    }

    /// Makes a checksum of each message, which a [`Reader`](super::Reader) compares: a pass over its
    /// bytes, on both sides, while they are in the cache. Of a `Map` only its `verify` does.
    #[must_use]
    pub fn with_checksums(mut self) -> Self {
        self.has_checksums = true;
        self
    }

    /// Says what frames do for their bytes: compression, and checksums of each header and buffer. Every
    /// reader finds out by itself.
    ///
    /// With [checksums of messages](Self::with_checksums) as well, each byte is summed up twice. One
    /// of a frame names the buffer, is checked before anything is handed out, and also where the
    /// file is mapped; one of a message is the cheaper where there are many small buffers.
    ///
    /// A buffer that is compressed cannot be borrowed from a map: it is unfolded there each time
    /// that its message is asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::CannedObject;
    /// use canning_wire::{FrameOptions, Limits, can, file::{Reader, Writer}};
    ///
    /// # let path = std::env::temp_dir().join(format!("canning-frames-{}.can", std::process::id()));
    /// # std::fs::remove_file(&path).ok();
    /// let mut writer = Writer::create(&path)?.with_frames(FrameOptions::new().with_integrity());
    /// writer.write(&can(&vec![0.5_f64; 4096])?.into())?;
    /// writer.finish()?;
    ///
    /// let mut bytes = std::fs::read(&path)?;
    /// bytes[9999] ^= 1;
    /// std::fs::write(&path, bytes)?;
    /// let error = Reader::open(&path, Limits::default())?.get(0).unwrap_err();
    /// assert_eq!(error.to_string(), "buffer 0 of object 0 was damaged: its checksum differs");
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_frames(mut self, options: FrameOptions) -> Self {
        self.frames = options;
        self
    }

    /// Syncs each message twice, before and after its mark: what `write` has written is on the
    /// disk, and a mark is never there without its message. It takes milliseconds a message.
    #[must_use]
    pub fn sync_each(mut self) -> Self {
        self.syncs_each = true;
        self
    }

    /// Tells a function how far a message is written: every 16 MiB, and with
    /// [checksums](Self::with_checksums) every 512 KiB.
    #[must_use]
    pub fn with_progress(mut self, progress: impl FnMut(Progress) + Send + Sync + 'static) -> Self {
        self.watcher = Watcher::new(progress);
        self
    }

    /// The number of messages in the file, which is the position of the next.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a message. It takes two calls of the system, or more where it is long.
    ///
    /// # Errors
    ///
    /// - [`Io`](crate::ErrorKind::Io) when the file cannot be written, as when the disk is full. What
    ///   was written of the message is cut off; the writer can be used again.
    ///   If only [syncing](Self::sync_each) it failed, it is in the file; [`len`](Self::len) tells.
    /// - When buffers were taken out of an object; nothing is written.
    pub fn write(&mut self, message: &Message<'_>) -> Result<Sent> {
        self.write_named("", message)
    }

    /// As [`write`](Self::write), with a name. Of several messages of a name readers find the
    /// last; an empty name is none.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write); [`FileError::NameLength`] for a name of more than 65,535 bytes.
    pub fn write_named(&mut self, name: &str, message: &Message<'_>) -> Result<Sent> {
        let mut frame = self.frames.writer(message)?;
        frame.lend_block(&mut self.block);
        let head = self.head(record::MESSAGE, name, frame.len(), self.has_checksums)?;
        self.record(&head, name, &[], Some(&mut frame))?;
        self.block = frame.take_block();
        self.len += 1;
        self.entries.push(head.offset, name);
        // Before the index is: the system says once that a sync failed.
        let synced = if self.syncs_each { self.sync() } else { Ok(()) };
        if self.entries.is_full() {
            // The message is there. An index that fails now is written again with the next.
            self.write_index().ok();
        }
        synced?;
        Ok(frame.sent())
    }

    /// Waits until everything that was written is on the disk.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::ErrorKind::Io): what was written since the last sync may not be on the disk,
    /// and never come there.
    pub fn sync(&mut self) -> Result<()> {
        self.file.sync_data().map_err(failed)
    }

    /// Ends writing with an index of the messages, so that the file is opened fast. It does not
    /// sync; dropping the writer does not write the index.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write); all messages are in the file nevertheless.
    pub fn finish(mut self) -> Result<()> {
        if self.entries.is_empty() { Ok(()) } else { self.write_index() }
    }

    fn write_index(&mut self) -> Result<()> {
        let payload = self.entries.encode();
        let head = self.head(record::INDEX, "", payload.len() as u64, true)?;
        self.record(&head, "", &payload, None)?;
        self.index = head.offset;
        self.entries.clear();
        Ok(())
    }

    fn head(&self, kind: u8, name: &str, len: u64, has_checksum: bool) -> Result<Head> {
        let too_long = |_| FileError::NameLength { len: name.len(), most: LONGEST_NAME };
        Ok(Head {
            kind,
            name_len: u16::try_from(name.len()).map_err(too_long)?,
            critical: 0,
            other: if has_checksum { HAS_CHECKSUM } else { 0 },
            identity: self.identity,
            offset: self.end,
            number: self.len,
            len,
            index: self.index,
            name_checksum: checksum::of(name.as_bytes()),
        })
    }

    /// Writes a record: the payload is `bytes`, or a frame.
    fn record(
        &mut self,
        head: &Head,
        name: &str,
        bytes: &[u8],
        frame: Option<&mut FrameWriter<'_>>,
    ) -> Result<()> {
        self.go_to_end()?;
        self.is_torn = true;
        let written = self.write_parts(head, name, bytes, frame);
        match written {
            Ok(()) => {
                (self.end, self.is_torn) = (head.end(), false);
                Ok(())
            }
            Err(error) => {
                self.go_to_end().ok(); // or before the next record
                Err(error)
            }
        }
    }

    /// Cuts off what was written of a record, if there may be something.
    fn go_to_end(&mut self) -> Result<()> {
        if self.is_torn {
            let end = self.file.set_len(self.end);
            let end = end.and_then(|()| self.file.seek(SeekFrom::Start(self.end)));
            let path = || self.path.clone();
            end.map_err(|error| FileError::System { tried: "cut off", path: path(), error })?;
            self.is_torn = false;
        }
        Ok(())
    }
}

/// Lets go of the lock, which a child of the process may have as well while it starts.
impl Drop for Writer {
    fn drop(&mut self) {
        self.file.unlock().ok();
    }
}
