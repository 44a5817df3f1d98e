//! Messages that wait to be written, without IO.

use std::{
    collections::VecDeque,
    io::{self, ErrorKind as IoKind, IoSlice},
    mem,
    task::Poll,
};

use crate::{
    checksum,
    error::{Error, ErrorKind, Result},
    frame::{FrameOptions, FrameWriter, Slices, prelude},
    message::Message,
    sent::Sent,
};

/// Messages of at most so many bytes are copied together. Longer ones are written from where they
/// lie, in one write with what was copied before.
const SMALL: usize = 16 << 10;

/// Small messages, copied together, and then messages that are written from where they lie. It
/// can be left at any byte, and goes on there.
#[derive(Debug)]
pub(crate) struct Outbox {
    buffer: Vec<u8>,
    /// Bytes of the buffer that are written.
    written: usize,
    capacity: usize,
    /// What new frames do for their bytes.
    options: FrameOptions,
    /// What is written after the buffer. Only the first may have begun.
    frames: VecDeque<FrameWriter<'static>>,
    /// The block for short rows, between two messages.
    block: Vec<u8>,
    /// What was copied, or written whole.
    sent: Sent,
    /// A message that ended in the middle, so that nothing can follow it.
    cut_off: Option<CutOff>,
}

/// A message of which only a part was written.
#[derive(Clone, Copy, Debug)]
struct CutOff {
    written: u64,
    len: u64,
}

impl CutOff {
    fn of(frame: &FrameWriter<'_>) -> Self {
        Self { written: frame.bytes_written(), len: frame.len() }
    }
}

impl Outbox {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            buffer: Vec::with_capacity(bytes),
            written: 0,
            capacity: bytes,
            options: FrameOptions::new(),
            frames: VecDeque::new(),
            block: Vec::new(),
            sent: Sent::default(),
            cut_off: None,
        }
    }

    /// What new frames do for their bytes.
    pub(crate) fn options(&self) -> FrameOptions {
        self.options
    }

    pub(crate) fn set_options(&mut self, options: FrameOptions) {
        self.options = options;
    }

    /// What all messages together took.
    pub(crate) fn sent(&self) -> Sent {
        self.sent
    }

    /// Bytes that still have to be written.
    pub(crate) fn unwritten(&self) -> u64 {
        let frames = self.frames.iter().map(|frame| frame.len() - frame.bytes_written());
        self.in_buffer() as u64 + frames.sum::<u64>()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.in_buffer() == 0 && self.frames.is_empty()
    }

    /// Whether messages wait that are not in the buffer.
    pub(crate) fn has_frames(&self) -> bool {
        !self.frames.is_empty()
    }

    /// Refuses to go on after a message that was cut off.
    pub(crate) fn check(&self) -> Result<()> {
        match self.cut_off {
            Some(CutOff { written, len }) => Err(Error::new(ErrorKind::CutOff { written, len }, 0)),
            None => Ok(()),
        }
    }

    /// Notes that a message will not be written to its end.
    pub(crate) fn cut_off(&mut self, frame: &FrameWriter<'_>) {
        if frame.bytes_written() > 0 && !frame.is_at_end() {
            self.cut_off = Some(CutOff::of(frame));
        }
    }

    /// Takes a message over: copies it, or keeps it.
    pub(crate) fn push(&mut self, message: Message<'static>) -> Result<()> {
        self.check()?;
        let frame = self.options.owning_writer(message)?;
        if self.copy(&frame).is_none() {
            self.frames.push_back(frame);
        }
        Ok(())
    }

    /// Whether a message of so many bytes is to be copied, as soon as there is room.
    pub(crate) fn is_small(&self, len: u64) -> bool {
        len <= SMALL.min(self.capacity) as u64
    }

    /// Copies a message, if it is small, there is room, and nothing else is to be written before.
    pub(crate) fn copy(&mut self, frame: &FrameWriter<'_>) -> Option<Sent> {
        (!self.has_frames() && self.has_room(frame.len())).then(|| self.copy_whole(frame))
    }

    /// Makes room for a message of one header of so many bytes, as for one that is
    /// [copied](Self::copy), and gives the bytes to which that header is to be appended. Then it
    /// is to be [ended](Self::end_header).
    pub(crate) fn begin_header(&mut self, len: usize) -> Option<(&mut Vec<u8>, Sent)> {
        let (front, len) = prelude::front_of_only(len, self.options);
        if self.has_frames() || !self.has_room(len) {
            return None;
        }
        self.drop_written();
        self.buffer.extend_from_slice(&front);
        let sent = self.count_copied(Sent { bytes: len, ..Sent::default() });
        Some((&mut self.buffer, sent))
    }

    /// Ends a message of one header of so many bytes.
    pub(crate) fn end_header(&mut self, len: usize) {
        if self.options.integrity {
            let start = self.buffer.len() - len;
            let sum = checksum::of(self.buffer.get(start..).unwrap_or_default());
            self.buffer.extend_from_slice(&sum.to_le_bytes());
        }
    }

    /// Offers what comes next, in the end `last`, and goes on by as much as `write` took.
    ///
    /// A panic in `write` leaves the place unknown, and so cuts off what was to be written.
    pub(crate) fn poll_write(
        &mut self,
        mut last: Option<&mut FrameWriter<'_>>,
        write: impl FnOnce(&[IoSlice<'_>]) -> Poll<io::Result<usize>>,
    ) -> Poll<Result<()>> {
        self.check()?;
        let first = self.frames.front().map(CutOff::of).or(last.as_deref().map(CutOff::of));
        self.cut_off = first.or(Some(CutOff { written: 0, len: self.in_buffer() as u64 }));
        let buffered = self.buffer.get(self.written..).unwrap_or_default();
        let result = match (self.frames.front_mut(), last.as_deref_mut()) {
            (Some(frame), _) => offer(buffered, Some(frame), &mut self.block, write),
            (None, frame) => offer(buffered, frame, &mut self.block, write),
        };
        let result = result.map(|result| {
            let failed = match result {
                Ok(0) => IoKind::WriteZero.into(),
                Ok(written) => {
                    self.advance(written, last);
                    return Ok(());
                }
                Err(error) => error,
            };
            let first = self.frames.front().map(FrameWriter::whole_objects);
            let objects = first.or(last.map(|last| last.whole_objects())).unwrap_or_default();
            Err(Error::new(ErrorKind::Io(failed), objects))
        });
        self.cut_off = None;
        result
    }

    fn advance(&mut self, written: usize, last: Option<&mut FrameWriter<'_>>) {
        let of_buffer = written.min(self.in_buffer());
        self.written += of_buffer;
        if self.in_buffer() == 0 {
            self.buffer.clear();
            self.written = 0;
        }
        let rest = written - of_buffer;
        match (self.frames.front_mut(), last) {
            (Some(frame), _) => {
                frame.advance(rest);
                if frame.is_at_end() {
                    self.block = frame.take_block();
                    self.sent.add(frame.sent());
                    self.frames.pop_front();
                    self.copy_small_frames();
                }
            }
            (None, Some(frame)) => {
                frame.advance(rest);
                if frame.is_at_end() {
                    self.block = frame.take_block();
                    self.sent.add(frame.sent());
                }
            }
            (None, None) => assert_eq!(rest, 0, "more was written than there was"),
        }
    }

    /// Copies the small messages that are next, none of which has begun.
    fn copy_small_frames(&mut self) {
        while let Some(frame) = self.frames.pop_front() {
            if !self.has_room(frame.len()) {
                self.frames.push_front(frame);
                return;
            }
            self.copy_whole(&frame);
        }
    }

    /// Whether a message is small and fits into the buffer.
    fn has_room(&self, len: u64) -> bool {
        self.is_small(len) && self.in_buffer() as u64 + len <= self.capacity as u64
    }

    fn copy_whole(&mut self, frame: &FrameWriter<'_>) -> Sent {
        self.drop_written();
        frame.copy_to(&mut self.buffer);
        self.count_copied(frame.sent())
    }

    fn count_copied(&mut self, sent: Sent) -> Sent {
        // What was gathered went straight into the buffer, as everything else.
        let sent = Sent { buffered: sent.bytes, ..sent };
        self.sent.add(sent);
        sent
    }

    /// Makes room in the buffer.
    fn drop_written(&mut self) {
        if self.written > 0 {
            self.buffer.drain(..mem::take(&mut self.written));
        }
    }

    /// Bytes of the buffer that still have to be written.
    fn in_buffer(&self) -> usize {
        self.buffer.len() - self.written
    }
}

fn offer<'s>(
    buffered: &'s [u8],
    frame: Option<&'s mut FrameWriter<'_>>,
    block: &mut Vec<u8>,
    write: impl FnOnce(&[IoSlice<'_>]) -> Poll<io::Result<usize>>,
) -> Poll<io::Result<usize>> {
    let mut slices = Slices::default();
    slices.push(buffered);
    if let Some(frame) = frame {
        frame.lend_block(block);
        frame.offer(&mut slices);
    }
    write(&slices)
}
