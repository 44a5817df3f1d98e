//! Where in a frame its writer is.

use canning_core::{Buffer, CannedObject};

use crate::{frame::prelude::ALIGN, object::Object};

/// The first byte that is not written, by number instead of by reference, so that a writer can
/// own its message.
///
/// A frame is regions: the front, then each blob with the padding before it. The position is never
/// at the end of a region, unless at the end of the frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// Where in the frame the region starts.
    start: u64,
    /// Bytes of the region that are written.
    offset: u64,
    /// The region; `None` for the front.
    blob: Option<Blob>,
}

/// A blob of a message: the header of an object is number 0, its buffers follow.
#[derive(Clone, Copy, Debug)]
struct Blob {
    object: usize,
    number: usize,
}

/// What is left of a region.
pub(super) enum Rest<'s> {
    /// Of the front, from this byte on.
    Front(u64),
    Blob {
        /// Bytes of padding.
        pad: u64,
        buffer: &'s Buffer<'s>,
        /// Bytes of the buffer that are written.
        start: u64,
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
        self.blob.map_or(0, |blob| blob.object)
    }

    /// What is left of its region; `None` at the end.
    pub(super) fn rest<'s>(&self, objects: &'s [Object<'_>]) -> Option<Rest<'s>> {
        let Some(blob) = self.blob else {
            return Some(Rest::Front(self.offset));
        };
        let buffer = blob.of(objects)?;
        let pad = self.pad();
        Some(Rest::Blob {
            pad: pad.saturating_sub(self.offset),
            buffer,
            start: self.offset.saturating_sub(pad),
            at: self.start + pad,
        })
    }

    /// Goes on by so many bytes, and out of all regions that end there.
    pub(super) fn advance(&mut self, by: u64, front: u64, objects: &[Object<'_>]) {
        self.offset += by;
        while let Some(len) = self.region_len(front, objects)
            && self.offset >= len
        {
            self.offset -= len;
            self.enter_next(len, objects);
        }
    }

    /// Goes to the start of the next region.
    pub(super) fn skip_region(&mut self, front: u64, objects: &[Object<'_>]) {
        let len = self.region_len(front, objects).unwrap_or_default();
        self.offset = 0;
        self.enter_next(len, objects);
    }

    fn enter_next(&mut self, len: u64, objects: &[Object<'_>]) {
        self.start += len;
        self.blob = Some(match self.blob {
            None => Blob { object: 0, number: 0 },
            Some(blob) => blob.next(objects),
        });
    }

    fn region_len(&self, front: u64, objects: &[Object<'_>]) -> Option<u64> {
        match self.blob {
            None => Some(front),
            Some(blob) => Some(self.pad() + blob.of(objects)?.len() as u64),
        }
    }

    fn pad(&self) -> u64 {
        self.start.next_multiple_of(ALIGN as u64) - self.start
    }
}

impl Blob {
    fn of<'s>(self, objects: &'s [Object<'_>]) -> Option<&'s Buffer<'s>> {
        let object = objects.get(self.object)?;
        match self.number.checked_sub(1) {
            None => Some(object.header()),
            Some(index) => object.buffers().get(index),
        }
    }

    fn next(self, objects: &[Object<'_>]) -> Self {
        let buffers = objects.get(self.object).map_or(0, |object| object.buffers().len());
        match self.number < buffers {
            true => Self { number: self.number + 1, ..self },
            false => Self { object: self.object + 1, number: 0 },
        }
    }
}
