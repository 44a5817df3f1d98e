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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_become_those_of_rust_where_they_fit() {
        let bytes = |value: i128| value.to_le_bytes();
        assert_eq!(BigInt(&bytes(i128::MIN)).to_i128(), Some(i128::MIN));
        assert_eq!(BigInt(&bytes(i128::MIN)).to_u128(), None);
        assert_eq!(BigInt(&bytes(1 << 100)[..13]).to_u128(), Some(1 << 100));
        assert_eq!(BigInt(&bytes(-1)[..9]).to_i128(), Some(-1));
        let above = [&u128::MAX.to_le_bytes()[..], &[0]].concat();
        assert_eq!((BigInt(&above).to_i128(), BigInt(&above).to_u128()), (None, Some(u128::MAX)));
        let below = [&[0; 16][..], &[0xff]].concat();
        assert_eq!((BigInt(&below).to_i128(), BigInt(&below).to_u128()), (None, None));
        assert!(BigInt(&below).is_negative());
        assert_eq!(format!("{:?}", BigInt(&below)), "BigInt(17 bytes)");
    }

    #[cfg(feature = "num-bigint")]
    #[test]
    fn integers_of_any_size_are_written_in_decimal() {
        let value = BigInt(&[0, 0, 0, 0, 0, 0, 0, 0, 0xff]);
        assert_eq!(value.to_big_int().to_string(), "-18446744073709551616");
    }
}
