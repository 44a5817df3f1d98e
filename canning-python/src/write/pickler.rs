//! The state of one pickle.

use std::collections::HashMap;

use canning_core::{Buffer, Copied, Dtype, ErrorKind, Result, Scalar};

use super::{
    frame::{Frame, Kind, Numbers, Then},
    keys::{self, Key},
    options::CanOptions,
    records::Records,
    writer::{Memo, Writer},
};
use crate::{
    object::{Dialect, Object},
    pickle::opcode as op,
};

/// Collects header and buffers of one value.
#[derive(Debug)]
pub(super) struct Pickler<'a> {
    pub(super) writer: Writer,
    pub(super) options: CanOptions,
    pub(super) records: Records,
    pub(super) scalars: Vec<(Scalar, Memo)>,
    pub(super) dtypes: HashMap<Dtype, Memo>,
    pub(super) open: Vec<Frame>,
    /// How many `begin_inline` are open.
    pub(super) inline: u32,
    /// Whether the value that ended last is `None`, or a tuple of one such value: `Some` of it
    /// could be taken for it.
    pub(super) ambiguous: bool,
    /// Where the last list began.
    pub(super) list: usize,
    buffers: Vec<Buffer<'a>>,
    pub(super) copied: Copied,
    /// Whether ipyparallel looks for buffers in the outermost container.
    looked_into: bool,
    /// Whether the order of the buffers is that of a dict's sorted keys.
    sorts: bool,
    /// Whether what is written is a key of that dict.
    pub(super) collects: bool,
    pub(super) keys: Vec<Key>,
    /// For each buffer the entry of that dict that it belongs to.
    entries: Vec<usize>,
}

/// How many items Python collects before it puts them into their container, as its own pickler
/// has it: more would only make its stack large.
const BATCH: usize = 1000;

const SAME_NUMBERS: &str = "keys or items of a set that Python takes for one, as `1`, `1.0` and \
                            `True`, or kinds of numbers among which there may be such";

impl<'a> Pickler<'a> {
    pub(super) fn new(options: CanOptions) -> Self {
        Self {
            writer: Writer::new(),
            options,
            records: Records::default(),
            scalars: Vec::new(),
            dtypes: HashMap::new(),
            open: Vec::new(),
            inline: 0,
            ambiguous: false,
            list: 0,
            buffers: Vec::new(),
            copied: Copied::default(),
            looked_into: false,
            sorts: false,
            collects: false,
            keys: Vec::new(),
            entries: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> Object<'a> {
        debug_assert!(self.open.is_empty(), "what began has ended");
        Object::fresh(self.writer.finish(), self.buffers, self.options.dialect, self.copied)
    }

    /// Is called before every value.
    #[inline]
    pub(super) fn begin_value(&mut self) -> Result<()> {
        let is_outermost = self.open.len() == 1;
        let Some(frame) = self.open.last_mut() else { return Ok(()) };
        let index = frame.seen;
        frame.seen += 1;
        match frame.kind {
            Kind::Fields(record) => self.records.field(record, index, &mut self.writer),
            Kind::List if index % BATCH == 0 && index > 0 => {
                self.writer.ops(&[op::APPENDS, op::MARK])
            }
            Kind::Set if index % BATCH == 0 && index > 0 => {
                self.writer.ops(&[op::ADDITEMS, op::MARK])
            }
            Kind::Map => {
                if index % (2 * BATCH) == 0 && index > 0 {
                    self.writer.ops(&[op::SETITEMS, op::MARK]);
                }
                if is_outermost && self.sorts {
                    self.collects = index % 2 == 0;
                }
            }
            Kind::Int | Kind::Str => {
                return Err(ErrorKind::Unsupported("a record `int` or `str` but of bytes").into());
            }
            _ => {}
        }
        Ok(())
    }

    /// Is called before every value that holds no others.
    #[inline]
    pub(super) fn leaf(&mut self, key: impl FnOnce() -> Key) -> Result<()> {
        self.begin_value()?;
        self.ambiguous = false;
        if self.collects {
            self.keys.push(key());
        }
        Ok(())
    }

    /// Is called for every number: refuses those that Python may take for one that came before.
    /// ipyparallel's dict, whose keys are collected, is asked exactly at its end.
    #[inline]
    pub(super) fn number(&mut self, kind: impl FnOnce() -> Numbers) -> Result<()> {
        let Some(frame) = self.open.last_mut() else { return Ok(()) };
        let is_of_many = matches!(frame.kind, Kind::Map | Kind::Set | Kind::FrozenSet);
        if is_of_many && !self.collects && frame.hashes() && frame.numbers.add(kind()) {
            return Err(ErrorKind::Unsupported(SAME_NUMBERS).into());
        }
        Ok(())
    }

    /// Whether Python hashes the value that began last.
    pub(super) fn hashes(&self) -> bool {
        self.open.last().is_some_and(Frame::hashes)
    }

    /// Refuses a value that Python cannot hash where it would.
    pub(super) fn unhashable(&self, what: &'static str) -> Result<()> {
        if self.hashes() {
            return Err(ErrorKind::Unsupported(what).into());
        }
        Ok(())
    }

    #[inline]
    pub(super) fn begin(&mut self, kind: Kind, then: Then, len: usize) {
        let hashed = match kind {
            Kind::Set | Kind::FrozenSet => true,
            Kind::Tuple if then == Then::Nothing => self.hashes(),
            _ => false,
        };
        let (keys, numbers) = (self.keys.len(), Numbers::default());
        let frame = Frame { kind, then, len, seen: 0, hashed, keys, numbers };
        if self.open.is_empty() && self.options.dialect == Dialect::Ipyparallel {
            self.looked_into = frame.is_looked_into();
            self.sorts = self.looked_into && matches!(kind, Kind::Map | Kind::Fields(_));
        }
        self.open.push(frame);
    }

    #[inline]
    pub(super) fn end(&mut self) -> Result<()> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        let Frame { kind, then, len: expected, seen: found, .. } = frame;
        // What stands there was begun for as many: Python would read something else, or nothing.
        if found != expected {
            return Err(ErrorKind::Length { expected, found }.into());
        }
        let len = found;
        if then == Then::BuildReference {
            self.writer.name("buffers");
            self.writer.op(op::EMPTY_LIST);
        }
        match kind {
            Kind::List if len > 0 => self.writer.op(op::APPENDS),
            Kind::Set if len > 0 => self.writer.op(op::ADDITEMS),
            Kind::FrozenSet => self.writer.op(op::FROZENSET),
            Kind::Tuple => self.writer.end_tuple(len),
            Kind::Map | Kind::Fields(_) if len > 0 => self.writer.op(op::SETITEMS),
            Kind::Objects => self.end_objects(),
            _ => {}
        }
        match then {
            Then::Nothing => {}
            Then::SetItem => self.writer.op(op::SETITEM),
            Then::Build | Then::BuildReference => self.writer.op(op::BUILD),
            Then::Reduce => self.writer.op(op::REDUCE),
        }
        self.ambiguous &= kind == Kind::Tuple && then == Then::Nothing && len == 1;
        if self.collects && !self.open.is_empty() && !matches!(kind, Kind::Nothing) {
            let items = self.keys.split_off(frame.keys.min(self.keys.len()));
            let is_tuple = kind == Kind::Tuple && then == Then::Nothing;
            self.keys.push(if is_tuple { Key::Tuple(items) } else { Key::Other });
        }
        if self.open.is_empty() && self.sorts {
            self.sort(&frame)?;
        }
        Ok(())
    }

    /// Puts the buffers of a dict in the order in which Python restores them.
    fn sort(&mut self, dict: &Frame) -> Result<()> {
        let ranks = match dict.kind {
            Kind::Fields(record) => {
                let names = (0..dict.len).map(|index| self.records.field_name(record, index));
                keys::ranks_by(&names.collect::<Vec<_>>(), Ord::cmp)
            }
            _ => keys::ranks(&self.keys)?,
        };
        let buffers = self.buffers.drain(..).zip(&self.entries);
        let rank = |entry: &usize| ranks.get(*entry).copied().unwrap_or(usize::MAX);
        let mut sorted: Vec<_> = buffers.map(|(buffer, entry)| (rank(entry), buffer)).collect();
        sorted.sort_by_key(|(rank, _)| *rank);
        self.buffers.extend(sorted.into_iter().map(|(_, buffer)| buffer));
        Ok(())
    }

    /// Whether memory of so many bytes is written into the header.
    #[inline]
    pub(super) fn is_in_band(&self, len: usize) -> bool {
        if len <= self.options.inline_threshold || self.inline > 0 {
            return true;
        }
        match self.options.dialect {
            Dialect::Pickle => false,
            Dialect::Ipyparallel => match self.open.len() {
                0 => false,
                1 => !self.looked_into,
                _ => true,
            },
        }
    }

    /// Takes the buffer that the header has just referred to.
    pub(super) fn push(&mut self, buffer: Buffer<'a>) {
        if self.sorts {
            let entry = self.open.first().map_or(0, |frame| match frame.kind {
                Kind::Map => frame.seen.saturating_sub(1) / 2,
                _ => frame.seen.saturating_sub(1),
            });
            self.entries.push(entry);
        }
        self.buffers.push(buffer);
    }
}
