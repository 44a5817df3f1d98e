//! Finding the records of a file by going from one to the next.

use std::io;

use super::{
    index::Index,
    progress::{Task, Watcher},
    record::{self, ALIGN, HEAD, Head, LEAST},
    window::Window,
};
use crate::checksum;

/// The head at `at`, if there is one and its record is within `len` bytes.
pub(super) fn head_at(
    window: &mut Window,
    identity: u64,
    at: u64,
    len: u64,
) -> io::Result<Option<Head>> {
    let bytes = window.array::<HEAD>(at)?;
    let head = bytes.and_then(|bytes| Head::parse(bytes, identity, at));
    Ok(head.filter(|head| head.end() <= len))
}

/// The checksum in the mark of a record, if it has its mark.
pub(super) fn checksum_of(window: &mut Window, head: &Head) -> io::Result<Option<u32>> {
    let mark = window.array(head.mark_at())?;
    Ok(mark.and_then(|mark| head.checksum_in(mark)))
}

/// Adds the messages from the end of the index on, of a file of `len` bytes.
///
/// Where a record is damaged it looks for the next one that is whole, at each multiple of 64; the
/// number in its head says how many messages are lost in between.
pub(super) fn scan(
    window: &mut Window,
    identity: u64,
    len: u64,
    index: &mut Index,
    watcher: &mut Watcher,
) -> io::Result<()> {
    let mut at = index.end;
    while at.saturating_add(LEAST) <= len {
        watcher.tell(Task::Indexing, at, len);
        let head = head_at(window, identity, at, u64::MAX)?;
        match head.filter(|head| follows(head, index)) {
            // It is being written, or was when its writer was stopped: what stands behind it is of its
            // message, which may hold what looks like records.
            Some(head) if head.end() > len => break,
            Some(head) if checksum_of(window, &head)?.is_some() => {
                if at != index.end && is_whole_now(window, identity, len, index)? {
                    at = index.end;
                    continue;
                }
                take(window, &head, index)?;
                at = head.end();
                index.end = at;
            }
            _ => at += ALIGN,
        }
    }
    watcher.tell(Task::Indexing, len, len);
    Ok(())
}

/// Whether the record behind the last that was found is whole by now: its writer may have been
/// at it when it was looked for. Its mark is written before anything of the records behind it.
fn is_whole_now(window: &mut Window, identity: u64, len: u64, index: &Index) -> io::Result<bool> {
    window.clear();
    let head = head_at(window, identity, index.end, len)?.filter(|head| follows(head, index));
    head.map_or(Ok(false), |head| Ok(checksum_of(window, &head)?.is_some()))
}

/// Whether so many messages as its number says may stand between the index and a record.
fn follows(head: &Head, index: &Index) -> bool {
    let lost = head.number.checked_sub(index.len());
    lost.is_some_and(|lost| lost <= (head.offset - index.end) / LEAST)
}

fn take(window: &mut Window, head: &Head, index: &mut Index) -> io::Result<()> {
    index.lose_until(head.number)?;
    match head.kind {
        record::MESSAGE => match name_of(window, head)? {
            Some(name) => index.push(head.offset, name)?,
            None => index.push(0, "")?,
        },
        record::INDEX => index.last = head.offset,
        _ => {}
    }
    Ok(())
}

/// The name of a message, if it is the one that was written.
fn name_of<'w>(window: &'w mut Window, head: &Head) -> io::Result<Option<&'w str>> {
    if head.name_len == 0 {
        return Ok(Some(""));
    }
    let name = window.slice(head.name_at(), usize::from(head.name_len))?;
    if checksum::of(name) != head.name_checksum {
        return Ok(None);
    }
    Ok(std::str::from_utf8(name).ok())
}
