//! The parts of a frame, one after the other: what comes next, and where it lands.

use std::{collections::VecDeque, mem, sync::Arc};

use canning_core::{Buffer, buffer::room};

use super::{
    landing::Landing,
    place::Place,
    spare::{Lists, Spare},
};
use crate::{
    checksum::{self, PIECE},
    error::{Error, Result},
    frame::{
        Part,
        lengths::Lengths,
        prelude::{self, Prelude, SUM, in_memory},
    },
    header::{Front, KnownTables, Tables},
    limits::Limits,
    message::Message,
    object::{HEADER_ALIGN, Object},
};

mod chunks;
mod front;
mod lent;

/// A frame while its parts arrive.
#[derive(Debug)]
pub(super) struct Parts<'p> {
    pub(super) limits: Limits,
    pub(super) places: VecDeque<Place<'p>>,
    /// What is to be said of a place that did not fit, when the message is whole.
    misfit: Option<Error>,
    pub(super) spare: Spare<'p>,
    /// The tables of headers that came before.
    pub(super) known: KnownTables,
    state: State,
    /// Where a header or a buffer lands, to stay there.
    landing: Landing<'p>,
    /// Where a prelude, a table or padding lands.
    scratch: Landing<'p>,
    /// Bytes of the frame so far.
    at: u64,
    prelude: Prelude,
    /// The checksum of the prelude, or of what is there of a blob.
    sum: u32,
    lengths: Lengths,
    /// Bytes of a compressed buffer that are still to come.
    wire_left: u64,
    objects: Vec<Object<'p>>,
    /// The object that is being read.
    header: Option<(Buffer<'p>, Front)>,
    /// Its tables, once a buffer of it was lent a place.
    tables: Option<Arc<Tables>>,
    /// The alignments that its buffers need on this machine, the next one last.
    aligns: Vec<usize>,
    buffers: Vec<Buffer<'p>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Prelude,
    Table,
    /// The lengths of buffers on the wire.
    Lengths,
    Padding,
    Header,
    Buffer,
    /// The head of a chunk of a compressed buffer.
    ChunkHead,
    Chunk,
    /// A chunk of a compressed buffer that is not compressed.
    StoredChunk,
    /// A checksum, and the padding behind it.
    Sum,
    /// All objects are there.
    Whole,
    /// An error has made the position in the stream unknown.
    Failed,
}

impl<'p> Parts<'p> {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            places: VecDeque::new(),
            misfit: None,
            spare: Spare::new(),
            known: KnownTables::default(),
            state: State::Prelude,
            landing: Landing::nothing(),
            scratch: Landing::of_scratch(prelude::LEN),
            at: 0,
            prelude: Prelude { align: 1, objects: 0, len: 0, has_sums: false, is_packed: false },
            sum: 0,
            lengths: Lengths::default(),
            wire_left: 0,
            objects: Vec::new(),
            header: None,
            tables: None,
            aligns: Vec::new(),
            buffers: Vec::new(),
        }
    }

    /// Where the current part lands.
    pub(super) fn landing(&self) -> &Landing<'p> {
        if self.state.is_small() { &self.scratch } else { &self.landing }
    }

    pub(super) fn landing_mut(&mut self) -> &mut Landing<'p> {
        if self.state.is_small() { &mut self.scratch } else { &mut self.landing }
    }

    /// Whether no byte of a frame has come.
    pub(super) fn is_at_start(&self) -> bool {
        self.state == State::Prelude && self.bytes_read() == 0
    }

    pub(super) fn is_in_buffer(&self) -> bool {
        matches!(self.state, State::Buffer | State::Chunk | State::StoredChunk)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Bytes of the frame so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.at
    }

    /// The number of objects that are there whole.
    pub(super) fn whole_objects(&self) -> usize {
        self.objects.len()
    }

    /// The length of the frame, once it is known.
    pub(super) fn frame_len(&self) -> Option<u64> {
        (self.state != State::Prelude).then_some(self.prelude.len)
    }

    /// Ends reading, as where the next message starts is unknown.
    pub(super) fn fail(&mut self) {
        *self = Self { state: State::Failed, ..Self::new(self.limits) };
    }

    /// Is told that `len` bytes were put where the current part lands.
    pub(super) fn fill(&mut self, len: usize) -> Result<()> {
        self.at += len as u64;
        if self.prelude.has_sums && self.state.is_blob() {
            // While they are in the cache.
            let came = self.landing.space().get(..len).unwrap_or_default();
            self.sum = checksum::append(self.sum, came);
        }
        Ok(self.landing_mut().fill(len)?)
    }

    /// Takes the parts that have landed; gives the message when it is whole.
    pub(super) fn go_on(&mut self) -> Result<Option<Message<'p>>> {
        if self.state == State::Prelude {
            // As soon as it can be told: a peer that speaks something else may say no more.
            prelude::check_magic(self.scratch.bytes())?;
        }
        while self.landing().missing() == 0 {
            match self.state {
                State::Prelude => self.take_prelude()?,
                State::Table => self.take_table()?,
                State::Lengths => self.take_lengths()?,
                State::Padding => {
                    prelude::check_padding(self.scratch.bytes())?;
                    self.plan()?;
                }
                State::Header | State::Buffer => self.end_blob()?,
                State::ChunkHead => self.take_chunk_head()?,
                State::Chunk => self.take_chunk()?,
                State::StoredChunk => self.next_chunk()?,
                State::Sum => self.take_sum()?,
                State::Whole => return self.take_message().map(Some),
                State::Failed => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Makes place for the checksum of a blob, and the padding behind it: unless the frame ends
    /// there, another blob follows.
    fn want_sum(&mut self) -> Result<()> {
        let end = self.at.saturating_add(SUM as u64);
        let padding = if end < self.prelude.len { self.prelude.padding(end) } else { 0 };
        self.want_small(State::Sum, SUM as u64 + padding)
    }

    fn take_sum(&mut self) -> Result<()> {
        let (sum, _) = self.scratch.bytes().split_at_checked(SUM).unwrap_or_default();
        self.part().check(self.sum, sum)?;
        self.take_blob()?;
        prelude::check_padding(self.scratch.bytes().get(SUM..).unwrap_or_default())?;
        self.plan()
    }

    /// Goes on behind the last byte of a blob: nothing of it is believed before its checksum.
    fn end_blob(&mut self) -> Result<()> {
        if self.prelude.has_sums {
            return self.want_sum();
        }
        self.take_blob()?;
        self.plan()
    }

    fn take_blob(&mut self) -> Result<()> {
        if self.header.is_none() {
            self.take_header()?;
        } else {
            self.take_buffer()?;
        }
        if self.aligns.is_empty()
            && let Some((header, front)) = self.header.take()
        {
            self.tables = None;
            let buffers = mem::take(&mut self.buffers);
            let object = Object::from_parts(header, front, buffers, self.limits)?;
            room::push(&mut self.objects, object)?;
        }
        Ok(())
    }

    /// The blob that is being read.
    fn part(&self) -> Part {
        let object = self.objects.len();
        match self.header {
            None => Part::Header { object },
            Some(_) => Part::Buffer { object, buffer: self.buffers.len() },
        }
    }

    fn take_header(&mut self) -> Result<()> {
        let header = self.take_landed();
        let Lists { buffers, entries } = self.spare.lists();
        let front = Front::parse_next(&header, &self.limits, &mut self.known, entries)?;
        front.buffer_aligns(&header, &mut self.aligns)?;
        self.aligns.reverse();
        let object = self.objects.len();
        self.lengths.check_object(object, &front.buffers, &self.prelude, &self.limits)?;
        self.header = Some((header, front));
        self.buffers = buffers;
        Ok(())
    }

    fn take_buffer(&mut self) -> Result<()> {
        let buffer = self.take_landed();
        Ok(room::push(&mut self.buffers, buffer)?)
    }

    fn take_message(&mut self) -> Result<Message<'p>> {
        self.prelude.check_whole(self.at)?;
        (self.state, self.at) = (State::Prelude, 0);
        if self.scratch.capacity() > MOST_SCRATCH {
            self.scratch = Landing::of_scratch(prelude::LEN);
        }
        self.scratch.restart(prelude::LEN)?;
        Ok(mem::take(&mut self.objects).into())
    }

    /// Decides which blob comes next, and makes place for it, or for the padding before it.
    fn plan(&mut self) -> Result<()> {
        if self.objects.len() as u64 == self.prelude.objects {
            return self.want_small(State::Whole, 0);
        }
        let padding = self.prelude.padding(self.at);
        if padding > 0 {
            return self.want_small(State::Padding, padding);
        }
        if let Some((_, front)) = &self.header
            && let Some(entry) = front.buffers.get(self.buffers.len())
        {
            let (len, align) = (entry.len, self.aligns.pop().unwrap_or(1));
            let wire_len = self.lengths.next_buffer(len);
            self.check_end(wire_len)?;
            match self.next_place() {
                Some(place) => self.want_in(place, len, align)?,
                None => self.want(len, align)?,
            }
            if wire_len == len {
                self.state = State::Buffer;
                return Ok(());
            }
            self.wire_left = wire_len;
            return self.next_chunk();
        }
        self.state = State::Header;
        let len = self.lengths.next_header();
        prelude::limit("header length", self.limits.header_bytes, len)?;
        self.check_end(len)?;
        self.want(len, HEADER_ALIGN)
    }

    /// Makes place for `len` bytes that stay, or for as many as are believed.
    fn want(&mut self, len: u64, align: usize) -> Result<()> {
        let len = in_memory(len)?;
        let believed = usize::try_from(self.limits.believed_bytes).unwrap_or(usize::MAX);
        let landing = Landing::new(len, align, believed, self.spare.pool())?;
        self.land_in(landing);
        Ok(())
    }

    fn land_in(&mut self, landing: Landing<'p>) {
        let most = if self.prelude.has_sums { PIECE } else { usize::MAX };
        self.sum = 0;
        self.landing = landing.in_pieces(most);
    }

    /// Makes place for a part that does not stay.
    fn want_small(&mut self, state: State, len: u64) -> Result<()> {
        let len = self.check_end(len)?;
        self.state = state;
        Ok(self.scratch.restart(len)?)
    }

    /// Refuses a part that goes beyond the end of the frame.
    fn check_end(&self, len: u64) -> Result<usize> {
        self.prelude.check_end(self.at, len)
    }

    fn take_landed(&mut self) -> Buffer<'p> {
        mem::replace(&mut self.landing, Landing::nothing()).into_buffer()
    }
}

/// What small parts may keep between two messages.
const MOST_SCRATCH: usize = 1 << 20;

impl State {
    /// Whether the part is gone once it is read.
    fn is_small(self) -> bool {
        !self.is_blob()
    }

    fn is_blob(self) -> bool {
        matches!(self, Self::Header | Self::Buffer | Self::StoredChunk)
    }
}
