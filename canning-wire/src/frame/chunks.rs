//! How the bytes of a compressed buffer stand on the wire.

use canning_core::buffer::Allocation;

use crate::{
    error::{Error, ErrorKind, Result},
    frame::Part,
};

/// A compressed buffer is a sequence of chunks, each of so many of its bytes, the last of what is
/// left: so that each is unfolded to where it stays as soon as it is there.
pub(super) const CHUNK: usize = 256 << 10;

/// Bytes of the head of a chunk.
pub(super) const HEAD: usize = 4;

/// A byte of LZ4 never stands for more: a match goes on by at most 255 for each byte.
const MOST_RATIO: u64 = 255;

/// What stands before a chunk: the number of its bytes on the wire, and in the highest bit
/// whether they are stored as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) len: usize,
    pub(super) is_stored: bool,
}

const STORED: u32 = 1 << 31;

impl Head {
    #[cfg(feature = "compression")]
    pub(super) fn encode(self) -> [u8; HEAD] {
        let len = u32::try_from(self.len).unwrap_or(STORED - 1);
        (len | if self.is_stored { STORED } else { 0 }).to_le_bytes()
    }

    /// Reads the head of a chunk of `raw` bytes, and refuses what cannot be one.
    pub(super) fn parse(bytes: [u8; HEAD], raw: usize, part: Part) -> Result<Self> {
        let head = u32::from_le_bytes(bytes);
        let (len, is_stored) = ((head & !STORED) as usize, head & STORED != 0);
        match is_stored {
            true if len != raw => Err(bad(part, "a stored chunk has another length")),
            false if len >= raw => Err(bad(part, "a chunk is no shorter than its bytes")),
            false => check_ratio(len as u64, raw as u64, part).map(|()| Self { len, is_stored }),
            true => Ok(Self { len, is_stored }),
        }
    }
}

/// Refuses `raw` bytes that so few cannot unfold to.
pub(super) fn check_ratio(packed: u64, raw: u64, part: Part) -> Result<()> {
    match raw > packed.saturating_mul(MOST_RATIO) {
        true => Err(bad(part, "so few bytes cannot unfold to as many")),
        false => Ok(()),
    }
}

/// Unfolds a chunk into memory of exactly its length.
#[cfg(feature = "compression")]
pub(super) fn unfold(packed: &[u8], target: &mut [u8], part: Part) -> Result<()> {
    match lz4_flex::block::decompress_into(packed, target) {
        Ok(len) if len == target.len() => Ok(()),
        Ok(_) => Err(bad(part, "a chunk unfolds to too few bytes")),
        Err(_) => Err(bad(part, "a chunk is no LZ4 block of its length")),
    }
}

#[cfg(not(feature = "compression"))]
pub(super) fn unfold(_packed: &[u8], _target: &mut [u8], _part: Part) -> Result<()> {
    unreachable!("compressed frames are refused without the feature `compression`")
}

/// Unfolds a whole buffer of `raw` bytes; reserves no more than `believed`, or twice what is
/// unfolded.
pub(super) fn unfold_all(
    mut packed: &[u8],
    raw: usize,
    align: usize,
    believed: usize,
    part: Part,
) -> Result<Allocation> {
    let mut unfolded = Allocation::with_capacity(raw.min(believed), align)?;
    while unfolded.len() < raw {
        let start = unfolded.len();
        let len = CHUNK.min(raw - start);
        let (head, rest) = packed.split_first_chunk().ok_or_else(|| too_short(part))?;
        let head = Head::parse(*head, len, part)?;
        let (chunk, rest) = rest.split_at_checked(head.len).ok_or_else(|| too_short(part))?;
        if start + len > unfolded.capacity() {
            let doubled = unfolded.capacity().saturating_mul(2);
            unfolded.reserve(doubled.max(start + len).min(raw))?;
        }
        if head.is_stored {
            unfolded.extend_from_slice(chunk)?;
        } else {
            unfolded.grow(start + len)?;
            let target = unfolded.as_mut_slice().get_mut(start..).unwrap_or_default();
            unfold(chunk, target, part)?;
        }
        packed = rest;
    }
    match packed {
        [] => Ok(unfolded),
        _ => Err(too_long(part)),
    }
}

/// What chunks give that do not fill their bytes on the wire.
pub(super) fn too_long(part: Part) -> Error {
    bad(part, "it ends before its bytes on the wire")
}

/// What chunks give that need more than their bytes on the wire.
pub(super) fn too_short(part: Part) -> Error {
    bad(part, "its bytes on the wire end within a chunk")
}

pub(super) fn bad(part: Part, why: &'static str) -> Error {
    Error::new(ErrorKind::Compression { part, why }, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_bytes_as_lz4_can_unfold_to_are_taken_and_no_more() {
        let part = Part::Buffer { object: 0, buffer: 0 };
        assert!(check_ratio(100, 25_500, part).is_ok());
        let error = check_ratio(100, 25_501, part).unwrap_err().to_string();
        assert!(error.ends_with("so few bytes cannot unfold to as many"), "{error}");
        assert!(check_ratio(u64::MAX, u64::MAX, part).is_ok());
    }

    #[test]
    fn heads_come_back_and_are_held_to_their_bytes() {
        let part = Part::Buffer { object: 0, buffer: 0 };
        let head = |len: u32, is_stored: bool| {
            let head = len | if is_stored { STORED } else { 0 };
            Head::parse(head.to_le_bytes(), 1000, part)
        };
        assert_eq!(head(1000, true).unwrap(), Head { len: 1000, is_stored: true });
        assert_eq!(head(999, false).unwrap(), Head { len: 999, is_stored: false });
        for (len, is_stored) in [(999, true), (1001, true), (1000, false), (1, false)] {
            assert!(head(len, is_stored).is_err(), "{len} {is_stored}");
        }
    }
}
