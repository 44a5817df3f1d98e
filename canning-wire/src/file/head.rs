//! The first bytes of a file.

use std::hash::{BuildHasher, RandomState};

use super::{
    error::FileError,
    record::{ALIGN, HEAD, number, number_of_4},
};
use crate::{checksum, error::Result};

/// `0x89 "FIL"`: neither a frame's nor a hello's.
const MAGIC: [u8; 4] = [0x89, b'F', b'I', b'L'];

/// The version of the file.
const VERSION: u8 = 1;

/// The first record stands behind the head.
pub(super) const FIRST: u64 = ALIGN;

/// The head of a file: magic, version, critical and other flags, the file's identity at 16, and
/// a checksum at 60. The rest is zero.
pub(super) fn encode(identity: u64) -> [u8; HEAD] {
    let mut bytes = [0; HEAD];
    bytes[..4].copy_from_slice(&MAGIC);
    bytes[4] = VERSION;
    bytes[16..24].copy_from_slice(&identity.to_le_bytes());
    let checksum = checksum::of(&bytes[..60]);
    bytes[60..].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Gives the identity of a file, of its first bytes.
pub(super) fn parse(bytes: &[u8]) -> Result<u64> {
    let mut found = [0; 4];
    found.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    if found != MAGIC {
        return Err(FileError::Magic { found }.into());
    }
    let damaged = || FileError::Damaged { offset: 0 };
    let head: &[u8; HEAD] = bytes.first_chunk().ok_or_else(damaged)?;
    // A later version may have another checksum; its number stands where it is.
    if head[4] != VERSION && head[4] != 0 {
        return Err(FileError::Version { found: head[4] }.into());
    }
    if number_of_4(head, 60) != checksum::of(&head[..60]) {
        return Err(damaged().into());
    }
    match number_of_4(head, 8) {
        0 => Ok(number(head, 16)),
        unknown => Err(FileError::Flags { unknown }.into()),
    }
}

/// Whether a file of these bytes, and no others, is what a writer leaves that is stopped before its head is whole.
pub(super) fn is_unfinished(bytes: &[u8]) -> bool {
    let mut start = [0; HEAD];
    start.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    bytes.len() < HEAD && encode(number(&start, 16)).starts_with(bytes)
}

/// A number that other files do not have, and that nobody can guess who does not see this one: a
/// message cannot contain what would be taken for a record of its file.
pub(super) fn new_identity() -> u64 {
    // Keys that the system chose at random.
    RandomState::new().hash_one(MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_comes_back_and_differs() {
        assert_eq!(parse(&encode(7)).unwrap(), 7);
        assert_ne!(new_identity(), new_identity());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let good = encode(7);
        for bit in 0..HEAD * 8 {
            let mut bytes = good;
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(parse(&bytes).is_err(), "{bit}");
        }
        (0..HEAD).for_each(|len| assert!(parse(&good[..len]).is_err(), "{len}"));
    }

    #[test]
    fn every_start_of_a_head_is_unfinished_and_nothing_else_is() {
        let good = encode(u64::MAX / 3);
        for len in 0..HEAD {
            assert!(is_unfinished(&good[..len]), "{len}");
            for at in (0..len).filter(|at| !(16..24).contains(at) || len > 60) {
                let mut bytes = good;
                bytes[at] ^= 1;
                assert!(!is_unfinished(&bytes[..len]), "{at} of {len}");
            }
        }
        assert!(!is_unfinished(&good));
    }
}
