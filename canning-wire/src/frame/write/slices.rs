//! What is offered to the system in one write.

use std::{fmt, io::IoSlice, ops::Deref};

use canning_core::Buffer;
use smallvec::SmallVec;

/// The bytes to write next, as [`FrameWriter::slices`](crate::frame::FrameWriter::slices) gives
/// them: a list of slices.
#[derive(Default)]
pub struct Slices<'s> {
    slices: SmallVec<[IoSlice<'s>; FEW]>,
    bytes: usize,
    /// What is behind so many bytes is not offered yet.
    end: Option<usize>,
}

/// A message of a few buffers needs no allocation for the list.
const FEW: usize = 16;

/// The most slices that a system takes at once (`IOV_MAX` of Linux).
const MOST_SLICES: usize = 1024;

/// The slices that are offered after one look whether there is room: padding, a piece of a blob, its
/// checksum.
const OF_REGION: usize = 3;

/// Enough bytes for one write: what a socket does not take must be listed again the next time.
const ENOUGH_BYTES: usize = 1 << 20;

impl<'s> Slices<'s> {
    /// The length of all slices together.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn is_full(&self) -> bool {
        self.slices.len() + OF_REGION > MOST_SLICES
            || self.bytes >= ENOUGH_BYTES
            || self.end.is_some_and(|end| self.bytes >= end)
    }

    /// Offers so many more bytes at most.
    pub(super) fn end_after(&mut self, bytes: usize) {
        self.end = Some(self.bytes.saturating_add(bytes));
    }

    pub(crate) fn push(&mut self, slice: &'s [u8]) {
        let room = self.end.map_or(usize::MAX, |end| end.saturating_sub(self.bytes));
        let slice = slice.get(..room).unwrap_or(slice);
        if slice.is_empty() {
            return;
        }
        if self.slices.len() == FEW {
            self.slices.reserve_exact(MOST_SLICES - FEW);
        }
        self.slices.push(IoSlice::new(slice));
        self.bytes += slice.len();
    }

    /// Offers a buffer without its first `start` bytes; says whether that is all of it.
    pub(super) fn push_segments(&mut self, buffer: &'s Buffer<'s>, start: usize) -> bool {
        if let Some(bytes) = buffer.as_slice() {
            self.push(bytes.get(start..).unwrap_or_default());
            return true;
        }
        for segment in buffer.segments_from(start) {
            if self.is_full() {
                return false;
            }
            self.push(segment);
        }
        true
    }
}

impl<'s> Deref for Slices<'s> {
    type Target = [IoSlice<'s>];

    fn deref(&self) -> &[IoSlice<'s>] {
        &self.slices
    }
}

impl fmt::Debug for Slices<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slices")
            .field("count", &self.slices.len())
            .field("bytes", &self.bytes)
            .finish()
    }
}
