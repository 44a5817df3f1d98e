//! A whole frame, copied to memory at once.

use canning_core::{Buffer, ErrorKind as CoreKind, buffer::Allocation};

use super::{ALIGN, FrameWriter, block::is_gathered, padding};
use crate::{
    checksum::{self, PIECE},
    error::Result,
};

/// Where a block lies, so that everything in it is aligned: what a frame counts from.
const BLOCK_ALIGN: usize = 64;

impl FrameWriter<'_> {
    /// The length of a frame that is to be in memory.
    pub(crate) fn len_in_memory(&self) -> Result<usize> {
        let out_of_memory =
            || canning_core::Error::new(CoreKind::OutOfMemory { bytes: usize::MAX });
        Ok(usize::try_from(self.len).map_err(|_too_long| out_of_memory())?)
    }

    /// Appends the whole frame to bytes, with one copy of each byte.
    pub(crate) fn copy_to(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.extend_from_slice(&self.front);
        for blob in self.wire().blobs() {
            bytes.extend_from_slice(padding(bytes.len() - start));
            let blob_start = bytes.len();
            if is_gathered(blob) {
                bytes.resize(blob_start + blob.len(), 0);
                let target = bytes.get_mut(blob_start..).unwrap_or_default();
                blob.gather().map(|mut gather| gather.fill(target));
            } else {
                blob.segments().for_each(|segment| bytes.extend_from_slice(segment));
            }
            if self.sums.is_some() {
                let sum = checksum::of(bytes.get(blob_start..).unwrap_or_default());
                bytes.extend_from_slice(&sum.to_le_bytes());
            }
        }
    }

    /// Copies the frame to a block of its own, each byte once; strided arrays too.
    pub(crate) fn to_block(&self) -> Result<Allocation> {
        let mut block = Allocation::with_capacity(self.len_in_memory()?, BLOCK_ALIGN)?;
        block.extend_from_slice(&self.front)?;
        for blob in self.wire().blobs() {
            block.extend_from_slice(padding(block.len()))?;
            let sum = append(&mut block, blob, self.sums.is_some())?;
            if self.sums.is_some() {
                block.extend_from_slice(&sum.to_le_bytes())?;
            }
        }
        Ok(block)
    }

    /// Copies the frame, which has no checksums, to memory of exactly its length, each byte once;
    /// strided arrays too.
    pub(crate) fn copy_into(&self, memory: &mut [u8]) -> Result<()> {
        debug_assert!(self.sums.is_none());
        let mut end = self.front.len();
        memory.get_mut(..end).unwrap_or_default().copy_from_slice(&self.front);
        for blob in self.wire().blobs() {
            let start = end.next_multiple_of(ALIGN);
            // Memory of the caller's is not zero.
            memory.get_mut(end..start).unwrap_or_default().fill(0);
            end = start + blob.len();
            blob.copy_to(memory.get_mut(start..end).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Appends a blob; gives its checksum, if it is wanted.
fn append(block: &mut Allocation, blob: &Buffer<'_>, is_summed: bool) -> Result<u32> {
    let mut sum = 0;
    let mut add = |bytes: &[u8]| {
        if is_summed {
            sum = checksum::append(sum, bytes);
        }
    };
    let Some(mut gather) = blob.gather() else {
        let bytes = blob.as_slice().unwrap_or_default();
        // Without a sum there is no need for pieces.
        for piece in bytes.chunks(if is_summed { PIECE } else { usize::MAX }) {
            block.extend_from_slice(piece)?;
            add(piece);
        }
        return Ok(sum);
    };
    let end = block.len() + blob.len();
    while block.len() < end {
        let start = block.len();
        // So many bytes are zeroed, and stay in the cache until they are gathered into.
        block.grow(end.min(start.saturating_add(PIECE)))?;
        let piece = block.as_mut_slice().get_mut(start..).unwrap_or_default();
        gather.fill(piece);
        add(piece);
    }
    Ok(sum)
}
