//! The first 64 bytes of either side.

use super::error::Error;

pub(super) const LEN: usize = 64;

/// The greeting of a client without security: version 3.1, mechanism `NULL`.
pub(super) const OURS: [u8; LEN] = {
    let mut greeting = [0; LEN];
    greeting[0] = 0xff;
    greeting[8] = 1;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[11] = 1;
    greeting[12] = b'N';
    greeting[13] = b'U';
    greeting[14] = b'L';
    greeting[15] = b'L';
    greeting
};

/// Checks as much of a greeting as is there; gives the minor version when that is all of it.
///
/// What is wrong is told by the first bytes that are: who speaks another protocol waits for an
/// answer, rather than say all 64.
pub(super) fn check(bytes: &[u8]) -> Result<Option<u8>, Error> {
    let at = |index: usize| bytes.get(index).copied();
    if at(0).is_some_and(|first| first != 0xff) || at(9).is_some_and(|last| last != 0x7f) {
        return Err(Error::NotZmtp);
    }
    if let Some(major) = at(10).filter(|major| *major < 3) {
        return Err(Error::Version(major));
    }
    let Some(mechanism) = bytes.get(12..32) else { return Ok(None) };
    let end = mechanism.iter().position(|byte| *byte == 0).unwrap_or(mechanism.len());
    let (name, padding) = mechanism.split_at(end);
    if name != b"NULL" || padding.iter().any(|byte| *byte != 0) {
        return Err(Error::Mechanism(name.escape_ascii().to_string()));
    }
    let Some(minor) = at(11).filter(|_| bytes.len() >= LEN) else { return Ok(None) };
    // A later major version speaks ours as well.
    Ok(Some(if at(10) == Some(3) { minor } else { u8::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_is_right_so_far() {
        for len in 0..LEN {
            assert_eq!(check(&OURS[..len]).unwrap(), None, "{len}");
        }
        assert_eq!(check(&OURS).unwrap(), Some(1));
    }

    #[test]
    fn other_protocols_are_noticed_at_once() {
        assert!(matches!(check(b"H"), Err(Error::NotZmtp)));
        // Version 1 begins with the length of an identity.
        assert!(matches!(check(&[1, 0]), Err(Error::NotZmtp)));
        let mut old = OURS;
        old[10] = 1;
        assert!(matches!(check(&old[..11]), Err(Error::Version(1))));
        let mut secured = OURS;
        secured[12..17].copy_from_slice(b"CURVE");
        let error = check(&secured[..32]).unwrap_err();
        assert!(matches!(&error, Error::Mechanism(name) if name == "CURVE"), "{error}");
        secured[12..20].copy_from_slice(b"NULL\0\0\0x");
        assert!(matches!(check(&secured), Err(Error::Mechanism(_))));
    }
}
