//! Compressing a buffer before it is written.

use canning_core::Buffer;
use lz4_flex::block::{CompressTable, compress_into_with_table, get_maximum_output_size};

use crate::frame::chunks::{CHUNK, HEAD, Head};

/// Compresses one buffer after the other.
pub(super) struct Packer {
    table: CompressTable,
    /// A chunk of a strided array.
    block: Vec<u8>,
    /// A compressed chunk or sample.
    packed: Vec<u8>,
    /// Bytes that were copied through the block so far.
    pub(super) gathered: u64,
}

impl Packer {
    pub(super) fn new() -> Self {
        let table = CompressTable::large();
        Self { table, block: Vec::new(), packed: Vec::new(), gathered: 0 }
    }

    /// A buffer as it is on the wire; `None` where that does not pay.
    pub(super) fn pack(&mut self, buffer: &Buffer<'_>) -> Option<Vec<u8>> {
        let len = buffer.len();
        if len < LEAST || !self.seems_to_pay(buffer) {
            return None;
        }
        let mut wire = Vec::new();
        for start in (0..len).step_by(CHUNK) {
            let chunk = CHUNK.min(len - start);
            let (raw, packed) = self.pack_part(buffer, start, chunk);
            let is_stored = !pays(packed.len(), chunk);
            let bytes = if is_stored { raw } else { packed };
            wire.extend_from_slice(&Head { len: bytes.len(), is_stored }.encode());
            wire.extend_from_slice(bytes);
            if !pays(wire.len(), len) {
                return None;
            }
        }
        wire.shrink_to_fit();
        Some(wire)
    }

    /// Tries a long buffer at a few places, so that one that cannot be compressed costs little.
    fn seems_to_pay(&mut self, buffer: &Buffer<'_>) -> bool {
        let len = buffer.len();
        if len <= 4 * SAMPLE {
            return true;
        }
        let starts = [0, (len - SAMPLE) / 2, len - SAMPLE];
        let packed = starts.map(|start| self.pack_part(buffer, start, SAMPLE).1.len());
        pays(packed.iter().sum(), starts.len() * SAMPLE)
    }

    /// A part of a buffer, as it is, and compressed.
    fn pack_part<'s>(
        &'s mut self,
        buffer: &'s Buffer<'_>,
        start: usize,
        len: usize,
    ) -> (&'s [u8], &'s [u8]) {
        let raw = match buffer.gather_from(start) {
            None => buffer.as_slice().and_then(|bytes| bytes.get(start..start + len)),
            Some(mut gather) => {
                self.block.resize(CHUNK, 0);
                let block = self.block.get_mut(..len).unwrap_or_default();
                self.gathered += gather.fill(block) as u64;
                Some(&*block)
            }
        };
        let raw = raw.unwrap_or_default();
        self.packed.resize(get_maximum_output_size(CHUNK), 0);
        // It has room for the most that there can be.
        let packed = compress_into_with_table(raw, &mut self.packed, &mut self.table);
        (raw, self.packed.get(..packed.unwrap_or(usize::MAX)).unwrap_or(raw))
    }
}

/// What saves less than an eighth is not worth the time to unfold it.
fn pays(packed: usize, raw: usize) -> bool {
    packed + HEAD <= raw - raw / 8
}

/// Bytes of a place where a buffer is tried.
const SAMPLE: usize = 16 << 10;

/// Shorter buffers are not worth a look.
const LEAST: usize = 256;
