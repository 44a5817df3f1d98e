//! Which bytes were given out.

use std::collections::HashSet;

use canning_core::{ErrorKind, Result};

/// The bytes that were given out, by where they begin: several objects may be the same bytes.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// A bit for each byte of the header.
    header: Vec<u64>,
    /// Addresses, of bytes that stand elsewhere.
    others: HashSet<usize>,
    buffers: HashSet<u32>,
}

impl Given {
    /// Whether bytes that lie in `header`, or in no other memory that comes and goes, are given out
    /// for the first time.
    ///
    /// # Errors
    ///
    /// `OutOfMemory`, as it takes an eighth of the header.
    #[inline]
    pub(super) fn is_first(&mut self, header: &[u8], bytes: &[u8]) -> Result<bool> {
        let start = bytes.as_ptr().addr();
        let at = start.wrapping_sub(header.as_ptr().addr());
        if at >= header.len() {
            return Ok(self.others.insert(start));
        }
        if self.header.is_empty() {
            self.reserve(header.len())?;
        }
        let Some(bits) = self.header.get_mut(at / 64) else { return Ok(false) };
        let bit = 1 << (at % 64);
        let is_first = *bits & bit == 0;
        *bits |= bit;
        Ok(is_first)
    }

    #[cold]
    fn reserve(&mut self, len: usize) -> Result<()> {
        let words = len.div_ceil(64);
        let out_of_memory = |_full| ErrorKind::OutOfMemory { bytes: words * size_of::<u64>() };
        self.header.try_reserve_exact(words).map_err(out_of_memory)?;
        self.header.resize(words, 0);
        Ok(())
    }

    /// Whether a whole buffer is given out for the first time.
    pub(super) fn is_first_buffer(&mut self, index: u32) -> bool {
        self.buffers.insert(index)
    }
}
