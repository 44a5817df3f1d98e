//! A block on a stream: its length, and its bytes.

use std::io::{IoSlice, Read, Write};

/// Writes a block, in one call if the stream takes it.
pub(crate) fn write<W: Write>(block: &[u8], writer: &mut W) {
    let length = (block.len() as u64).to_le_bytes();
    write_all(&mut [IoSlice::new(&length), IoSlice::new(block)], writer);
}

/// Writes all slices.
pub(crate) fn write_all<W: Write>(mut slices: &mut [IoSlice<'_>], writer: &mut W) {
    while !slices.is_empty() {
        let written = writer.write_vectored(slices).unwrap();
        IoSlice::advance_slices(&mut slices, written);
    }
}

/// Reads a block into `received`, in one allocation that is not initialized before; none where
/// the stream ends.
pub(crate) fn read<R: Read>(reader: &mut R, received: &mut Vec<u8>) -> Option<()> {
    let mut length = [0; size_of::<u64>()];
    reader.read_exact(&mut length).ok()?;
    let length = u64::from_le_bytes(length);
    received.clear();
    received.reserve_exact(usize::try_from(length).unwrap());
    reader.take(length).read_to_end(received).ok()?;
    (received.len() as u64 == length).then_some(())
}
