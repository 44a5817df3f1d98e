//! Integers beyond 64 bits, and those that do not fit.

use canning_core::{
    Error, ErrorKind, Result,
    visitor::{Kind, Uncanner},
};

use super::Decoder;
use crate::header::cbor;

impl Decoder<'_, '_, '_> {
    /// Reads the digits of a big integer: as few bytes as hold it, more than eight; of a
    /// negative one no more than an `i128` takes.
    pub(super) fn big(&mut self, tag: u8) -> Result<u128> {
        let start = self.cursor.clone();
        self.cursor.advance(1);
        let len = self.cursor.head(cbor::BYTES, "the bytes of an integer")?;
        let digits = self.cursor.take(len)?;
        let is_possible = match digits {
            [0, ..] => false,
            [0x80..=0xff, ..] if tag == cbor::BIG_NEGATIVE => (9..16).contains(&digits.len()),
            _ => (9..=16).contains(&digits.len()),
        };
        if !is_possible {
            return Err(start.malformed("an integer of 65 to 128 bits"));
        }
        Ok(digits.iter().fold(0, |value, digit| value << 8 | u128::from(*digit)))
    }

    pub(super) fn wide_integer(&mut self) -> Result<i128> {
        let (first, magnitude) = self.any_integer()?;
        let is_negative = first == cbor::BIG_NEGATIVE || first >> 5 == cbor::NEGATIVE;
        match i128::try_from(magnitude) {
            Ok(value) if is_negative => Ok(!value),
            Ok(value) => Ok(value),
            Err(_) => Err(Self::out_of_range("i128", i128::MAX)),
        }
    }

    pub(super) fn skip_integer(&mut self) -> Result<()> {
        self.any_integer().map(|_skipped| ())
    }

    /// Reads an integer of any width: its first byte, and the magnitude.
    fn any_integer(&mut self) -> Result<(u8, u128)> {
        let first = self.cursor.peek()?;
        let magnitude = match first {
            cbor::BIG_UNSIGNED | cbor::BIG_NEGATIVE => self.big(first)?,
            _ if first >> 5 <= cbor::NEGATIVE => {
                u128::from(self.cursor.head(first >> 5, "an integer")?)
            }
            _ => return Err(self.unexpected(Kind::Integer)),
        };
        Ok((first, magnitude))
    }

    #[cold]
    pub(super) fn out_of_range(expected: &'static str, found: i128) -> Error {
        Error::new(ErrorKind::IntegerRange { expected, found })
    }

    /// Reads a number that does not fit the 64 bits that were asked for, to say so.
    #[cold]
    pub(super) fn wrong_integer(&mut self, expected: &'static str) -> Error {
        match self.peek() {
            Ok(Kind::Integer) => match self.i128() {
                Ok(found) => Self::out_of_range(expected, found),
                Err(error) => error,
            },
            Ok(Kind::BigInteger) => Self::out_of_range(expected, i128::MAX),
            Ok(found) => Error::new(ErrorKind::Kind { expected: Kind::Integer, found }),
            Err(error) => error,
        }
    }
}
