//! A record: what stands around a message in a file.

use crate::checksum;

/// Records, and the frames within them, start at multiples of this.
pub(super) const ALIGN: u64 = 64;

/// Bytes of a head.
pub(super) const HEAD: usize = 64;

/// Bytes of a mark.
pub(super) const MARK: usize = 16;

/// A record has no fewer bytes.
pub(super) const LEAST: u64 = 128;

/// A name has no more bytes.
pub(super) const LONGEST_NAME: usize = u16::MAX as usize;

/// `0x89 "REC"`.
const MAGIC: [u8; 4] = [0x89, b'R', b'E', b'C'];

/// The other flag that says that the mark has a checksum of the payload.
pub(super) const HAS_CHECKSUM: u32 = 1;

/// What a record holds; other kinds are passed over.
pub(super) const MESSAGE: u8 = 1;
pub(super) const INDEX: u8 = 2;

/// The head of a record, all numbers little-endian:
///
/// ```text
///  0  magic, 4 bytes               32  number of messages before it, u64
///  4  kind, u8                     40  length of the payload, u64
///  5  zero, u8                     48  where the index before it starts, u64
///  6  length of the name, u16      56  CRC-32C of the name, u32
///  8  critical flags, u32          60  CRC-32C of the 60 bytes before, u32
/// 12  other flags, u32
/// 16  identity of the file, u64
/// 24  where in the file it starts, u64
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: u8,
    pub(super) name_len: u16,
    pub(super) critical: u32,
    pub(super) other: u32,
    pub(super) identity: u64,
    pub(super) offset: u64,
    pub(super) number: u64,
    pub(super) len: u64,
    pub(super) index: u64,
    pub(super) name_checksum: u32,
}

impl Head {
    pub(super) fn encode(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = self.kind;
        bytes[6..8].copy_from_slice(&self.name_len.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.critical.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.other.to_le_bytes());
        let numbers = [self.identity, self.offset, self.number, self.len, self.index];
        let places = bytes[16..56].as_chunks_mut::<8>().0;
        places.iter_mut().zip(numbers).for_each(|(place, number)| *place = number.to_le_bytes());
        bytes[56..60].copy_from_slice(&self.name_checksum.to_le_bytes());
        let checksum = checksum::of(&bytes[..60]);
        bytes[60..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The head that stands at `offset` of the file with this identity, if it is one, and whole.
    pub(super) fn parse(bytes: &[u8; HEAD], identity: u64, offset: u64) -> Option<Self> {
        if bytes[..4] != MAGIC || number_of_4(bytes, 60) != checksum::of(&bytes[..60]) {
            return None;
        }
        let head = Self {
            kind: bytes[4],
            name_len: u16::from_le_bytes([bytes[6], bytes[7]]),
            critical: number_of_4(bytes, 8),
            other: number_of_4(bytes, 12),
            identity: number(bytes, 16),
            offset: number(bytes, 24),
            number: number(bytes, 32),
            len: number(bytes, 40),
            index: number(bytes, 48),
            name_checksum: number_of_4(bytes, 56),
        };
        // So that no other sum overflows.
        let is_short = head.len < 1 << 62 && offset < 1 << 62;
        (is_short && head.identity == identity && head.offset == offset).then_some(head)
    }

    pub(super) fn has_checksum(&self) -> bool {
        self.other & HAS_CHECKSUM != 0
    }

    /// Where the name starts.
    pub(super) fn name_at(&self) -> u64 {
        self.offset + HEAD as u64
    }

    /// Where the payload starts.
    pub(super) fn payload_at(&self) -> u64 {
        self.name_at() + u64::from(self.name_len).next_multiple_of(ALIGN)
    }

    /// Where the mark starts.
    pub(super) fn mark_at(&self) -> u64 {
        self.end() - MARK as u64
    }

    /// Where the record ends: the mark is its last bytes.
    pub(super) fn end(&self) -> u64 {
        (self.payload_at() + self.len + MARK as u64).next_multiple_of(ALIGN)
    }

    /// The mark: the length of the record, a checksum of the payload, and one of the first 60 bytes
    /// of the head and these. (With the head's own checksum, a CRC would not depend on the head.)
    pub(super) fn mark(&self, checksum: u32) -> [u8; MARK] {
        let mut mark = [0; MARK];
        mark[..8].copy_from_slice(&(self.end() - self.offset).to_le_bytes());
        mark[8..12].copy_from_slice(&checksum.to_le_bytes());
        let seal = checksum::append(number_of_4(&self.encode(), 60), &mark[..12]);
        mark[12..].copy_from_slice(&seal.to_le_bytes());
        mark
    }

    /// The checksum of the payload that a mark holds, if it is the mark of this record.
    pub(super) fn checksum_in(&self, mark: &[u8; MARK]) -> Option<u32> {
        let checksum = u32::from_le_bytes([mark[8], mark[9], mark[10], mark[11]]);
        (*mark == self.mark(checksum)).then_some(checksum)
    }
}

/// The length that a mark gives its record.
pub(super) fn len_in(mark: &[u8; MARK]) -> u64 {
    mark.first_chunk().map_or(0, |len| u64::from_le_bytes(*len))
}

/// A number of eight bytes within a head.
pub(super) fn number(bytes: &[u8; HEAD], at: usize) -> u64 {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A number of four bytes within a head.
pub(super) fn number_of_4(bytes: &[u8; HEAD], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Head = Head {
        kind: MESSAGE,
        name_len: 5,
        critical: 0,
        other: HAS_CHECKSUM,
        identity: 9,
        offset: 640,
        number: 3,
        len: 100,
        index: 64,
        name_checksum: 1,
    };

    #[test]
    fn head_and_mark_come_back() {
        assert_eq!(Head::parse(&GOOD.encode(), 9, 640), Some(GOOD));
        assert_eq!((GOOD.payload_at(), GOOD.end()), (768, 896));
        assert_eq!(GOOD.checksum_in(&GOOD.mark(77)), Some(77));
        assert_eq!(len_in(&GOOD.mark(77)), 256);
    }

    #[test]
    fn every_flipped_bit_is_refused_and_so_is_another_place() {
        for bit in 0..HEAD * 8 {
            let mut bytes = GOOD.encode();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::parse(&bytes, 9, 640), None, "{bit}");
        }
        for bit in 0..MARK * 8 {
            let mut mark = GOOD.mark(77);
            mark[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(GOOD.checksum_in(&mark), None, "{bit}");
        }
        assert_eq!(Head::parse(&GOOD.encode(), 8, 640), None);
        assert_eq!(Head::parse(&GOOD.encode(), 9, 704), None);
        assert_eq!(Head { number: 4, ..GOOD }.checksum_in(&GOOD.mark(77)), None);
    }

    #[test]
    fn lengths_that_overflow_are_refused() {
        let head = Head { len: u64::MAX, ..GOOD };
        assert_eq!(Head::parse(&head.encode(), 9, 640), None);
    }
}
