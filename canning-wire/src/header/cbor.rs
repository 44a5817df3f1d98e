//! Heads of CBOR items (RFC 8949, section 3): written shortest, and refused otherwise.

use canning_core::{Error, ErrorKind, Result, buffer::text as text_of};

/// The major types.
pub(crate) const UNSIGNED: u8 = 0;
pub(crate) const NEGATIVE: u8 = 1;
pub(crate) const BYTES: u8 = 2;
pub(crate) const TEXT: u8 = 3;
pub(crate) const ARRAY: u8 = 4;
pub(crate) const MAP: u8 = 5;

/// The initial bytes of text of no bytes, and of the first text whose length does not fit them.
const SHORT_TEXT: u8 = TEXT << 5;
const LONG_TEXT: u8 = SHORT_TEXT + 24;

/// Whole initial bytes.
pub(crate) const FALSE: u8 = 0xf4;
pub(crate) const TRUE: u8 = 0xf5;
pub(crate) const NULL: u8 = 0xf6;
pub(crate) const F32: u8 = 0xfa;
pub(crate) const F64: u8 = 0xfb;
/// Tags 2 and 3: integers beyond 64 bits.
pub(crate) const BIG_UNSIGNED: u8 = 0xc2;
pub(crate) const BIG_NEGATIVE: u8 = 0xc3;
/// Tag 55799: "what follows is CBOR".
pub(crate) const SELF_DESCRIBED: [u8; 3] = [0xd9, 0xd9, 0xf7];

/// Where bytes are appended to.
pub(crate) trait Bytes {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);

    /// Appends a byte.
    #[inline]
    fn put_one(&mut self, byte: u8) {
        self.put(&[byte]);
    }
}

impl Bytes for Vec<u8> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    #[inline(always)]
    fn put_one(&mut self, byte: u8) {
        self.push(byte);
    }
}

/// Appends the shortest head.
#[inline]
pub(crate) fn head(out: &mut impl Bytes, major: u8, argument: u64) {
    if argument < 24 {
        out.put_one(major << 5 | argument.to_le_bytes()[0]);
    } else {
        long_head(out, major, argument);
    }
}

#[inline(never)]
fn long_head(out: &mut impl Bytes, major: u8, argument: u64) {
    let [a, b, c, d, e, f, g, h] = argument.to_be_bytes();
    let major = major << 5;
    match argument {
        0..=0xff => out.put(&[major | 24, h]),
        0x100..=0xffff => out.put(&[major | 25, g, h]),
        0x1_0000..=0xffff_ffff => out.put(&[major | 26, e, f, g, h]),
        _ => out.put(&[major | 27, a, b, c, d, e, f, g, h]),
    }
}

/// The most bytes of a head.
pub(crate) const LONGEST_HEAD: usize = 9;

/// The length of the head that [`head`] writes.
pub(crate) fn head_len(argument: u64) -> usize {
    match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

/// Appends text.
#[inline(always)]
pub(crate) fn text(out: &mut impl Bytes, text: &str) {
    head(out, TEXT, text.len() as u64);
    out.put(text.as_bytes());
}

/// Reads heads and bytes, never beyond the end.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'b> {
    rest: &'b [u8],
    /// Where `rest` ends within the whole header.
    end: usize,
}

impl<'b> Cursor<'b> {
    /// Starts with bytes that lie at `base` within the whole header.
    pub(crate) fn new(bytes: &'b [u8], base: usize) -> Self {
        Self { rest: bytes, end: base + bytes.len() }
    }

    /// Where it is within the whole header.
    pub(crate) fn offset(&self) -> usize {
        self.end - self.rest.len()
    }

    #[inline]
    pub(crate) fn rest(&self) -> &'b [u8] {
        self.rest
    }

    /// The bytes from here to where `end` is.
    pub(crate) fn up_to(&self, end: &Self) -> &'b [u8] {
        let len = end.offset().saturating_sub(self.offset());
        self.rest.get(..len).unwrap_or_default()
    }

    /// Goes on to `rest`, which the caller has split off.
    #[inline]
    pub(crate) fn go_to(&mut self, rest: &'b [u8]) {
        self.rest = rest;
    }

    /// Goes on by as many bytes, which the caller has seen.
    #[inline]
    pub(crate) fn advance(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline]
    pub(crate) fn peek(&self) -> Result<u8> {
        match self.rest {
            [first, ..] => Ok(*first),
            [] => Err(self.malformed("more bytes")),
        }
    }

    #[inline]
    pub(crate) fn take(&mut self, len: u64) -> Result<&'b [u8]> {
        let parts = usize::try_from(len).ok().and_then(|len| self.rest.split_at_checked(len));
        match parts {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.malformed("more bytes")),
        }
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.rest.split_first_chunk() {
            Some((bytes, rest)) => {
                self.rest = rest;
                Ok(*bytes)
            }
            None => Err(self.malformed("more bytes")),
        }
    }

    /// Reads a head of this major type; gives its argument.
    #[inline]
    pub(crate) fn head(&mut self, major: u8, expected: &'static str) -> Result<u64> {
        match self.rest {
            [first, rest @ ..] if first >> 5 == major => {
                let info = first & 0x1f;
                if info < 24 {
                    self.rest = rest;
                    return Ok(u64::from(info));
                }
                self.long_argument(info, expected)
            }
            [_, ..] => Err(self.malformed(expected)),
            [] => Err(self.malformed("more bytes")),
        }
    }

    fn long_argument(&mut self, info: u8, expected: &'static str) -> Result<u64> {
        let start = self.clone();
        self.advance(1);
        let (argument, least) = match info {
            24 => (u64::from(u8::from_be_bytes(self.array()?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.array()?)), 0x100),
            26 => (u64::from(u32::from_be_bytes(self.array()?)), 0x1_0000),
            27 => (u64::from_be_bytes(self.array()?), 0x1_0000_0000),
            _ => {
                *self = start;
                return Err(self.malformed(expected));
            }
        };
        if argument < least {
            *self = start;
            return Err(self.malformed("the shortest head"));
        }
        Ok(argument)
    }

    /// Reads a number of items that take at least a byte each, so that it is bounded by what
    /// is left.
    #[inline]
    pub(crate) fn count(&mut self, major: u8, expected: &'static str) -> Result<usize> {
        let start = self.clone();
        let count = self.head(major, expected)?;
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() => Ok(count),
            _ => {
                *self = start;
                Err(self.malformed("as many items as announced"))
            }
        }
    }

    #[inline]
    pub(crate) fn text(&mut self) -> Result<&'b str> {
        if let Some(text) = self.short_text() {
            return Ok(text);
        }
        let len = self.head(TEXT, "text")?;
        let bytes = self.take(len)?;
        text_of(bytes).map_err(|error| Error::new(ErrorKind::Text(error)))
    }

    /// Reads text whose head is one byte, and that is well-formed; `None` leaves it to
    /// [`text`](Self::text) to find out what it is.
    #[inline]
    pub(crate) fn short_text(&mut self) -> Option<&'b str> {
        let [head @ SHORT_TEXT..LONG_TEXT, rest @ ..] = self.rest else {
            return None;
        };
        let (bytes, rest) = rest.split_at_checked(usize::from(head - SHORT_TEXT))?;
        let text = text_of(bytes).ok()?;
        self.rest = rest;
        Some(text)
    }

    #[cold]
    pub(crate) fn malformed(&self, expected: &'static str) -> Error {
        Error::new(ErrorKind::Malformed { expected, offset: self.offset() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_the_examples_of_the_rfc() {
        for (argument, bytes) in [
            (0, "00"),
            (23, "17"),
            (24, "1818"),
            (100, "1864"),
            (1000, "1903e8"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (u64::MAX, "1bffffffffffffffff"),
        ] {
            let mut out = Vec::new();
            head(&mut out, UNSIGNED, argument);
            let hex: String = out.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, bytes);
            assert_eq!(out.len(), head_len(argument));
            let mut cursor = Cursor::new(&out, 0);
            assert_eq!(cursor.head(UNSIGNED, "").unwrap(), argument);
            assert!(cursor.is_at_end());
        }
    }

    #[test]
    fn longer_heads_and_indefinite_lengths_are_refused() {
        for bytes in [&[0x18, 23][..], &[0x19, 0, 255], &[0x1f], &[0x1c], &[0x1a, 0, 0]] {
            let mut cursor = Cursor::new(bytes, 7);
            assert!(cursor.head(UNSIGNED, "an integer").is_err(), "{bytes:x?}");
        }
        let error = Cursor::new(&[0x18, 23], 7).head(UNSIGNED, "an integer").unwrap_err();
        assert_eq!(error.to_string(), "malformed header at byte 7: expected the shortest head");
    }

    #[test]
    fn counts_are_bounded_by_what_is_left() {
        let mut cursor = Cursor::new(&[0x82, 0, 0], 0);
        assert_eq!(cursor.count(ARRAY, "an array").unwrap(), 2);
        assert!(Cursor::new(&[0x83, 0, 0], 0).count(ARRAY, "an array").is_err());
        let endless = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert!(Cursor::new(&endless, 0).count(ARRAY, "an array").is_err());
    }
}
