//! The parts of a frame, one after the other: what comes next, and where it lands.

use std::{collections::VecDeque, mem};

use canning_core::Buffer;

use super::{
    landing::Landing,
    place::Place,
    spare::{Lists, Spare},
};
use crate::{
    checksum::{self, PIECE},
    error::{Error, ErrorKind, Result},
    frame::{
        Part,
        prelude::{self, Prelude, SUM},
    },
    header::{Front, KnownTables},
    limits::Limits,
    message::Message,
    object::{HEADER_ALIGN, Object},
};

/// A frame while its parts arrive.
#[derive(Debug)]
pub(super) struct Parts<'p> {
    pub(super) limits: Limits,
    pub(super) places: VecDeque<Place<'p>>,
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
    /// The lengths of the headers that are still to come, the next one last.
    header_lens: Vec<u64>,
    objects: Vec<Object<'p>>,
    /// The object that is being read.
    header: Option<(Buffer<'p>, Front)>,
    /// The alignments that its buffers need on this machine, the next one last.
    aligns: Vec<usize>,
    buffers: Vec<Buffer<'p>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Prelude,
    Table,
    Padding,
    Header,
    Buffer,
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
            spare: Spare::new(),
            known: KnownTables::default(),
            state: State::Prelude,
            landing: Landing::nothing(),
            scratch: Landing::of_scratch(prelude::LEN),
            at: 0,
            prelude: Prelude { align: 1, objects: 0, len: 0, has_sums: false, is_packed: false },
            sum: 0,
            header_lens: Vec::new(),
            objects: Vec::new(),
            header: None,
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
        self.state == State::Buffer
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
                State::Padding => {
                    prelude::check_padding(self.scratch.bytes())?;
                    self.plan()?;
                }
                State::Header | State::Buffer if self.prelude.has_sums => self.want_sum()?,
                State::Header => self.take_header()?,
                State::Buffer => self.take_buffer()?,
                State::Sum => self.take_sum()?,
                State::Whole => return self.take_message().map(Some),
                State::Failed => return Ok(None),
            }
        }
        Ok(None)
    }

    fn take_prelude(&mut self) -> Result<()> {
        let bytes = self.scratch.bytes().first_chunk();
        let bytes = bytes.unwrap_or_else(|| unreachable!("the prelude was wanted whole"));
        self.prelude = Prelude::parse(bytes, &self.limits)?;
        if self.prelude.has_sums {
            self.sum = checksum::of(bytes);
        }
        if self.objects.capacity() == 0 {
            self.objects = self.spare.objects();
        }
        self.want_small(State::Table, self.prelude.table_len() + self.prelude.sum_len())
    }

    fn take_table(&mut self) -> Result<()> {
        let mut table = self.scratch.bytes();
        if self.prelude.has_sums {
            let (front, sum) = table.split_last_chunk::<SUM>().unwrap_or((table, &[0; SUM]));
            Part::Table.check(checksum::append(self.sum, front), sum)?;
            table = front;
        }
        let (lens, _) = table.as_chunks();
        self.header_lens.clear();
        self.header_lens.extend(lens.iter().rev().map(|len| u64::from_le_bytes(*len)));
        self.plan()
    }

    /// Makes place for the checksum of a blob, and the padding behind it: unless the frame ends
    /// there, another blob follows.
    fn want_sum(&mut self) -> Result<()> {
        let end = self.at.saturating_add(SUM as u64);
        let padding = if end < self.prelude.len { self.prelude.padding(end) } else { 0 };
        self.want_small(State::Sum, SUM as u64 + padding)
    }

    fn take_sum(&mut self) -> Result<()> {
        let object = self.objects.len();
        let part = match self.header {
            None => Part::Header { object },
            Some(_) => Part::Buffer { object, buffer: self.buffers.len() },
        };
        let (sum, padding) = self.scratch.bytes().split_at_checked(SUM).unwrap_or_default();
        part.check(mem::take(&mut self.sum), sum)?;
        prelude::check_padding(padding)?;
        match self.header {
            None => self.take_header(),
            Some(_) => self.take_buffer(),
        }
    }

    fn take_header(&mut self) -> Result<()> {
        let header = self.take_landed();
        let Lists { buffers, entries } = self.spare.lists();
        let front = Front::parse_next(&header, &self.limits, &mut self.known, entries)?;
        front.buffer_aligns(&header, &mut self.aligns)?;
        self.aligns.reverse();
        self.header = Some((header, front));
        self.buffers = buffers;
        self.end_object_if_whole()?;
        self.plan()
    }

    fn take_buffer(&mut self) -> Result<()> {
        let buffer = self.take_landed();
        self.buffers.push(buffer);
        self.end_object_if_whole()?;
        self.plan()
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

    fn take_message(&mut self) -> Result<Message<'p>> {
        self.prelude.check_whole(self.at)?;
        (self.state, self.at) = (State::Prelude, 0);
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
            self.state = State::Buffer;
            return match self.places.pop_front() {
                Some(place) => self.want_in(place, len),
                None => self.want(len, align),
            };
        }
        self.state = State::Header;
        let len = self.header_lens.pop().unwrap_or_default();
        prelude::limit("header length", self.limits.header_bytes, len)?;
        self.want(len, HEADER_ALIGN)
    }

    /// Makes place for `len` bytes that stay, or for as many as are believed.
    fn want(&mut self, len: u64, align: usize) -> Result<()> {
        let len = self.check_end(len)?;
        let believed = usize::try_from(self.limits.believed_bytes).unwrap_or(usize::MAX);
        let landing = Landing::new(len, align, believed, &self.spare.pool)?;
        self.land_in(landing);
        Ok(())
    }

    /// Puts the next buffer where it was asked for.
    fn want_in(&mut self, place: Place<'p>, len: u64) -> Result<()> {
        let buffer = self.buffers.len();
        let dtype = match &self.header {
            Some((header, front)) => front.buffer_dtype(header, buffer)?,
            None => unreachable!("a buffer has a header"),
        };
        let fits = place.check(&dtype, self.check_end(len)?);
        fits.map_err(|error| Error::new(ErrorKind::Place { buffer, error }, 0))?;
        self.land_in(Landing::lent(place.bytes));
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

impl State {
    /// Whether the part is gone once it is read.
    fn is_small(self) -> bool {
        !self.is_blob()
    }

    fn is_blob(self) -> bool {
        matches!(self, Self::Header | Self::Buffer)
    }
}
