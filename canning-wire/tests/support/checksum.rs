//! A second CRC-32C, bit by bit.

/// That of RFC 3720, of all pieces together.
pub fn crc32c(pieces: &[&[u8]]) -> u32 {
    let bit = |sum: u32| if sum & 1 == 1 { sum >> 1 ^ 0x82f6_3b78 } else { sum >> 1 };
    let byte = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), |sum, _| bit(sum));
    !pieces.iter().copied().flatten().fold(!0, byte)
}
