//! CRC-32C: what frames and files are checked by.

/// The checksum of bytes.
#[cfg(feature = "integrity")]
#[inline]
pub(crate) fn of(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(bytes)
}

/// The checksum of bytes that follow others, whose checksum is `before`; of none it is 0.
#[cfg(feature = "integrity")]
#[inline]
pub(crate) fn append(before: u32, bytes: &[u8]) -> u32 {
    use crc_fast::{CrcAlgorithm::Crc32Iscsi, Digest};
    if before == 0 {
        return of(bytes);
    }
    let mut digest = Digest::new_with_init_state(Crc32Iscsi, u64::from(!before));
    digest.update(bytes);
    u32::try_from(digest.finalize()).unwrap_or_else(|_| unreachable!("it has 32 bits"))
}

/// Frames with checksums are neither written nor read without the feature.
#[cfg(not(feature = "integrity"))]
pub(crate) fn append(_before: u32, _bytes: &[u8]) -> u32 {
    unreachable!("there are no checksums without the feature `integrity`")
}

#[cfg(not(feature = "integrity"))]
pub(crate) fn of(bytes: &[u8]) -> u32 {
    append(0, bytes)
}

/// So many bytes are summed up at once, just before or after they are copied or moved: they stay
/// in the second-level cache in between.
pub(crate) const PIECE: usize = 512 << 10;

#[cfg(all(test, feature = "integrity"))]
mod tests {
    use super::*;

    /// Bit by bit, as RFC 3720 has it.
    fn slow(bytes: &[u8]) -> u32 {
        let step = |sum: u32| if sum & 1 == 1 { sum >> 1 ^ 0x82f6_3b78 } else { sum >> 1 };
        !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
    }

    #[test]
    fn sums_are_those_of_the_standard_however_they_are_cut() {
        assert_eq!(of(b"123456789"), 0xe306_9283);
        assert_eq!(of(b""), 0);
        let bytes: Vec<u8> = (0..2000_u32).map(|at| (at * at).to_le_bytes()[1]).collect();
        for len in (0..bytes.len()).step_by(61) {
            let bytes = &bytes[..len];
            assert_eq!(of(bytes), slow(bytes), "{len}");
            for cut in (0..=len).step_by(97) {
                let (first, second) = bytes.split_at(cut);
                assert_eq!(append(of(first), second), slow(bytes), "{cut} of {len}");
            }
        }
    }
}
