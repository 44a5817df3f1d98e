//! What stands before and behind the body: version, flags, tables and the tail.

use std::{ops::Range, sync::Arc};

use canning_core::{Buffer, Dtype, Error, ErrorKind, Result, SharedBytes, buffer::room};

pub(crate) use self::padding::{are_zeros, padding};
use crate::{
    header::{
        cbor::{self, Cursor},
        dtypes,
        tables::Tables,
    },
    limits::Limits,
};

mod padding;
mod parse;

/// The version of the header format.
pub(crate) const VERSION: u8 = 1;

/// How a header of this version without flags begins: the tag, an array of nine, the version, the
/// flags.
pub(crate) const START: [u8; 6] = {
    let [a, b, c] = cbor::SELF_DESCRIBED;
    [a, b, c, cbor::ARRAY << 5 | 9, VERSION, 0]
};

/// Flags below this bit change how a header is to be read: unknown ones are refused. Flags
/// from it on may be ignored.
pub(crate) const CRITICAL_FLAGS: u64 = (1 << 32) - 1;

/// What the tail needs in memory, so that its arrays can be borrowed: the largest alignment of
/// a number.
pub(crate) const TAIL_NEEDS: usize = 16;

/// One buffer in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BufferEntry {
    /// Its length in bytes.
    pub(crate) len: u64,
    /// The number of its dtype.
    pub(crate) dtype: u64,
}

/// The parts of a header that are read later.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'h> {
    pub(crate) tables: &'h [u8],
    pub(crate) body: &'h [u8],
    pub(crate) tail: &'h [u8],
    /// The whole of it, if it may be kept.
    pub(crate) shared: Option<&'h SharedBytes>,
}

/// Where the parts of a header lie, and its buffer table: checked, the tables of dtypes and
/// names apart, which are read when they are needed.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    pub(crate) buffers: Vec<BufferEntry>,
    /// The tables, if they are known from another header.
    pub(crate) known: Option<Arc<Tables>>,
    /// The tables of dtypes and names, within the first segment.
    pub(crate) tables: Range<usize>,
    /// The body, within the first segment.
    pub(crate) body: Range<usize>,
    /// The tail, within the second segment if there are two, else the first.
    pub(crate) tail: Range<usize>,
}

impl Front {
    /// Whether a parser says the same of a header of one's own.
    pub(crate) fn is_of(&self, header: &Buffer<'_>) -> bool {
        let limits = Limits {
            header_bytes: u64::MAX,
            buffers: u64::MAX,
            message_bytes: u64::MAX,
            ..Limits::default()
        };
        let parts = |front: &Self| (front.tables.clone(), front.body.clone(), front.tail.clone());
        match Self::parse(header, &limits) {
            Ok(parsed) => parsed.buffers == self.buffers && parts(&parsed) == parts(self),
            // Nothing was found out.
            Err(error) => matches!(error.kind(), ErrorKind::OutOfMemory { .. }),
        }
    }

    /// Notes that a header's tail will follow its first segment in the same piece of memory.
    pub(crate) fn join_segments(&mut self, header: &Buffer<'_>) -> Result<()> {
        if let (first, Some(_tail)) = split(header)? {
            self.tail = self.tail.start + first.len()..self.tail.end + first.len();
        }
        Ok(())
    }

    /// Reads the tables.
    pub(crate) fn parse_tables(&self, header: &Buffer<'_>) -> Result<Tables> {
        self.tables_of(&self.parts_of(header)?)
    }

    /// Reads the tables.
    pub(crate) fn tables_of(&self, parts: &Parts<'_>) -> Result<Tables> {
        Tables::parse(parts.tables, self.tables.start)
    }

    /// The alignment that each buffer needs on this machine, by its dtype, into an empty list.
    pub(crate) fn buffer_aligns(&self, header: &Buffer<'_>, aligns: &mut Vec<usize>) -> Result<()> {
        if self.buffers.is_empty() {
            return Ok(());
        }
        let tables = self.first_of(header)?.get(self.tables.clone()).unwrap_or_default();
        let start = Cursor::new(tables, self.tables.start);
        let parsed;
        let dtypes = match &self.known {
            Some(known) => &known.dtypes,
            None => {
                parsed = dtypes::decode_table(&mut start.clone())?;
                &parsed
            }
        };
        let align = |entry: &BufferEntry| {
            let dtype = usize::try_from(entry.dtype).ok();
            let dtype = dtype.and_then(|number| dtypes.get(number));
            let dtype = &dtype.ok_or_else(|| start.malformed("a dtype of the table"))?.dtype;
            if !entry.len.is_multiple_of(dtype.item_size() as u64) {
                return Err(start.malformed("buffers of whole items"));
            }
            Ok(dtype.align())
        };
        for entry in &self.buffers {
            room::push(aligns, align(entry)?)?;
        }
        Ok(())
    }

    /// Reads the tables, unless they are known.
    pub(crate) fn shared_tables(&self, header: &Buffer<'_>) -> Result<Arc<Tables>> {
        match &self.known {
            Some(known) => Ok(Arc::clone(known)),
            None => Ok(Arc::new(self.parse_tables(header)?)),
        }
    }

    /// The dtype of a buffer.
    pub(crate) fn buffer_dtype<'t>(&self, tables: &'t Tables, index: usize) -> Result<&'t Dtype> {
        let number = self.buffers.get(index).and_then(|entry| usize::try_from(entry.dtype).ok());
        let dtype = number.and_then(|number| tables.dtypes.get(number));
        Ok(&dtype.ok_or_else(|| Error::new(ErrorKind::NotContiguous))?.dtype)
    }

    /// The parts of the header.
    pub(crate) fn parts_of<'h>(&self, header: &'h Buffer<'_>) -> Result<Parts<'h>> {
        let (first, second) = split(header)?;
        let parts = self.cut(first, second.unwrap_or(first), header.as_shared());
        parts.ok_or_else(|| Error::new(ErrorKind::NotContiguous))
    }

    /// The parts of a header in one piece, which is only borrowed.
    pub(crate) fn parts_of_slice<'h>(&self, header: &'h [u8]) -> Result<Parts<'h>> {
        let parts = self.cut(header, header, None);
        parts.ok_or_else(|| Error::new(ErrorKind::NotContiguous))
    }

    fn cut<'h>(
        &self,
        first: &'h [u8],
        last: &'h [u8],
        shared: Option<&'h SharedBytes>,
    ) -> Option<Parts<'h>> {
        let tables = first.get(self.tables.clone())?;
        let (body, tail) = (first.get(self.body.clone())?, last.get(self.tail.clone())?);
        Some(Parts { tables, body, tail, shared })
    }

    /// The bytes of the tail.
    pub(crate) fn tail_of<'h>(&self, header: &'h Buffer<'_>) -> Result<&'h [u8]> {
        let (first, second) = split(header)?;
        let tail = second.unwrap_or(first).get(self.tail.clone());
        tail.ok_or_else(|| Error::new(ErrorKind::NotContiguous))
    }

    /// The first segment: everything but the tail, which may stand in the second.
    pub(crate) fn first_of<'h>(&self, header: &'h Buffer<'_>) -> Result<&'h [u8]> {
        Ok(split(header)?.0)
    }
}

/// Refuses what exceeds a limit.
pub(crate) fn limit(what: &'static str, limit: u64, found: u64) -> Result<()> {
    if found > limit {
        return Err(ErrorKind::Limit { what, limit, found }.into());
    }
    Ok(())
}

/// A header lies in one segment, or in two of which the second is the tail.
fn split<'h>(header: &'h Buffer<'_>) -> Result<(&'h [u8], Option<&'h [u8]>)> {
    if let Some(whole) = header.as_slice() {
        return Ok((whole, None));
    }
    let mut segments = header.segments();
    match (segments.next(), segments.next(), segments.next()) {
        (Some(first), second, None) => Ok((first, second)),
        _ => Err(ErrorKind::NotContiguous.into()),
    }
}
