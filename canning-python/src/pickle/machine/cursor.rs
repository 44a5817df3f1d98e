//! The bytes of a pickle, taken from the front.

use canning_core::{ErrorKind, Result};

/// What is left of a pickle.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'s> {
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(bytes: &'s [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Takes `len` bytes, of which `what` tells.
    pub(super) fn take(&mut self, len: usize, what: &'static str) -> Result<&'s [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(taken) = rest.get(..len) else {
            return Err(ErrorKind::Malformed { expected: what, offset: self.at }.into());
        };
        self.at += len;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let offset = self.at;
        let malformed = |_| ErrorKind::Malformed { expected: what, offset };
        Ok(self.take(N, what)?.try_into().map_err(malformed)?)
    }

    pub(super) fn opcode(&mut self) -> Result<u8> {
        Ok(u8::from_le_bytes(self.array("an opcode, up to STOP")?))
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(u8::from_le_bytes(self.array("one byte")?))
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array("two bytes")?))
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array("four bytes")?))
    }

    pub(super) fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array("four bytes")?))
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array("eight bytes")?))
    }

    /// The one number that is big-endian.
    pub(super) fn f64(&mut self) -> Result<f64> {
        Ok(f64::from_be_bytes(self.array("eight bytes")?))
    }

    /// Takes a line, without its end.
    pub(super) fn line(&mut self) -> Result<&'s [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(len) = rest.iter().position(|&byte| byte == b'\n') else {
            let expected = "a line and its end";
            return Err(ErrorKind::Malformed { expected, offset: self.at }.into());
        };
        let line = self.take(len, "a line")?;
        self.at += 1;
        Ok(line)
    }
}
