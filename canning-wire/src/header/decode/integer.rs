//! Integers beyond 64 bits, and those that do not fit.

use canning_core::{
    Error, ErrorKind, Result,
    visitor::{Kind, Uncanner},
};

use super::Decoder;
use crate::header::cbor;

impl Decoder<'_, '_> {
    pub(super) fn big(&mut self) -> Result<u128> {
        let start = self.cursor.clone();
        self.cursor.advance(1);
        let len = self.cursor.head(cbor::BYTES, "the bytes of an integer")?;
        let digits = self.cursor.take(len)?;
        if !(9..=16).contains(&digits.len()) || digits.first() == Some(&0) {
            return Err(start.malformed("an integer of 65 to 128 bits"));
        }
        Ok(digits
            .iter()
            .fold(0, |value, digit| value << 8 | u128::from(*digit)))
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
            Ok(found) => Error::new(ErrorKind::Kind {
                expected: Kind::Integer,
                found,
            }),
            Err(error) => error,
        }
    }
}
