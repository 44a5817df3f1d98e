//! Reading a file of messages that comes as a stream.

use std::{
    io::{self, ErrorKind as IoKind, Read},
    mem,
};

use canning_core::buffer::room;

use super::{
    error::{FileError, failed},
    head::{self, FIRST},
    record::{self, HEAD, Head, MARK},
};
use crate::{
    checksum::{self, PIECE},
    error::{Error, ErrorKind, Result},
    frame::{FrameReader, PRELUDE, Prelude},
    io::read_frame,
    limits::Limits,
    message::Message,
};

/// Reads the messages of a file that comes as a stream, from a pipe or a decompressor, in their
/// order.
///
/// Small parts are read one by one: a source whose reads are calls of the system belongs in a
/// [`BufReader`](std::io::BufReader), which large buffers pass by. Damage ends the stream,
/// and so does a record without its mark.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, can, file::{StreamReader, Writer}};
///
/// # let path = std::env::temp_dir().join(format!("canning-stream-{}.can", std::process::id()));
/// # std::fs::remove_file(&path).ok();
/// let mut writer = Writer::create(&path)?;
/// writer.write_named("argon", &can(&18)?.into())?;
/// writer.finish()?;
///
/// let bytes = std::fs::read(&path)?; // any `Read`
/// let mut reader = StreamReader::new(bytes.as_slice(), Limits::default())?;
/// let message = reader.next_message()?.expect("a message was written");
/// assert_eq!(message.objects()[0].get::<i32, _>()?, 18);
/// assert_eq!(reader.name(), Some("argon"));
/// assert!(reader.next_message()?.is_none());
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct StreamReader<R> {
    source: Counted<R>,
    identity: u64,
    /// The number of messages so far.
    position: u64,
    name: String,
    limits: Limits,
    frame: FrameReader<'static>,
    has_failed: bool,
}

impl<R: Read> StreamReader<R> {
    /// Reads the head of a file.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`](super::Reader::open), of what the source gives.
    pub fn new(source: R, limits: Limits) -> Result<Self> {
        let mut source = Counted { source, at: 0, end: u64::MAX, checksum: None };
        let mut bytes = [0; HEAD];
        let len = source.fill(&mut bytes)?;
        let identity = head::parse(bytes.get(..len).unwrap_or_default())?;
        let frame = FrameReader::new(limits);
        let name = String::new();
        Ok(Self { source, identity, position: 0, name, limits, frame, has_failed: false })
    }

    /// Reads the next message; `None` where the stream ends behind a whole record.
    ///
    /// # Errors
    ///
    /// - [`Io`](ErrorKind::Io) when the source fails, [`Truncated`](ErrorKind::Truncated)
    ///   when it ends within a record.
    /// - [`FileError::Damaged`], [`Flags`](FileError::Flags), and [`Checksum`](FileError::Checksum)
    ///   where the writer made checksums.
    /// - As [`read_message`](crate::read_message).
    ///
    /// Where the next message starts is unknown then: the same error comes again, or another.
    pub fn next_message(&mut self) -> Result<Option<Message<'static>>> {
        if mem::replace(&mut self.has_failed, true) {
            return Err(FileError::Damaged { offset: self.source.at }.into());
        }
        let message = self.read_next()?;
        self.has_failed = false;
        Ok(message)
    }

    /// The name of the message read last, if it has one.
    pub fn name(&self) -> Option<&str> {
        Some(self.name.as_str()).filter(|name| !name.is_empty())
    }

    fn read_next(&mut self) -> Result<Option<Message<'static>>> {
        loop {
            let offset = self.source.at.max(FIRST);
            let mut bytes = [0; HEAD];
            match self.source.fill(&mut bytes)? {
                0 => return Ok(None),
                HEAD => {}
                read => return Err(truncated(read as u64)),
            }
            let head = Head::parse(&bytes, self.identity, offset);
            let head = head.filter(|head| head.number == self.position);
            let head = head.ok_or(FileError::Damaged { offset })?;
            if head.kind != record::MESSAGE {
                self.source.pass(head.end(), &head)?;
                continue;
            }
            if head.critical != 0 {
                return Err(FileError::Flags { unknown: head.critical }.into());
            }
            return self.read_record(&head).map(Some);
        }
    }

    fn read_record(&mut self, head: &Head) -> Result<Message<'static>> {
        let damaged = || Error::from(FileError::Damaged { offset: head.offset });
        let mut name = mem::take(&mut self.name).into_bytes();
        name.clear();
        room::reserve_exact(&mut name, usize::from(head.name_len))?;
        name.resize(usize::from(head.name_len), 0);
        self.source.fill_whole(&mut name, head)?;
        if checksum::of(&name) != head.name_checksum {
            return Err(damaged());
        }
        self.name = String::from_utf8(name).map_err(|_not_utf8| damaged())?;
        self.source.pass(head.payload_at(), head)?;

        self.source.checksum = head.has_checksum().then_some(0);
        self.source.end = head.payload_at() + head.len;
        // Before anything is allocated on the word of a frame that is longer than its record.
        let mut start = [0; PRELUDE];
        if self.source.fill(&mut start)? < start.len() {
            let is_cut = self.source.at < self.source.end;
            return Err(if is_cut { truncated(self.source.at - head.offset) } else { damaged() });
        }
        if Prelude::parse(&start, &self.limits)?.len != head.len {
            return Err(damaged());
        }
        let message = read_frame(&mut start.as_slice().chain(&mut self.source), &mut self.frame);
        let is_whole = self.source.at == self.source.end;
        let found = self.source.checksum.take();
        self.source.end = u64::MAX;
        let message = message?.filter(|_| is_whole).ok_or_else(damaged)?;

        self.source.pass(head.mark_at(), head)?;
        let mut mark = [0; MARK];
        self.source.fill_whole(&mut mark, head)?;
        let written = head.checksum_in(&mark).ok_or_else(damaged)?;
        if found.is_some_and(|found| found != written) {
            return Err(FileError::Checksum { position: self.position }.into());
        }
        self.position += 1;
        Ok(message)
    }
}

/// A source that knows where it is, and where a part ends.
#[derive(Debug)]
struct Counted<R> {
    source: R,
    at: u64,
    end: u64,
    /// That of what was read, where it is wanted.
    checksum: Option<u32>,
}

impl<R: Read> Counted<R> {
    /// Reads until the space is full, or the source ends; says how much came.
    fn fill(&mut self, space: &mut [u8]) -> Result<usize> {
        let mut filled = 0;
        while let Some(rest) = space.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest) {
                Ok(0) => break,
                Ok(len) => filled += len,
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(filled)
    }

    fn fill_whole(&mut self, space: &mut [u8], head: &Head) -> Result<()> {
        match self.fill(space)? == space.len() {
            true => Ok(()),
            false => Err(truncated(self.at - head.offset)),
        }
    }

    /// Passes over what stands before `at`.
    fn pass(&mut self, at: u64, head: &Head) -> Result<()> {
        let mut space = [0; 4096];
        while self.at < at {
            let len = usize::try_from(at - self.at).map_or(space.len(), |len| len.min(space.len()));
            self.fill_whole(space.get_mut(..len).unwrap_or_default(), head)?;
        }
        Ok(())
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let most = left.min(space.len()).min(PIECE);
        let len = self.source.read(space.get_mut(..most).unwrap_or_default())?;
        let bytes = space.get(..len).unwrap_or_default();
        self.checksum = self.checksum.map(|sum| checksum::append(sum, bytes));
        self.at += len as u64;
        Ok(len)
    }
}

fn truncated(read: u64) -> Error {
    Error::new(ErrorKind::Truncated { read }, 0)
}
