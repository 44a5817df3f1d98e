//! The first bytes of a parcel: a message of which some buffers stay in memory.

use super::error::ShmError;
use crate::{
    error::{Error, ErrorKind, Result},
    frame::limit,
    limits::Limits,
};

/// The fixed part of a parcel, all numbers little-endian; the descriptors come with its first byte:
///
/// ```text
///  0  magic, 4 bytes          16  number of objects, u64
///  4  version, u8             24  number of buffers of all objects, u64
///  5  descriptors, u8         32  length of all that follows, u64
///  6  kind, u8                40  length of each header, u64 each
///  7  zero, u8                    a place for each buffer, 16 bytes each
///  8  critical flags, u32         headers, and buffers that are not in memory
/// 12  other flags, u32
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parcel {
    pub(super) descriptors: u8,
    pub(super) kind: u8,
    pub(super) objects: u64,
    pub(super) buffers: u64,
    /// Bytes after these.
    pub(super) rest: u64,
}

impl Parcel {
    pub(super) fn encode(&self) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = VERSION;
        bytes[5] = self.descriptors;
        bytes[6] = self.kind;
        bytes[16..24].copy_from_slice(&self.objects.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.buffers.to_le_bytes());
        bytes[32..].copy_from_slice(&self.rest.to_le_bytes());
        bytes
    }

    pub(super) fn parse(bytes: &[u8; LEN], limits: &Limits) -> Result<Self> {
        let [
            m0,
            m1,
            m2,
            m3,
            version,
            descriptors,
            kind,
            zero,
            f0,
            f1,
            f2,
            f3,
            _,
            _,
            _,
            _,
            numbers @ ..,
        ] = *bytes;
        let fail = |kind| Err(Error::new(kind, 0));
        let found = [m0, m1, m2, m3];
        if found != MAGIC {
            return fail(ErrorKind::Magic { found });
        }
        if version != VERSION {
            return fail(ErrorKind::Version { found: version });
        }
        let unknown = u32::from_le_bytes([f0, f1, f2, f3]);
        if unknown != 0 {
            return fail(ErrorKind::Flags { unknown });
        }
        if zero != 0 {
            return fail(ErrorKind::Frame("reserved bytes are not zero"));
        }
        let (numbers, _) = numbers.as_chunks::<8>();
        let [objects, buffers, rest] = numbers else { unreachable!("24 bytes are three numbers") };
        let [objects, buffers, rest] = [objects, buffers, rest].map(|le| u64::from_le_bytes(*le));
        limit("number of objects", limits.objects, objects)?;
        limit("number of buffers", limits.buffers.saturating_mul(objects), buffers)?;
        limit("length of the message", limits.message_bytes, rest)?;
        let tables =
            buffers.checked_mul(PLACE).and_then(|len| len.checked_add(objects.checked_mul(8)?));
        if tables.is_none_or(|tables| tables > rest) {
            return fail(ErrorKind::Frame("shorter than its own table"));
        }
        Ok(Self { descriptors, kind, objects, buffers, rest })
    }

    /// Refuses what came in the place of something else.
    pub(super) fn check_kind(&self, kind: u8) -> Result<(), ShmError> {
        match self.kind == kind {
            true => Ok(()),
            false => Err(ShmError::Unexpected { found: self.kind }),
        }
    }
}

/// Where a buffer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BufferPlace {
    /// It follows on the socket.
    Follows,
    /// In the memory of a descriptor.
    In { descriptor: u32, offset: u64 },
}

impl BufferPlace {
    pub(super) fn encode(self) -> [u8; 16] {
        let (descriptor, offset) = match self {
            Self::Follows => (FOLLOWS, 0),
            Self::In { descriptor, offset } => (descriptor, offset),
        };
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&descriptor.to_le_bytes());
        bytes[8..].copy_from_slice(&offset.to_le_bytes());
        bytes
    }

    pub(super) fn parse(bytes: &[u8; 16]) -> Result<Self> {
        let [d0, d1, d2, d3, z0, z1, z2, z3, offset @ ..] = *bytes;
        let (descriptor, offset) =
            (u32::from_le_bytes([d0, d1, d2, d3]), u64::from_le_bytes(offset));
        match descriptor {
            _ if [z0, z1, z2, z3] != [0; 4] => {
                Err(Error::new(ErrorKind::Frame("reserved bytes are not zero"), 0))
            }
            FOLLOWS if offset != 0 => {
                Err(Error::new(ErrorKind::Frame("an offset without a descriptor"), 0))
            }
            FOLLOWS => Ok(Self::Follows),
            descriptor => Ok(Self::In { descriptor, offset }),
        }
    }
}

/// `0x89 "SHM"`.
const MAGIC: [u8; 4] = [0x89, b'S', b'H', b'M'];

const VERSION: u8 = 1;

/// Bytes of the fixed part.
pub(super) const LEN: usize = 40;

/// Bytes of a buffer's place.
pub(super) const PLACE: u64 = 16;

/// The kind of a parcel that is a message.
pub(super) const MESSAGE: u8 = 0;

/// The kind of a parcel that is a pool.
pub(super) const POOL: u8 = 1;

/// In the place of a descriptor: the buffer is on the socket.
const FOLLOWS: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Parcel =
        Parcel { descriptors: 2, kind: MESSAGE, objects: 3, buffers: 4, rest: 1000 };

    #[test]
    fn parcel_and_places_come_back() {
        assert_eq!(Parcel::parse(&GOOD.encode(), &Limits::default()).unwrap(), GOOD);
        for place in [BufferPlace::Follows, BufferPlace::In { descriptor: 1, offset: 1 << 40 }] {
            assert_eq!(BufferPlace::parse(&place.encode()).unwrap(), place);
        }
    }

    #[test]
    fn each_wrong_byte_is_named() {
        let parse = |at: usize, byte: u8| {
            let mut bytes = GOOD.encode();
            bytes[at] = byte;
            Parcel::parse(&bytes, &Limits::default()).unwrap_err().to_string()
        };
        assert_eq!(parse(1, b'C'), "expected the start of a message, found [89, 43, 48, 4d]");
        assert_eq!(parse(4, 2), "unknown frame version 2");
        assert_eq!(parse(7, 1), "malformed frame: reserved bytes are not zero");
        assert_eq!(parse(8, 1), "unknown critical frame flags 0x1");
        assert_eq!(parse(17, 0xff), "malformed frame: shorter than its own table");
        for (at, what) in [(23, "number of objects"), (31, "number of buffers"), (39, "length of")]
        {
            assert!(parse(at, 1).starts_with(what), "{at}");
        }
        let mut place = BufferPlace::Follows.encode();
        place[8] = 1;
        assert!(BufferPlace::parse(&place).is_err());
        place[4] = 1;
        assert!(BufferPlace::parse(&place).is_err());
    }
}
