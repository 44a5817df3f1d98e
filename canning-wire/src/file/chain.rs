//! Reading the index records of a file, each of which says where the one before it is.

use std::io;

use super::{
    head::FIRST,
    index::{Entries, Index, MOST},
    record::{self, ALIGN, Head, LEAST, MARK, len_in},
    scan::{checksum_of, head_at},
    window::Window,
};
use crate::checksum;

/// The index that the last record of a file of `len` bytes leads to; an empty one where there is
/// none, or anything about it is not as it must be.
pub(super) fn load(window: &mut Window, identity: u64, len: u64) -> io::Result<Index> {
    let last = last_index(window, identity, len)?;
    load_from(window, identity, last, len)
}

/// As [`load`], from the last index record on.
pub(super) fn load_from(
    window: &mut Window,
    identity: u64,
    last: u64,
    len: u64,
) -> io::Result<Index> {
    let mut heads = Vec::new();
    let mut next = last;
    while next != 0 {
        // Each stands before the one that leads to it, so this ends.
        let before = heads.last().map_or(len, |head: &Head| head.offset);
        match index_at(window, identity, next, before)? {
            Some(head) => {
                next = head.index;
                heads.try_reserve(1)?;
                heads.push(head);
            }
            None => return Ok(Index::new()),
        }
    }
    let mut index = Index::new();
    for head in heads.iter().rev() {
        if !take(window, head, &mut index)? {
            return Ok(Index::new());
        }
    }
    // One that is not complete was to be followed by another.
    let is_complete = heads.first().is_none_or(|last| last.number == index.len());
    Ok(if is_complete { index } else { Index::new() })
}

/// Where the last index record starts, which the last record knows; 0 where there is none.
fn last_index(window: &mut Window, identity: u64, len: u64) -> io::Result<u64> {
    if len < FIRST + LEAST || !len.is_multiple_of(ALIGN) {
        return Ok(0);
    }
    let mark = window.array(len - MARK as u64)?.copied();
    let start = mark.and_then(|mark| len.checked_sub(len_in(&mark)));
    let Some(start) = start.filter(|start| *start >= FIRST && start.is_multiple_of(ALIGN)) else {
        return Ok(0);
    };
    let head = head_at(window, identity, start, len)?.filter(|head| head.end() == len);
    Ok(match head {
        Some(head) if checksum_of(window, &head)?.is_none() => 0,
        Some(head) if head.kind == record::INDEX => head.offset,
        Some(head) => head.index,
        None => 0,
    })
}

fn index_at(window: &mut Window, identity: u64, at: u64, before: u64) -> io::Result<Option<Head>> {
    if at < FIRST || !at.is_multiple_of(ALIGN) || at >= before {
        return Ok(None);
    }
    let head = head_at(window, identity, at, before)?;
    let is_index = |head: &Head| head.kind == record::INDEX && head.critical == 0;
    Ok(head.filter(|head| is_index(head) && head.len <= MOST && head.has_checksum()))
}

/// Adds the messages of an index record; says whether all is as it must be.
fn take(window: &mut Window, head: &Head, index: &mut Index) -> io::Result<bool> {
    let checksum = checksum_of(window, head)?;
    let len = usize::try_from(head.len).unwrap_or(usize::MAX);
    let payload = window.slice(head.payload_at(), len)?;
    let is_good = payload.len() == len
        && checksum == Some(checksum::of(payload))
        && Entries::decode(payload, head.offset, index)?;
    (index.end, index.last) = (head.end(), head.offset);
    Ok(is_good)
}
