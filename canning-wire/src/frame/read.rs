//! Where the next bytes of a message are to be put.

use std::mem;

use canning_core::{Buffer, buffer::Allocation};

use crate::{
    error::{Error, ErrorKind, Result},
    frame::prelude::{self, Prelude},
    header::Front,
    limits::Limits,
    message::Message,
    object::{HEADER_ALIGN, Object},
};

/// A message on its way in: gives the memory for the next bytes, each buffer in the allocation
/// where it stays, and is told how many came.
///
/// Nothing is allocated on the word of the input beyond
/// [`Limits::believed_bytes`]: longer blobs grow as their bytes arrive.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, frame::FrameReader, write_message};
///
/// let mut bytes = Vec::new();
/// write_message(&mut bytes, &Message::from(canning_wire::can("hi")?))?;
///
/// let mut reader = FrameReader::new(Limits::default());
/// let mut input = bytes.as_slice();
/// let message = loop {
///     let space = reader.space();
///     let len = space.len().min(input.len());
///     let (now, later) = input.split_at(len);
///     space[..len].copy_from_slice(now);
///     input = later;
///     if let Some(message) = reader.filled(len)? {
///         break message;
///     }
/// };
/// assert_eq!(message.objects()[0].get::<&str, _>()?, "hi");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FrameReader {
    limits: Limits,
    state: State,
    /// Where bytes go now, and how many are there.
    place: Allocation,
    filled: usize,
    /// The length that `place` will have; it may still have to grow.
    wanted: usize,
    /// Bytes of the frame before `place`.
    at: u64,
    prelude: Prelude,
    /// The lengths of the headers that are still to come, the next one last.
    header_lens: Vec<u64>,
    objects: Vec<Object<'static>>,
    /// The object that is being read.
    header: Option<(Buffer<'static>, Front)>,
    /// The alignments that its buffers need on this machine, the next one last.
    aligns: Vec<usize>,
    buffers: Vec<Buffer<'static>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Prelude,
    Table,
    Padding,
    Header,
    Buffer,
    /// An error has made the position in the stream unknown.
    Failed,
}

impl FrameReader {
    /// Starts at the beginning of a message.
    pub fn new(limits: Limits) -> Self {
        let mut reader = Self {
            limits,
            state: State::Prelude,
            place: Allocation::from_vec(Vec::<u8>::new()),
            filled: 0,
            wanted: 0,
            at: 0,
            prelude: Prelude { align: 1, objects: 0, len: 0 },
            header_lens: Vec::new(),
            objects: Vec::new(),
            header: None,
            aligns: Vec::new(),
            buffers: Vec::new(),
        };
        reader.restart();
        reader
    }

    /// Where the next bytes go; never empty, unless an earlier error was ignored.
    pub fn space(&mut self) -> &mut [u8] {
        self.place.as_mut_slice().get_mut(self.filled..).unwrap_or_default()
    }

    /// Whether the stream may end here: no byte of a further message has come.
    pub fn is_at_start(&self) -> bool {
        self.state == State::Prelude && self.filled == 0
    }

    /// Bytes of the message so far.
    pub fn bytes_read(&self) -> u64 {
        self.at + self.filled as u64
    }

    /// The number of objects that are there whole.
    pub fn whole_objects(&self) -> usize {
        self.objects.len()
    }

    /// Whether an earlier error has made the position in the stream unknown.
    pub(crate) fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// The error of reading on.
    pub(crate) fn failed() -> Error {
        Error::new(ErrorKind::Frame("read after an error"), 0)
    }

    /// The error of a stream that ends here.
    pub(crate) fn truncated(&self) -> Error {
        Error::new(ErrorKind::Truncated { read: self.bytes_read() }, self.whole_objects())
    }

    /// Is told that `len` bytes were put into the space; gives the message when it is whole.
    ///
    /// # Errors
    ///
    /// When the bytes are malformed or exceed a limit. Where the next message starts is unknown
    /// then: the stream cannot be used any more.
    ///
    /// # Panics
    ///
    /// When `len` is more than the space.
    pub fn filled(&mut self, len: usize) -> Result<Option<Message<'static>>> {
        assert!(len <= self.space().len(), "more bytes than there is space");
        self.filled += len;
        let result = self.go_on();
        result.map_err(|error| {
            let objects = mem::take(&mut self.objects).len();
            *self = Self::new(self.limits);
            self.state = State::Failed;
            self.want(0, 1).ok();
            error.after(objects)
        })
    }

    fn go_on(&mut self) -> Result<Option<Message<'static>>> {
        if self.state == State::Prelude {
            // As soon as it can be told: a peer that speaks something else may say no more.
            let came = self.place.as_slice().get(..self.filled);
            prelude::check_magic(came.unwrap_or_default())?;
        }
        while self.filled == self.place.len() {
            if self.filled < self.wanted {
                let more = self.filled.saturating_mul(2).max(LEAST_GROWTH);
                self.place.grow(more.min(self.wanted))?;
                return Ok(None);
            }
            self.at += self.filled as u64;
            match self.state {
                State::Prelude => self.take_prelude()?,
                State::Table => self.take_table(),
                State::Padding => self.take_padding()?,
                State::Header => self.take_header()?,
                State::Buffer => self.take_buffer()?,
                State::Failed => return Err(Self::failed()),
            }
            if self.is_whole() {
                return self.take_message().map(Some);
            }
            self.plan()?;
        }
        Ok(None)
    }

    fn take_prelude(&mut self) -> Result<()> {
        let bytes = self.place.as_slice().first_chunk();
        let bytes = bytes.unwrap_or_else(|| unreachable!("the prelude was wanted whole"));
        self.prelude = Prelude::parse(bytes, &self.limits)?;
        Ok(())
    }

    fn take_table(&mut self) {
        let (lens, _) = self.place.as_slice().as_chunks();
        self.header_lens = lens.iter().rev().map(|len| u64::from_le_bytes(*len)).collect();
    }

    fn take_padding(&self) -> Result<()> {
        if self.place.as_slice().iter().any(|byte| *byte != 0) {
            return Err(Error::new(ErrorKind::Frame("padding is not zero"), 0));
        }
        Ok(())
    }

    fn take_header(&mut self) -> Result<()> {
        let header = Buffer::from(self.take_place());
        let front = Front::parse(&header, &self.limits)?;
        self.aligns = front.buffer_aligns(&header)?;
        self.aligns.reverse();

        self.header = Some((header, front));
        self.end_object_if_whole()
    }

    fn take_buffer(&mut self) -> Result<()> {
        let buffer = self.take_place().into();
        self.buffers.push(buffer);
        self.end_object_if_whole()
    }

    fn end_object_if_whole(&mut self) -> Result<()> {
        if self.aligns.is_empty()
            && let Some((header, front)) = self.header.take()
        {
            let buffers = mem::take(&mut self.buffers);
            self.objects.push(Object::from_parts(header, front, buffers, self.limits)?);
        }
        Ok(())
    }

    fn is_whole(&self) -> bool {
        self.objects.len() as u64 == self.prelude.objects && !matches!(self.state, State::Prelude)
            || self.prelude.objects == 0
    }

    fn take_message(&mut self) -> Result<Message<'static>> {
        if self.at != self.prelude.len {
            return Err(Error::new(ErrorKind::Frame("longer than its objects"), 0));
        }
        let message = mem::take(&mut self.objects).into_iter().collect();
        self.restart();
        Ok(message)
    }

    /// Decides what comes next, and makes place for it.
    fn plan(&mut self) -> Result<()> {
        if self.state == State::Prelude {
            self.state = State::Table;
            let len = self.prelude.objects.saturating_mul(8);
            return self.want(len, 8);
        }
        let padding = self.at.next_multiple_of(self.prelude.align) - self.at;
        if padding > 0 {
            self.state = State::Padding;
            return self.want(padding, 1);
        }
        let entry =
            self.header.as_ref().and_then(|(_, front)| front.buffers.get(self.buffers.len()));
        if let Some(entry) = entry {
            self.state = State::Buffer;
            let (len, align) = (entry.len, self.aligns.pop().unwrap_or(1));
            return self.want(len, align);
        }
        self.state = State::Header;
        let len = self.header_lens.pop().unwrap_or_default();
        prelude::limit("header length", self.limits.header_bytes, len)?;
        self.want(len, HEADER_ALIGN)
    }

    /// Makes place for `len` bytes, or for as many as are believed.
    fn want(&mut self, len: u64, align: usize) -> Result<()> {
        if self.at.checked_add(len).is_none_or(|end| end > self.prelude.len) {
            return Err(Error::new(ErrorKind::Frame("shorter than its objects"), 0));
        }
        let too_long = || Error::new(ErrorKind::Frame("longer than the memory of this machine"), 0);
        self.wanted = usize::try_from(len).map_err(|_too_long| too_long())?;
        let believed = usize::try_from(self.limits.believed_bytes).unwrap_or(usize::MAX);
        self.place = Allocation::zeroed(self.wanted.min(believed), align)?;
        self.filled = 0;
        Ok(())
    }

    fn take_place(&mut self) -> Allocation {
        self.filled = 0;
        mem::replace(&mut self.place, Allocation::from_vec(Vec::<u8>::new()))
    }

    fn restart(&mut self) {
        self.state = State::Prelude;
        self.place = Allocation::from_vec(vec![0_u8; prelude::LEN]);
        (self.filled, self.wanted, self.at) = (0, prelude::LEN, 0);
    }
}

/// What is not believed at first grows to so many bytes at least.
const LEAST_GROWTH: usize = 4096;
