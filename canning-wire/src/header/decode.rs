//! Reading a header: the uncanner of the native format.

use canning_core::{
    Buffer, Copied, Error, ErrorKind, Result, SharedBytes,
    visitor::{Kind, Uncanner},
};

use self::{
    array::KnownDtype,
    resolve::{KnownHead, Open, ResolvedTypes},
};
use crate::{
    header::{
        body,
        cbor::{self, Cursor},
        front::{BufferEntry, Front, Parts},
        tables::Tables,
    },
    limits::Limits,
};

mod array;
mod integer;
mod resolve;
mod skip;
mod uncan;

/// Reads the parts of one value.
pub(crate) struct Decoder<'b, 'a, 't> {
    cursor: Cursor<'b>,
    tail: &'b [u8],
    /// How much of the tail the arrays so far have taken.
    tail_at: usize,
    header: Option<&'b SharedBytes>,
    tables: &'t Tables,
    /// The tables as they lie in the header.
    table_bytes: &'b [u8],
    /// What names whose fields come by name or not at all are to the types that met them.
    resolved: Vec<ResolvedTypes>,
    met: &'t mut Met,
    buffer_table: &'b [BufferEntry],
    buffers: Buffers<'b, 'a>,
    /// Buffers referenced so far; the next must have this number.
    next_buffer: usize,
    moved: usize,
    depth: u32,
    bounds: Bounds,
    /// How many items may still be announced: each of them has a byte of the body to itself.
    items_left: usize,
    expanded: u64,
    copied: Copied,
    /// Records whose fields come by name.
    open: Vec<Open>,
}

/// What came of entries of the tables that were met lately. It holds for all headers that have the
/// same tables.
#[derive(Debug)]
pub(crate) struct Met {
    /// The element type that was compared last: arrays of one type follow each other.
    dtype: KnownDtype,
    /// Heads of records.
    heads: [KnownHead; 8],
}

impl Met {
    pub(crate) fn nothing() -> Self {
        Self { dtype: KnownDtype::default(), heads: [KnownHead::NONE; 8] }
    }
}

/// Those [`Limits`] that concern putting a value together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    depth: u32,
    expanded_bytes: u64,
}

impl Bounds {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self { depth: limits.depth, expanded_bytes: limits.expanded_bytes }
    }
}

/// The buffers of the object that is read.
pub(crate) enum Buffers<'b, 'a> {
    /// They stay.
    View(&'b [Buffer<'a>]),
    /// They are moved out, one by one.
    Take(&'b mut [Option<Buffer<'a>>]),
}

impl<'b, 'a, 't> Decoder<'b, 'a, 't> {
    #[inline]
    pub(crate) fn new(
        parts: Parts<'b>,
        front: &'b Front,
        tables: &'t Tables,
        met: &'t mut Met,
        buffers: Buffers<'b, 'a>,
        bounds: Bounds,
    ) -> Self {
        Self {
            cursor: Cursor::new(parts.body, front.body.start),
            tail: match parts.tail {
                [] => &EMPTY.0,
                tail => tail,
            },
            tail_at: 0,
            header: parts.shared,
            tables,
            table_bytes: parts.tables,
            met,
            resolved: Vec::new(),
            buffer_table: &front.buffers,
            buffers,
            next_buffer: 0,
            moved: 0,
            depth: bounds.depth,
            bounds,
            items_left: parts.body.len(),
            expanded: 0,
            copied: Copied::default(),
            open: Vec::new(),
        }
    }

    /// Checks that everything was read; gives what was copied.
    pub(crate) fn finish(&self) -> Result<Copied> {
        if !self.cursor.is_at_end() {
            return Err(self.cursor.malformed("the end of the body"));
        }
        if self.tail_at != self.tail.len() {
            return Err(self.cursor.malformed("arrays for all of the tail"));
        }
        if self.next_buffer != self.buffer_table.len() {
            let expected = self.next_buffer;
            return Err(ErrorKind::BufferReference { expected, found: None }.into());
        }
        Ok(self.copied)
    }

    /// The buffers that were moved out so far.
    pub(crate) fn moved(&self) -> usize {
        self.moved
    }

    #[cold]
    fn unexpected(&mut self, expected: Kind) -> Error {
        match self.peek() {
            Ok(found) => Error::new(ErrorKind::Kind { expected, found }),
            Err(error) => error,
        }
    }

    #[inline]
    fn enter(&mut self) -> Result<()> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(self.too_deep()),
        }
    }

    #[inline]
    fn leave(&mut self) {
        self.depth += 1;
    }

    #[cold]
    fn too_deep(&self) -> Error {
        let limit = u64::from(self.bounds.depth);
        Error::new(ErrorKind::Limit { what: "the depth", limit, found: limit + 1 })
    }

    /// Begins an array of this code; gives the number of items after the code.
    #[inline]
    fn begin(&mut self, code: u8, kind: Kind) -> Result<usize> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 == cbor::ARRAY {
            let count = self.cursor.count(cbor::ARRAY, "an array")?;
            if count > 0 && self.cursor.peek()? == code {
                self.cursor.advance(1);
                return self.announce(&start, count - 1);
            }
        }
        self.cursor = start;
        Err(self.unexpected(kind))
    }

    /// Counts items that are announced at `start`. Those of one list within the other are as many as
    /// there are bytes only all together, and room is made for those of each.
    #[inline]
    fn announce(&mut self, start: &Cursor<'_>, items: usize) -> Result<usize> {
        match self.items_left.checked_sub(items) {
            Some(left) => {
                self.items_left = left;
                Ok(items)
            }
            None => Err(start.malformed("as many items as announced")),
        }
    }

    /// Reads the number of a map's entries, of which each takes two bytes at least.
    fn map_len(&mut self) -> Result<usize> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 != cbor::MAP {
            return Err(self.unexpected(Kind::Map));
        }
        let len = self.cursor.count(cbor::MAP, "a map")?;
        if len > self.cursor.rest().len() / 2 {
            return Err(start.malformed("as many items as announced"));
        }
        self.announce(&start, 2 * len)?;
        Ok(len)
    }

    /// Steps over the mark of a `Some`, which is there only before a `None` or another mark.
    fn mark(&mut self) -> Result<()> {
        match self.cursor.rest() {
            [0x82, body::SOME, cbor::NULL, ..] | [0x82, body::SOME, 0x82, body::SOME, ..] => {
                self.cursor.advance(2);
                Ok(())
            }
            _ => Err(self.cursor.malformed("a mark only for what needs it")),
        }
    }
}

/// The tail of a header without one: its empty arrays can be borrowed, too, which takes an
/// aligned address.
static EMPTY: Aligned = Aligned([]);

#[repr(align(64))]
struct Aligned([u8; 0]);
