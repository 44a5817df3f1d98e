//! A whole frame, copied to memory at once.

use canning_core::{Result, buffer::Allocation};

use super::{ALIGN, FrameWriter, ZEROS, blobs};

impl FrameWriter<'_> {
    /// Appends the frame to a block that has room for it and is empty, each byte copied once;
    /// strided arrays too.
    pub(crate) fn append_to(&self, block: &mut Allocation) -> Result<()> {
        block.extend_from_slice(&self.front)?;
        for blob in self.message.objects().iter().flat_map(blobs) {
            let padding = block.len().next_multiple_of(ALIGN) - block.len();
            block.extend_from_slice(ZEROS.get(..padding).unwrap_or_default())?;
            let Some(mut gather) = blob.gather() else {
                block.extend_from_slice(blob.as_slice().unwrap_or_default())?;
                continue;
            };
            let end = block.len() + blob.len();
            while block.len() < end {
                let start = block.len();
                block.grow(end.min(start.saturating_add(PIECE)))?;
                gather.fill(block.as_mut_slice().get_mut(start..).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Copies the frame to memory of exactly its length, each byte once; strided arrays too.
    pub(crate) fn copy_into(&self, memory: &mut [u8]) -> Result<()> {
        let mut end = self.front.len();
        memory.get_mut(..end).unwrap_or_default().copy_from_slice(&self.front);
        for blob in self.message.objects().iter().flat_map(blobs) {
            let start = end.next_multiple_of(ALIGN);
            // Memory of the caller's is not zero.
            memory.get_mut(end..start).unwrap_or_default().fill(0);
            end = start + blob.len();
            blob.copy_to(memory.get_mut(start..end).unwrap_or_default())?;
        }
        Ok(())
    }
}

/// So many bytes are zeroed at once, which stay in the second-level cache until they are gathered
/// into.
const PIECE: usize = 256 << 10;
