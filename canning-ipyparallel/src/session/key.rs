//! Signatures: HMAC-SHA256, as lower-case hexadecimal digits.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The key that messages of a cluster are signed with. It is not printed.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha256>);

impl Key {
    pub(super) fn new(key: &[u8]) -> Self {
        // HMAC takes keys of any length.
        let mac = Hmac::new_from_slice(key);
        Self(mac.unwrap_or_else(|_| unreachable!("HMAC takes keys of any length")))
    }

    /// The signature of the parts, one after the other.
    pub(super) fn sign<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> String {
        let digest = self.over(parts).finalize().into_bytes();
        let mut text = String::with_capacity(2 * digest.len());
        for byte in digest {
            for digit in [byte >> 4, byte & 0xf] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
            }
        }
        text
    }

    /// Whether that is the signature of the parts. How long the answer takes does not tell how
    /// much of it is right.
    pub(super) fn verifies<'p>(
        &self,
        signature: &[u8],
        parts: impl IntoIterator<Item = &'p [u8]>,
    ) -> bool {
        let Some(signature) = digest(signature) else { return false };
        self.over(parts).verify_slice(&signature).is_ok()
    }

    fn over<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

/// Reads 64 lower-case hexadecimal digits.
fn digest(text: &[u8]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != digest.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in digest.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(digest)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231, test case 2.
    const TEXT: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
    const SIGNATURE: &[u8] = b"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn a_known_signature_is_written_and_verified() {
        let key = Key::new(b"Jefe");
        assert_eq!(key.sign(TEXT).as_bytes(), SIGNATURE);
        assert!(key.verifies(SIGNATURE, TEXT));
        assert!(!key.verifies(SIGNATURE, [TEXT[0]]));
        assert!(!Key::new(b"jefe").verifies(SIGNATURE, TEXT));
    }

    #[test]
    fn anything_but_64_lower_case_digits_is_no_signature() {
        let key = Key::new(b"Jefe");
        for i in 0..SIGNATURE.len() {
            assert!(!key.verifies(&SIGNATURE[..i], TEXT), "{i} digits");
            let mut changed = SIGNATURE.to_vec();
            changed[i] ^= 1;
            assert!(!key.verifies(&changed, TEXT), "digit {i}");
        }
        assert!(!key.verifies(&SIGNATURE.to_ascii_uppercase(), TEXT));
        assert!(!key.verifies(&[SIGNATURE, b"0"].concat(), TEXT));
        assert!(!key.verifies(&[SIGNATURE, b"00"].concat(), TEXT));
    }
}
