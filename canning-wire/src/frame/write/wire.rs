//! A frame by its parts, as they are on the wire.

use canning_core::{Buffer, CannedObject};
use smallvec::SmallVec;

use super::FRONT;
use crate::{
    checksum,
    frame::{
        FrameOptions,
        prelude::{self, ALIGN, Prelude},
    },
    object::Object,
};

/// The parts of a frame, as they are on the wire: a front, and blobs by number.
#[derive(Clone, Copy)]
pub(super) struct Wire<'s> {
    pub(super) front: &'s [u8],
    pub(super) objects: &'s [Object<'s>],
    /// The buffers that are compressed, by the number of the blob; or nothing.
    pub(super) packed: &'s [Option<Buffer<'static>>],
    /// Bytes of the checksum behind each blob.
    pub(super) sum_len: u64,
}

/// A blob of a message: the header of an object is number 0, its buffers follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blob {
    object: usize,
    number: usize,
    /// The number of the blob in the message.
    pub(super) index: usize,
}

impl Blob {
    pub(super) const FIRST: Self = Self { object: 0, number: 0, index: 0 };

    /// The number of its object.
    pub(super) fn object(self) -> usize {
        self.object
    }
}

impl<'s> Wire<'s> {
    /// What is on the wire of a blob; `None` behind the last.
    pub(super) fn blob(&self, blob: Blob) -> Option<&'s Buffer<'s>> {
        let object = self.objects.get(blob.object)?;
        if let Some(Some(packed)) = self.packed.get(blob.index) {
            return Some(packed);
        }
        match blob.number.checked_sub(1) {
            None => Some(object.header()),
            Some(number) => object.buffers().get(number),
        }
    }

    pub(super) fn next(&self, blob: Blob) -> Blob {
        let buffers = self.objects.get(blob.object).map_or(0, |object| object.buffers().len());
        let index = blob.index + 1;
        match blob.number < buffers {
            true => Blob { number: blob.number + 1, index, ..blob },
            false => Blob { object: blob.object + 1, number: 0, index },
        }
    }

    /// All blobs in their order.
    pub(super) fn blobs(self) -> impl Iterator<Item = &'s Buffer<'s>> {
        let mut next = Blob::FIRST;
        std::iter::from_fn(move || {
            let buffer = self.blob(next)?;
            next = self.next(next);
            Some(buffer)
        })
    }
}

/// Makes what stands before the first blob; gives it with the length of the frame.
pub(super) fn front(
    objects: &[Object<'_>],
    packed: &[Option<Buffer<'static>>],
    options: FrameOptions,
) -> (SmallVec<[u8; FRONT]>, u64) {
    let (has_sums, is_packed) = (options.integrity, !packed.is_empty());
    let count = objects.len() as u64;
    let mut prelude = Prelude { align: ALIGN as u64, objects: count, len: 0, has_sums, is_packed };
    let wire = Wire { front: &[], objects, packed, sum_len: prelude.sum_len() };
    let buffers: usize = objects.iter().map(|object| object.buffers().len()).sum();
    let lens = if is_packed { 8 * buffers as u64 } else { 0 };
    let start = prelude::LEN as u64 + prelude.table_len() + lens + prelude.sum_len();
    prelude.len = wire.blobs().fold(start, |end, blob| {
        end.next_multiple_of(ALIGN as u64) + blob.len() as u64 + wire.sum_len
    });
    let mut front = SmallVec::from_slice(&prelude.encode());
    for object in objects {
        front.extend_from_slice(&(object.header().len() as u64).to_le_bytes());
        if is_packed {
            front.extend_from_slice(&(object.buffers().len() as u64).to_le_bytes());
        }
    }
    if is_packed {
        let mut blob = Blob::FIRST;
        while let Some(buffer) = wire.blob(blob) {
            if blob.number > 0 {
                front.extend_from_slice(&(buffer.len() as u64).to_le_bytes());
            }
            blob = wire.next(blob);
        }
    }
    if has_sums {
        let sum = checksum::of(&front);
        front.extend_from_slice(&sum.to_le_bytes());
    }
    if !objects.is_empty() {
        front.extend_from_slice(super::padding(front.len()));
    }
    (front, prelude.len)
}
