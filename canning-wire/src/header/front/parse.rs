//! Reading what stands around the body.

use std::sync::Arc;

use canning_core::{Buffer, ErrorKind, Result, buffer::room};

use super::{BufferEntry, CRITICAL_FLAGS, Front, START, VERSION, are_zeros, limit, padding, split};
use crate::{
    header::{
        cbor::{self, Cursor},
        tables::{Known, KnownTables},
    },
    limits::Limits,
};

impl Front {
    pub(crate) fn parse(header: &Buffer<'_>, limits: &Limits) -> Result<Self> {
        limit("header length", limits.header_bytes, header.len() as u64)?;
        Ok(Self::parse_parts(split(header)?, limits, None, Vec::new())?.0)
    }

    /// Parses one of many headers, which may have the same tables. `buffers` is an empty list to
    /// use again.
    pub(crate) fn parse_next(
        header: &Buffer<'_>,
        limits: &Limits,
        known: &mut KnownTables,
        buffers: Vec<BufferEntry>,
    ) -> Result<Self> {
        limit("header length", limits.header_bytes, header.len() as u64)?;
        let (mut front, tables) = Self::parse_parts(split(header)?, limits, Some(known), buffers)?;
        front.known =
            tables.and_then(|number| known.get(number)).map(|known| Arc::clone(&known.tables));
        Ok(front)
    }

    /// As [`parse_next`](Self::parse_next), of a header in one piece; gives its tables apart, as
    /// sharing them takes long.
    pub(crate) fn parse_slice<'k>(
        header: &[u8],
        limits: &Limits,
        known: &'k mut KnownTables,
    ) -> Result<(Self, Option<&'k mut Known>)> {
        limit("header length", limits.header_bytes, header.len() as u64)?;
        let (front, tables) = Self::parse_parts((header, None), limits, Some(known), Vec::new())?;
        Ok((front, tables.and_then(|number| known.get(number))))
    }

    /// Parses a header of one or two segments; gives the number of the tables, if they are known.
    fn parse_parts(
        (first, second): (&[u8], Option<&[u8]>),
        limits: &Limits,
        known: Option<&mut KnownTables>,
        mut buffers: Vec<BufferEntry>,
    ) -> Result<(Self, Option<usize>)> {
        let mut cursor = Cursor::new(first, 0);
        pass_start(&mut cursor)?;
        let body_len = cursor.head(cbor::UNSIGNED, "the length of the body")?;
        buffer_table(&mut cursor, limits, &mut buffers)?;

        let tables = cursor.offset();
        let number = pass_tables(&mut cursor, known)?;
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
        Ok((Self { buffers, known: None, tables: tables..body.start, body, tail }, number))
    }
}

/// Steps over tag, version and flags.
fn pass_start(cursor: &mut Cursor<'_>) -> Result<()> {
    if let Some(rest) = cursor.rest().strip_prefix(&START) {
        cursor.go_to(rest);
        return Ok(());
    }
    let start = cursor.clone();
    if cursor.array()? != cbor::SELF_DESCRIBED {
        return Err(start.malformed("the tag of self-described CBOR"));
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
    Ok(())
}

fn buffer_table(
    cursor: &mut Cursor<'_>,
    limits: &Limits,
    buffers: &mut Vec<BufferEntry>,
) -> Result<()> {
    let count = cursor.count(cbor::ARRAY, "the buffer table")?;
    limit("number of buffers", limits.buffers, count as u64)?;
    room::reserve_exact(buffers, count)?;
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

/// Steps over the tables of dtypes and names; gives their number if they are known.
fn pass_tables(cursor: &mut Cursor<'_>, known: Option<&mut KnownTables>) -> Result<Option<usize>> {
    let start = cursor.clone();
    let Some(known) = known else {
        skip_tables(cursor)?;
        return Ok(None);
    };
    if let Some((number, len)) = known.find(start.rest()) {
        cursor.advance(len);
        return Ok(Some(number));
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
