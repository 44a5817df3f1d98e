//! What compressing the buffers of a message gave.

use canning_core::Buffer;

use crate::{frame::FrameOptions, object::Object};

#[cfg(feature = "compression")]
mod packer;

/// The buffers of a message for which compression pays.
#[derive(Debug, Default)]
pub(super) struct Packed {
    /// By the number of the blob, each as it is on the wire; nothing where none is compressed.
    pub(super) blobs: Vec<Option<Buffer<'static>>>,
    /// Bytes of strided arrays that were gathered for it.
    pub(super) gathered: u64,
    /// Bytes of the buffers that are compressed, as they were before.
    pub(super) compressed: u64,
}

impl Packed {
    #[cfg(feature = "compression")]
    pub(super) fn of(objects: &[Object<'_>], options: FrameOptions) -> Self {
        use canning_core::CannedObject;

        let mut all = Self::default();
        if !options.compression {
            return all;
        }
        let mut packer = packer::Packer::new();
        for object in objects {
            all.blobs.push(None); // the header
            for buffer in object.buffers() {
                let packed = packer.pack(buffer);
                all.compressed += packed.as_ref().map_or(0, |_| buffer.len() as u64);
                all.blobs.push(packed.map(Into::into));
            }
        }
        all.gathered = packer.gathered;
        if all.compressed == 0 {
            // The frame is the same as without compression.
            all.blobs = Vec::new();
        }
        all
    }

    /// Nobody can ask for it.
    #[cfg(not(feature = "compression"))]
    pub(super) fn of(_objects: &[Object<'_>], _options: FrameOptions) -> Self {
        Self::default()
    }
}
