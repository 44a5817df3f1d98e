//! The first bytes of a frame.

use crate::{
    checksum,
    error::{Error, ErrorKind, Result},
    frame::FrameOptions,
    limits::Limits,
};

/// `0x89 "CAN"`: the first byte is no text, and loses its top bit in 7-bit channels.
const MAGIC: [u8; 4] = [0x89, b'C', b'A', b'N'];

/// The version of the frame.
pub(crate) const VERSION: u8 = 1;

/// The largest alignment that a frame may ask for, as a power of two.
const MAX_ALIGN_LOG2: u8 = 16;

/// Each blob that is written starts at a multiple of this, so that a frame can also be mapped.
pub(crate) const ALIGN: usize = 64;

/// Bytes of the prelude; the lengths of the headers follow it.
pub(crate) const LEN: usize = 32;

/// Bytes of a checksum.
pub(crate) const SUM: usize = 4;

/// The critical flag of frames with checksums.
const INTEGRITY: u32 = 1 << 0;

/// The critical flag of frames with compressed buffers.
const COMPRESSION: u32 = 1 << 1;

/// The fixed part of a frame, all numbers little-endian:
///
/// ```text
///  0  magic, 4 bytes          16  number of objects, u64
///  4  version, u8             24  length of the frame, u64
///  5  alignment, log2, u8     32  length of each header, u64 each
///  6  zero, u16
///  8  critical flags, u32
/// 12  other flags, u32
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prelude {
    /// Each blob starts at a multiple of it from the start of the frame.
    pub(crate) align: u64,
    /// The number of objects.
    pub(crate) objects: u64,
    /// The length of the frame in bytes, this prelude included.
    pub(crate) len: u64,
    /// Whether a checksum follows the table, and each blob.
    pub(crate) has_sums: bool,
    /// Whether buffers may be compressed, and the table says their lengths on the wire.
    pub(crate) is_packed: bool,
}

impl Prelude {
    pub(crate) fn encode(&self) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        let align_log2 = u8::try_from(self.align.trailing_zeros()).unwrap_or(MAX_ALIGN_LOG2);
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = VERSION;
        bytes[5] = align_log2;
        let flag = |is_set, flag| if is_set { flag } else { 0 };
        let flags = flag(self.has_sums, INTEGRITY) | flag(self.is_packed, COMPRESSION);
        bytes[8..12].copy_from_slice(&flags.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.objects.to_le_bytes());
        bytes[24..].copy_from_slice(&self.len.to_le_bytes());
        bytes
    }

    pub(crate) fn parse(bytes: &[u8; LEN], limits: &Limits) -> Result<Self> {
        let [_, _, _, _, version, align_log2, z0, z1, f0, f1, f2, f3, _, _, _, _, numbers @ ..] =
            *bytes;
        let fail = |kind| Err(Error::new(kind, 0));
        check_magic(bytes)?;
        if version != VERSION {
            return fail(ErrorKind::Version { found: version });
        }
        let flags = u32::from_le_bytes([f0, f1, f2, f3]);
        let (has_sums, is_packed) = (flags & INTEGRITY != 0, flags & COMPRESSION != 0);
        match flags & !(INTEGRITY | COMPRESSION) {
            0 => {}
            unknown => return fail(ErrorKind::Flags { unknown }),
        }
        for (is_set, is_known, feature) in [
            (has_sums, cfg!(feature = "integrity"), "integrity"),
            (is_packed, cfg!(feature = "compression"), "compression"),
        ] {
            if is_set && !is_known {
                return fail(ErrorKind::Feature { feature });
            }
        }
        if [z0, z1] != [0, 0] {
            return fail(ErrorKind::Frame("reserved bytes are not zero"));
        }
        if align_log2 > MAX_ALIGN_LOG2 {
            return fail(ErrorKind::Frame("the alignment is above 65,536"));
        }
        let (numbers, _) = numbers.as_chunks::<8>();
        let [objects, len] = numbers else { unreachable!("16 bytes are two numbers") };
        let (objects, len) = (u64::from_le_bytes(*objects), u64::from_le_bytes(*len));
        limit("number of objects", limits.objects, objects)?;
        limit("length of the message", limits.message_bytes, len)?;
        let prelude = Self { align: 1 << align_log2, objects, len, has_sums, is_packed };
        let end = prelude.table_len().checked_add(LEN as u64 + prelude.sum_len());
        if end.is_none_or(|end| end > len) {
            return fail(ErrorKind::Frame("shorter than its own table"));
        }
        Ok(prelude)
    }

    /// Bytes of the table of objects.
    pub(crate) fn table_len(&self) -> u64 {
        self.objects.saturating_mul(if self.is_packed { 16 } else { 8 })
    }

    /// Bytes of the checksum behind the tables, and behind each blob.
    pub(crate) fn sum_len(&self) -> u64 {
        if self.has_sums { SUM as u64 } else { 0 }
    }

    /// The zeros that stand before a blob, after `at` bytes of the frame.
    pub(super) fn padding(&self, at: u64) -> u64 {
        at.next_multiple_of(self.align) - at
    }

    /// Refuses a part that goes beyond the end of the frame; gives its length.
    pub(super) fn check_end(&self, at: u64, len: u64) -> Result<usize> {
        if at.checked_add(len).is_none_or(|end| end > self.len) {
            return Err(Error::new(ErrorKind::Frame("shorter than its objects"), 0));
        }
        in_memory(len)
    }

    /// Refuses a frame whose last object does not end it.
    pub(super) fn check_whole(&self, at: u64) -> Result<()> {
        if at != self.len {
            return Err(Error::new(ErrorKind::Frame("longer than its objects"), 0));
        }
        Ok(())
    }
}

/// A length in bytes that are to be in memory.
pub(super) fn in_memory(len: u64) -> Result<usize> {
    let too_long = || Error::new(ErrorKind::Frame("longer than the memory of this machine"), 0);
    usize::try_from(len).map_err(|_too_long| too_long())
}

/// Refuses what stands between blobs and is not zero.
pub(super) fn check_padding(bytes: &[u8]) -> Result<()> {
    if bytes.iter().any(|byte| *byte != 0) {
        return Err(Error::new(ErrorKind::Frame("padding is not zero"), 0));
    }
    Ok(())
}

/// What stands before the only header of a frame, of so many bytes, that has no buffers; and the
/// length of the frame.
pub(crate) fn front_of_only(header: usize, options: FrameOptions) -> ([u8; ALIGN], u64) {
    let (mut front, header) = ([0; ALIGN], header as u64);
    let (has_sums, align) = (options.integrity, ALIGN as u64);
    let mut prelude = Prelude { align, objects: 1, len: 0, has_sums, is_packed: false };
    prelude.len = align + header + prelude.sum_len();
    front[..LEN].copy_from_slice(&prelude.encode());
    front[LEN..TABLE_OF_ONE].copy_from_slice(&header.to_le_bytes());
    if has_sums {
        let sum = checksum::of(&front[..TABLE_OF_ONE]);
        front[TABLE_OF_ONE..TABLE_OF_ONE + SUM].copy_from_slice(&sum.to_le_bytes());
    }
    (front, prelude.len)
}

/// Where the table of one object ends.
const TABLE_OF_ONE: usize = LEN + 8;

/// Refuses bytes that do not start a frame, once there are four.
pub(crate) fn check_magic(bytes: &[u8]) -> Result<()> {
    match bytes.first_chunk() {
        Some(found) if *found != MAGIC => Err(Error::new(ErrorKind::Magic { found: *found }, 0)),
        _ => Ok(()),
    }
}

/// Refuses what exceeds a limit.
pub(crate) fn limit(what: &'static str, limit: u64, found: u64) -> Result<()> {
    if found > limit {
        return Err(Error::new(ErrorKind::Limit { what, limit, found }, 0));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Prelude =
        Prelude { align: 64, objects: 3, len: 1000, has_sums: false, is_packed: false };

    #[test]
    fn prelude_comes_back() {
        assert_eq!(Prelude::parse(&GOOD.encode(), &Limits::default()).unwrap(), GOOD);
    }

    #[test]
    fn each_wrong_byte_is_named() {
        let parse = |at: usize, byte: u8| {
            let mut bytes = GOOD.encode();
            bytes[at] = byte;
            Prelude::parse(&bytes, &Limits::default()).unwrap_err().to_string()
        };
        assert_eq!(parse(0, b'P'), "expected the start of a message, found [50, 43, 41, 4e]");
        assert_eq!(parse(4, 2), "unknown frame version 2");
        assert_eq!(parse(5, 17), "malformed frame: the alignment is above 65,536");
        assert_eq!(parse(6, 1), "malformed frame: reserved bytes are not zero");
        assert_eq!(parse(9, 1), "unknown critical frame flags 0x100");
        assert_eq!(parse(17, 1), "malformed frame: shorter than its own table");
        assert_eq!(
            parse(23, 1),
            "number of objects is 72057594037927939, above the limit of 65536"
        );
        assert_eq!(
            parse(31, 1),
            "length of the message is 72057594037928936, above the limit of 1099511627776"
        );
    }

    #[test]
    fn the_largest_alignment_and_the_shortest_frame_are_taken() {
        let largest = Prelude { align: 65_536, ..GOOD };
        assert_eq!(Prelude::parse(&largest.encode(), &Limits::default()).unwrap(), largest);
        // Three lengths, and the checksum of the table.
        let sums =
            [false, true].into_iter().filter(|is_set| !is_set || cfg!(feature = "integrity"));
        for has_sums in sums {
            let len = 32 + 3 * 8 + if has_sums { 4 } else { 0 };
            let shortest = Prelude { len, has_sums, ..GOOD };
            assert_eq!(Prelude::parse(&shortest.encode(), &Limits::default()).unwrap(), shortest);
            let shorter = Prelude { len: len - 1, ..shortest };
            let error = Prelude::parse(&shorter.encode(), &Limits::default()).unwrap_err();
            assert_eq!(error.to_string(), "malformed frame: shorter than its own table");
        }
    }

    #[test]
    fn other_flags_are_ignored() {
        let mut bytes = GOOD.encode();
        bytes[12] = 0xff;
        assert_eq!(Prelude::parse(&bytes, &Limits::default()).unwrap(), GOOD);
    }
}
