//! What stands behind the last whole record of a file.

use std::io;

use super::{
    head::FIRST,
    record::{self, ALIGN, HEAD, Head, LEAST, MARK, len_in},
    scan::{checksum_of, head_at},
    window::Window,
};

/// What stands behind the last whole record of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tail {
    /// Nothing.
    Nothing,
    /// The beginning of a record: a writer is at work, or was stopped.
    /// [`Writer::append`](super::Writer::append) cuts it off.
    Unfinished {
        /// Its length in bytes.
        bytes: u64,
    },
    /// Something else: a record that is damaged, or what looks like the beginning of one but holds
    /// whole ones of this file, which somebody may have found by an index. It is never cut off.
    Damaged {
        /// Its length in bytes.
        bytes: u64,
    },
}

/// Looks at what stands from `at` on, in a file of `len` bytes, where `number` messages are whole.
///
/// What a stopped writer leaves is less than a head, or a head and less than its record. A loss of
/// power may leave zeros as well, in place of whatever had not been synced: a mark, which is never
/// zero, was then not there. Anything else was whole once, and is damaged; or it is of a loss of
/// power after which later pages are there and earlier ones are not, which nothing tells apart.
///
/// Records that are whole are passed over: they came since somebody has looked.
///
/// What a stopped writer leaves is read once, for [`ends_whole`]; else only a part of it is.
pub(super) fn look(
    window: &mut Window,
    identity: u64,
    mut at: u64,
    mut number: u64,
    len: u64,
) -> io::Result<Tail> {
    while let Some(head) = head_at(window, identity, at, len)?.filter(|it| it.number == number)
        && checksum_of(window, &head)?.is_some()
    {
        at = head.end();
        number += u64::from(head.kind == record::MESSAGE);
    }
    let bytes = len.saturating_sub(at);
    if bytes == 0 {
        return Ok(Tail::Nothing);
    }
    let head = window.array::<HEAD>(at)?.and_then(|bytes| Head::parse(bytes, identity, at));
    let is_unfinished = match head {
        _ if bytes < ALIGN => true,
        Some(head) if head.number != number => false,
        Some(head) if head.end() > len => true,
        // The mark, and whatever follows, never came to the disk.
        Some(head) => is_zero(window, head.end() - MARK as u64, len)?,
        None => is_zero(window, at + ALIGN, len)?,
    };
    let is_unfinished = is_unfinished && !ends_whole(window, identity, at, len)?;
    Ok(if is_unfinished { Tail::Unfinished { bytes } } else { Tail::Damaged { bytes } })
}

/// Whether a whole record of this file ends behind `at`, wherever it starts.
///
/// A writer that was stopped leaves none. But whoever made the file may have put a head before
/// records that only an index leads to; or a message holds records, by someone who has seen the
/// file. Readers may have believed them, and a map may end with one.
///
/// They are looked for by their marks: one may start before `at`, within the last that was found.
fn ends_whole(window: &mut Window, identity: u64, mut at: u64, len: u64) -> io::Result<bool> {
    while at < len {
        let bytes =
            window.slice(at, usize::try_from(len - at).map_or(PIECE, |len| len.min(PIECE)))?;
        let blocks = bytes.as_chunks::<BLOCK>().0;
        if blocks.is_empty() {
            break;
        }
        let ends = (at + ALIGN..).step_by(BLOCK);
        at += (blocks.len() * BLOCK) as u64;
        // All of a piece before any head, which is elsewhere in the file.
        let marks: Vec<_> = blocks.iter().zip(ends).filter_map(ending).collect();
        for (start, end, mark) in marks {
            let head = head_at(window, identity, start, end)?.filter(|head| head.end() == end);
            if head.is_some_and(|head| head.checksum_in(&mark).is_some()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Where a record starts and ends, and its mark, if the end of a block may be one.
fn ending((block, end): (&[u8; BLOCK], u64)) -> Option<(u64, u64, [u8; MARK])> {
    let mark = block.last_chunk()?;
    let start = end.checked_sub(len_in(mark))?;
    let is_record = start >= FIRST && start.is_multiple_of(ALIGN) && end - start >= LEAST;
    is_record.then_some((start, end, *mark))
}

fn is_zero(window: &mut Window, mut at: u64, len: u64) -> io::Result<bool> {
    while at < len {
        let bytes =
            window.slice(at, usize::try_from(len - at).map_or(PIECE, |len| len.min(PIECE)))?;
        if bytes.is_empty() || bytes.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        at += bytes.len() as u64;
    }
    Ok(true)
}

/// Bytes between two places where a record may end.
const BLOCK: usize = 64;
const _: () = assert!(BLOCK as u64 == ALIGN);

/// Bytes that are looked at together.
const PIECE: usize = 64 << 10;
