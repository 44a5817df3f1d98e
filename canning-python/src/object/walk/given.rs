//! Which bytes were given out.

use std::collections::HashSet;

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
    #[inline]
    pub(super) fn is_first(&mut self, header: &[u8], bytes: &[u8]) -> bool {
        let start = bytes.as_ptr().addr();
        let at = start.wrapping_sub(header.as_ptr().addr());
        if at >= header.len() {
            return self.others.insert(start);
        }
        if self.header.is_empty() {
            self.header = vec![0; header.len().div_ceil(64)];
        }
        let Some(bits) = self.header.get_mut(at / 64) else { return false };
        let bit = 1 << (at % 64);
        let is_first = *bits & bit == 0;
        *bits |= bit;
        is_first
    }

    /// Whether a whole buffer is given out for the first time.
    pub(super) fn is_first_buffer(&mut self, index: u32) -> bool {
        self.buffers.insert(index)
    }
}
