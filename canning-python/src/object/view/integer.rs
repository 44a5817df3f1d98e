//! Integers of any size.

use std::fmt;

/// An integer that does not fit 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BigInt<'o>(pub(crate) &'o [u8]);

impl<'o> BigInt<'o> {
    /// Its bytes in two's complement, the lowest first; as few as it needs.
    pub fn as_bytes(self) -> &'o [u8] {
        self.0
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.last().is_some_and(|last| last & 0x80 != 0)
    }

    /// The integer, if it fits.
    pub fn to_i128(self) -> Option<i128> {
        let mut bytes = [if self.is_negative() { 0xff } else { 0 }; 16];
        bytes.get_mut(..self.0.len())?.copy_from_slice(self.0);
        Some(i128::from_le_bytes(bytes))
    }

    /// The integer, if it fits.
    pub fn to_u128(self) -> Option<u128> {
        match self.0 {
            [low @ .., 0] if low.len() == 16 => {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(low);
                Some(u128::from_le_bytes(bytes))
            }
            _ => self.to_i128().and_then(|value| u128::try_from(value).ok()),
        }
    }

    /// The integer, whatever its size. To write it in decimal takes time in proportion to the square
    /// of its length.
    #[cfg(feature = "num-bigint")]
    pub fn to_big_int(self) -> num_bigint::BigInt {
        num_bigint::BigInt::from_signed_bytes_le(self.0)
    }
}

/// Its length, and its value if it fits 128 bits.
impl fmt::Debug for BigInt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BigInt({} bytes", self.0.len())?;
        match self.to_i128() {
            Some(value) => write!(f, ", {value})"),
            None => f.write_str(")"),
        }
    }
}
