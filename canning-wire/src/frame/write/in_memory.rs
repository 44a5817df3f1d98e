//! A whole frame, copied to memory that is there.

use canning_core::Result;

use super::{ALIGN, FrameWriter, blobs};

impl FrameWriter<'_> {
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
