//! Where in a frame its writer is.

use canning_core::Buffer;

use super::wire::{Blob, Wire};
use crate::frame::prelude::ALIGN;

/// The first byte that is not written, by number instead of by reference, so that a writer can
/// own its message.
///
/// A frame is regions: the front, then each blob with the padding before it and the checksum
/// behind it. The position is never at the end of a region, unless at the end of the frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// Where in the frame the region starts.
    start: u64,
    /// Bytes of the region that are written.
    offset: u64,
    /// The region; `None` for the front.
    blob: Option<Blob>,
}

/// What is left of a region.
pub(super) enum Rest<'s> {
    /// Of the front, from this byte on.
    Front(u64),
    Blob {
        /// Bytes of padding.
        pad: u64,
        buffer: &'s Buffer<'s>,
        /// The number of the blob.
        index: usize,
        /// Bytes of the buffer that are written.
        start: u64,
        /// Bytes of the checksum that are written.
        sum_start: u64,
        /// Where in the frame the buffer starts.
        at: u64,
    },
}

impl Position {
    pub(super) fn start() -> Self {
        Self { start: 0, offset: 0, blob: None }
    }

    /// Bytes of the frame before it.
    pub(super) fn bytes_before(&self) -> u64 {
        self.start + self.offset
    }

    /// The number of objects before it.
    pub(super) fn objects_before(&self) -> usize {
        self.blob.map_or(0, Blob::object)
    }

    /// What is left of its region; `None` at the end.
    pub(super) fn rest<'s>(&self, wire: &Wire<'s>) -> Option<Rest<'s>> {
        let Some(blob) = self.blob else {
            return Some(Rest::Front(self.offset));
        };
        let buffer = wire.blob(blob)?;
        let (pad, len) = (self.pad(), buffer.len() as u64);
        let start = self.offset.saturating_sub(pad);
        Some(Rest::Blob {
            pad: pad.saturating_sub(self.offset),
            buffer,
            index: blob.index,
            start: start.min(len),
            sum_start: start.saturating_sub(len),
            at: self.start + pad,
        })
    }

    /// Goes on by so many bytes, and out of all regions that end there.
    pub(super) fn advance(&mut self, by: u64, wire: &Wire<'_>) {
        self.offset += by;
        while let Some(len) = self.region_len(wire)
            && self.offset >= len
        {
            self.offset -= len;
            self.enter_next(len, wire);
        }
    }

    /// Goes to the start of the next region.
    pub(super) fn skip_region(&mut self, wire: &Wire<'_>) {
        let len = self.region_len(wire).unwrap_or_default();
        self.offset = 0;
        self.enter_next(len, wire);
    }

    fn enter_next(&mut self, len: u64, wire: &Wire<'_>) {
        self.start += len;
        self.blob = Some(self.blob.map_or(Blob::FIRST, |blob| wire.next(blob)));
    }

    fn region_len(&self, wire: &Wire<'_>) -> Option<u64> {
        match self.blob {
            None => Some(wire.front.len() as u64),
            Some(blob) => Some(self.pad() + wire.blob(blob)?.len() as u64 + wire.sum_len),
        }
    }

    fn pad(&self) -> u64 {
        self.start.next_multiple_of(ALIGN as u64) - self.start
    }
}
