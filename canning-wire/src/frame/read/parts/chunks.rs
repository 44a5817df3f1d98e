//! A compressed buffer, one chunk after the other.

use super::{Parts, State};
use crate::{
    checksum,
    error::Result,
    frame::chunks::{self, CHUNK, HEAD, Head},
};

impl Parts<'_> {
    /// Makes place for the next chunk of a compressed buffer, or ends it.
    pub(super) fn next_chunk(&mut self) -> Result<()> {
        if self.landing.left() == 0 {
            return match self.wire_left {
                0 => self.end_blob(),
                _ => Err(chunks::too_long(self.part())),
            };
        }
        self.take_of_wire(HEAD)?;
        self.want_small(State::ChunkHead, HEAD as u64)
    }

    pub(super) fn take_chunk_head(&mut self) -> Result<()> {
        self.sum_scratch();
        let head = self.scratch.bytes().first_chunk();
        let head = *head.unwrap_or_else(|| unreachable!("the head was wanted whole"));
        let raw = self.chunk_len();
        let head = Head::parse(head, raw, self.part())?;
        self.take_of_wire(head.len)?;
        if head.is_stored {
            self.landing.stop_after(raw);
            self.state = State::StoredChunk;
            return Ok(());
        }
        // As much as any such chunk may take: that of the next message has another length.
        self.scratch.reserve(raw)?;
        self.want_small(State::Chunk, head.len as u64)
    }

    /// Unfolds a chunk to where it stays.
    pub(super) fn take_chunk(&mut self) -> Result<()> {
        self.sum_scratch();
        let (raw, part) = (self.chunk_len(), self.part());
        chunks::unfold(self.scratch.bytes(), self.landing.place(raw)?, part)?;
        self.landing.stop_after(raw);
        self.landing.fill(raw)?;
        self.next_chunk()
    }

    /// Bytes of the chunk that is next, as it is unfolded.
    fn chunk_len(&self) -> usize {
        self.landing.left().min(CHUNK)
    }

    /// Notes that a part of so many bytes belongs to the buffer.
    fn take_of_wire(&mut self, len: usize) -> Result<()> {
        let left = self.wire_left.checked_sub(len as u64);
        self.wire_left = left.ok_or_else(|| chunks::too_short(self.part()))?;
        Ok(())
    }

    fn sum_scratch(&mut self) {
        if self.prelude.has_sums {
            self.sum = checksum::append(self.sum, self.scratch.bytes());
        }
    }
}
