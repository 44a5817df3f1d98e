//! The checksums of blobs, made while they are written.

use canning_core::Buffer;
use smallvec::SmallVec;

use super::{
    block::{Block, is_gathered},
    position::{Position, Rest},
    wire::Wire,
};
use crate::checksum::{self, PIECE};

/// The checksums of the blobs, each as it is on the wire, so far as they are summed up.
///
/// What is offered is summed up just before: a piece that the second-level cache holds while the
/// system copies it, so that memory is passed through once. Nothing behind it is offered.
#[derive(Debug)]
pub(super) struct Sums {
    sums: SmallVec<[[u8; 4]; FEW]>,
    /// The first byte that is not summed up.
    position: Position,
}

/// A message of so many blobs needs no allocation for their checksums.
const FEW: usize = 8;

impl Sums {
    pub(super) fn new() -> Self {
        Self { sums: SmallVec::new(), position: Position::start() }
    }

    /// The checksum of a blob.
    pub(super) fn of(&self, index: usize) -> &[u8] {
        self.sums.get(index).map_or(&[], <[u8; 4]>::as_slice)
    }

    /// Goes on to a piece behind `written`; gives the number of bytes to there.
    pub(super) fn go_on(
        &mut self,
        written: &Position,
        wire: &Wire<'_>,
        block: &mut Block,
    ) -> usize {
        let start = written.bytes_before();
        let end = start + PIECE as u64;
        while self.position.bytes_before() < end
            && let Some(rest) = self.position.rest(wire)
        {
            let len = match rest {
                Rest::Front(start) => wire.front.len() as u64 - start,
                Rest::Blob { pad, buffer, index, start: from, at, .. } => {
                    let room = end.saturating_sub(self.position.bytes_before() + pad);
                    let blob = Piece { buffer, at, from, most: room.max(1) };
                    let Some(len) = self.sum_up(index, &blob, start, block) else {
                        break;
                    };
                    let is_whole = from + len == buffer.len() as u64;
                    pad + len + if is_whole { wire.sum_len } else { 0 }
                }
            };
            self.position.advance(len, wire);
        }
        usize::try_from(self.position.bytes_before() - start).unwrap_or(usize::MAX)
    }

    /// Sums up a piece of a blob; gives its length. `None` where it must be gathered, and the
    /// block still has bytes from `written` on.
    fn sum_up(
        &mut self,
        index: usize,
        piece: &Piece<'_>,
        written: u64,
        block: &mut Block,
    ) -> Option<u64> {
        if self.sums.len() <= index {
            self.sums.resize(index + 1, [0; 4]);
        }
        let Piece { buffer, at, from, most } = *piece;
        let mut sum = u32::from_le_bytes(self.sums.get(index).copied().unwrap_or_default());
        let start = usize::try_from(from).unwrap_or(usize::MAX);
        let mut most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut len = 0;
        let mut add = |bytes: &[u8]| {
            sum = checksum::append(sum, bytes);
            len += bytes.len() as u64;
        };
        if is_gathered(buffer) {
            if block.holds_from(written) && !block.holds(at + from) {
                return None;
            }
            add(block.of(buffer, at, start));
        } else if start < buffer.len() {
            for segment in buffer.segments_from(start) {
                let segment = segment.get(..most).unwrap_or(segment);
                add(segment);
                most -= segment.len();
                if most == 0 {
                    break;
                }
            }
        }
        if let Some(place) = self.sums.get_mut(index) {
            *place = sum.to_le_bytes();
        }
        Some(len)
    }
}

/// A piece of a blob.
struct Piece<'s> {
    buffer: &'s Buffer<'s>,
    /// Where in the frame the blob starts.
    at: u64,
    /// Where in the blob the piece starts.
    from: u64,
    /// Bytes of the piece at most.
    most: u64,
}
