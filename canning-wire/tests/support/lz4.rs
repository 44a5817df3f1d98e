//! A second reader of compressed buffers, written from the document and that of LZ4's blocks; and
//! blocks put together by hand.

use super::reader::Wrong;

/// The bytes of a chunk before they were compressed.
pub const CHUNK: usize = 256 << 10;

/// Unfolds a buffer of `len` bytes.
pub fn unfold(mut wire: &[u8], len: usize) -> Result<Vec<u8>, Wrong> {
    let mut out = Vec::new();
    while out.len() < len {
        let raw = CHUNK.min(len - out.len());
        let (head, rest) = wire.split_first_chunk().ok_or("the head of a chunk")?;
        let head = u32::from_le_bytes(*head);
        let (chunk, rest) =
            rest.split_at_checked((head & 0x7fff_ffff) as usize).ok_or("a chunk")?;
        let chunk = if head >> 31 == 1 { chunk.to_vec() } else { block(chunk)? };
        if chunk.len() != raw {
            return Err("a chunk of its length");
        }
        out.extend(chunk);
        wire = rest;
    }
    if wire.is_empty() { Ok(out) } else { Err("the end of the buffer") }
}

fn block(mut bytes: &[u8]) -> Result<Vec<u8>, Wrong> {
    fn length(nibble: u8, bytes: &mut &[u8]) -> Result<usize, Wrong> {
        let mut len = usize::from(nibble);
        let mut goes_on = nibble == 15;
        while goes_on {
            let (more, rest) = bytes.split_first().ok_or("a length")?;
            (len, *bytes) = (len + usize::from(*more), rest);
            goes_on = *more == 255;
        }
        Ok(len)
    }
    let mut out: Vec<u8> = Vec::new();
    while let Some((token, rest)) = bytes.split_first() {
        bytes = rest;
        let literals = length(token >> 4, &mut bytes)?;
        let (literals, rest) = bytes.split_at_checked(literals).ok_or("literals")?;
        out.extend(literals);
        bytes = rest;
        let Some((offset, rest)) = bytes.split_first_chunk() else { break };
        bytes = rest;
        let offset = usize::from(u16::from_le_bytes(*offset));
        for _ in 0..4 + length(token & 15, &mut bytes)? {
            let from = out.len().checked_sub(offset).filter(|_| offset > 0).ok_or("an offset")?;
            out.push(out[from]);
        }
    }
    Ok(out)
}

/// A block of LZ4 that is one byte, many times.
pub fn run(byte: u8, times: usize) -> Vec<u8> {
    let mut out = vec![0x1f, byte, 1, 0];
    // One literal, the match of at least 19, and five literals at the end.
    let mut more = times - 1 - 5 - 19;
    while more >= 255 {
        out.push(255);
        more -= 255;
    }
    out.push(more as u8);
    out.push(0x50);
    out.extend([byte; 5]);
    out
}

/// A compressed chunk.
pub fn packed(block: &[u8]) -> Vec<u8> {
    [&(block.len() as u32).to_le_bytes(), block].concat()
}

/// A chunk that is not compressed.
pub fn stored(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32 | 1 << 31).to_le_bytes(), bytes].concat()
}
