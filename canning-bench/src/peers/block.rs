//! A block on a stream: its length, and its bytes.

use std::io::{Read, Write};

pub(crate) fn write<W: Write>(block: &[u8], writer: &mut W) {
    writer.write_all(&(block.len() as u64).to_le_bytes()).unwrap();
    writer.write_all(block).unwrap();
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
