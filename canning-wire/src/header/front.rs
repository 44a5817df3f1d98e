//! What stands before and behind the body: version, flags, tables and the tail.

use std::{ops::Range, sync::Arc};

use canning_core::{Buffer, Dtype, Error, ErrorKind, Result};

use crate::{
    header::{
        cbor::{self, Cursor},
        dtypes,
        tables::{KnownTables, Tables},
    },
    limits::Limits,
};

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

/// The tail starts at a multiple of this from the start of the header.
const TAIL_ALIGN: usize = 64;

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
    pub(crate) fn parse(header: &Buffer<'_>, limits: &Limits) -> Result<Self> {
        Self::parse_one(header, limits, None, Vec::new())
    }

    /// Parses one of many headers, which may have the same tables. `buffers` is an empty list to
    /// use again.
    pub(crate) fn parse_next(
        header: &Buffer<'_>,
        limits: &Limits,
        known: &mut KnownTables,
        buffers: Vec<BufferEntry>,
    ) -> Result<Self> {
        Self::parse_one(header, limits, Some(known), buffers)
    }

    fn parse_one(
        header: &Buffer<'_>,
        limits: &Limits,
        known: Option<&mut KnownTables>,
        mut buffers: Vec<BufferEntry>,
    ) -> Result<Self> {
        limit("header length", limits.header_bytes, header.len() as u64)?;
        let (first, second) = split(header)?;
        let mut cursor = Cursor::new(first, 0);
        if cursor.array()? != cbor::SELF_DESCRIBED {
            return Err(Cursor::new(first, 0).malformed("the tag of self-described CBOR"));
        }
        let start = cursor.clone();
        if cursor.head(cbor::ARRAY, "an array of nine")? != 9 {
            return Err(start.malformed("an array of nine"));
        }
        let version = cursor.head(cbor::UNSIGNED, "the version")?;
        if version != u64::from(VERSION) {
            return Err(ErrorKind::Version { found: version }.into());
        }
        let flags = cursor.head(cbor::UNSIGNED, "the flags")?;
        if flags & CRITICAL_FLAGS != 0 {
            return Err(ErrorKind::Flags { unknown: flags & CRITICAL_FLAGS }.into());
        }
        let body_len = cursor.head(cbor::UNSIGNED, "the length of the body")?;
        buffer_table(&mut cursor, limits, &mut buffers)?;

        let tables = cursor.offset();
        let known = pass_tables(&mut cursor, known)?;
        let body = cursor.offset();
        cursor.take(body_len)?;
        let body = body..cursor.offset();
        let before = cursor.clone();
        let pad = cursor.head(cbor::BYTES, "the padding")?;
        if !are_zeros(cursor.take(pad)?) {
            return Err(before.malformed("zeros as padding"));
        }
        let tail_start = cursor.clone();
        let tail_len = cursor.head(cbor::BYTES, "the tail")?;
        if pad != padding(before.offset(), tail_len) as u64 {
            return Err(before.malformed("the padding that the tail needs"));
        }
        let tail = match second {
            None => {
                let start = cursor.offset();
                cursor.take(tail_len)?;
                start..cursor.offset()
            }
            Some(second) if tail_len == second.len() as u64 => 0..second.len(),
            Some(_) => return Err(tail_start.malformed("a tail as long as announced")),
        };
        if !cursor.is_at_end() {
            return Err(cursor.malformed("the end of the header"));
        }
        Ok(Self { buffers, known, tables: tables..body.start, body, tail })
    }

    /// Whether a parser says the same of a header of one's own.
    pub(crate) fn is_of(&self, header: &Buffer<'_>) -> bool {
        let limits = Limits {
            header_bytes: u64::MAX,
            buffers: u64::MAX,
            message_bytes: u64::MAX,
            ..Limits::default()
        };
        let parts = |front: &Self| (front.tables.clone(), front.body.clone(), front.tail.clone());
        Self::parse(header, &limits)
            .is_ok_and(|parsed| parsed.buffers == self.buffers && parts(&parsed) == parts(self))
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
        let tables = self.first_of(header)?.get(self.tables.clone());
        Tables::parse(tables.unwrap_or_default(), self.tables.start)
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
            aligns.push(align(entry)?);
        }
        Ok(())
    }

    /// The dtype of a buffer.
    pub(crate) fn buffer_dtype(&self, header: &Buffer<'_>, index: usize) -> Result<Dtype> {
        let tables = self.parse_tables(header)?;
        let number = self.buffers.get(index).and_then(|entry| usize::try_from(entry.dtype).ok());
        let dtype = number.and_then(|number| tables.dtypes.get(number));
        Ok(dtype.ok_or_else(|| Error::new(ErrorKind::NotContiguous))?.dtype.clone())
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

/// Whether all bytes are zero; a whole block of them is compared at once.
fn are_zeros(bytes: &[u8]) -> bool {
    static ZEROS: [u8; 2 * TAIL_ALIGN] = [0; 2 * TAIL_ALIGN];
    bytes.chunks(ZEROS.len()).all(|block| ZEROS.starts_with(block))
}

/// How many zeros bring the tail to a multiple of [`TAIL_ALIGN`], given what stands before and
/// the length of the tail.
pub(crate) fn padding(before: usize, tail: u64) -> usize {
    if tail == 0 {
        return 0;
    }
    let up_to_multiple = |pad_head: usize| {
        let start = before + pad_head + cbor::head_len(tail);
        start.next_multiple_of(TAIL_ALIGN) - start
    };
    match (up_to_multiple(1), up_to_multiple(2)) {
        (pad @ 0..24, _) => pad,
        // Its head were shorter.
        (_, 23) => 23 + TAIL_ALIGN,
        (_, pad) => pad,
    }
}

fn buffer_table(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    buffers: &mut Vec<BufferEntry>,
) -> Result<()> {
    let count = cursor.count(cbor::ARRAY, "the buffer table")?;
    limit("number of buffers", limits.buffers, count as u64)?;
    buffers.reserve_exact(count);
    let mut total = 0_u64;
    for _ in 0..count {
        let start = cursor.clone();
        if cursor.head(cbor::ARRAY, "a pair of length and dtype")? != 2 {
            return Err(start.malformed("a pair of length and dtype"));
        }
        let len = cursor.head(cbor::UNSIGNED, "the length of a buffer")?;
        if len == 0 {
            return Err(start.malformed("a buffer of at least one byte"));
        }
        let dtype = cursor.head(cbor::UNSIGNED, "the dtype of a buffer")?;
        total = total.saturating_add(len);
        limit("length of the buffers", limits.message_bytes, total)?;
        buffers.push(BufferEntry { len, dtype });
    }
    Ok(())
}

/// Steps over the tables of dtypes and names; gives them if they are known.
fn pass_tables(
    cursor: &mut Cursor<'_>,
    known: Option<&mut KnownTables>,
) -> Result<Option<Arc<Tables>>> {
    let start = cursor.clone();
    let Some(known) = known else {
        skip_tables(cursor)?;
        return Ok(None);
    };
    if let Some((tables, len)) = known.find(start.rest()) {
        cursor.advance(len);
        return Ok(Some(tables));
    }
    skip_tables(cursor)?;
    Ok(known.remember(start.up_to(cursor), start.offset()))
}

/// Steps over the tables of dtypes and names without a stack: they nest.
fn skip_tables(cursor: &mut Cursor<'_>) -> Result<()> {
    let mut left = 2_usize;
    while left > 0 {
        left -= 1;
        match cursor.peek()? >> 5 {
            cbor::ARRAY => left = left.saturating_add(cursor.count(cbor::ARRAY, "a table")?),
            cbor::UNSIGNED => {
                cursor.head(cbor::UNSIGNED, "a number")?;
            }
            _ => {
                let len = cursor.head(cbor::TEXT, "a name or a dtype")?;
                cursor.take(len)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_always_reaches_a_multiple() {
        for before in 0..200 {
            assert_eq!(padding(before, 0), 0);
            for tail in [1, 23, 24, 255, 256, 65_536] {
                let pad = padding(before, tail);
                let start = before + cbor::head_len(pad as u64) + pad + cbor::head_len(tail);
                assert_eq!(start % TAIL_ALIGN, 0, "{before} {tail}");
                assert!(pad < TAIL_ALIGN + 26);
                let shorter = (0..pad)
                    .map(|pad| before + cbor::head_len(pad as u64) + pad + cbor::head_len(tail));
                assert!(shorter.into_iter().all(|start| start % TAIL_ALIGN != 0));
            }
        }
    }
}
