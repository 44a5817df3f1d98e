//! Bytes that are few for most values, which then need no allocation.

use std::ops::Deref;

use crate::header::cbor::Bytes;

/// Bytes on the stack, up to [`FEW`] of them.
///
/// `SmallVec` would do, but takes three times as long to append a name.
#[derive(Debug)]
pub(crate) struct FewBytes {
    few: [u8; FEW],
    len: usize,
    /// All of them, when they are more.
    many: Vec<u8>,
}

impl FewBytes {
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.many.truncate(len);
    }

    #[cold]
    fn put_many(&mut self, bytes: &[u8]) {
        if self.many.is_empty() {
            let few = self.few.get(..self.len).unwrap_or_default();
            self.many.extend_from_slice(few);
        }
        self.many.extend_from_slice(bytes);
        self.len = self.many.len();
    }
}

impl Default for FewBytes {
    fn default() -> Self {
        Self { few: [0; FEW], len: 0, many: Vec::new() }
    }
}

impl Bytes for FewBytes {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        match self.few.get_mut(self.len..).and_then(|room| room.get_mut(..bytes.len())) {
            Some(place) if self.many.is_empty() => {
                place.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            _ => self.put_many(bytes),
        }
    }
}

impl Deref for FewBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self.few.get(..self.len) {
            Some(few) if self.many.is_empty() => few,
            _ => &self.many,
        }
    }
}

const FEW: usize = 96;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_bytes_become_many_and_few_again() {
        let (mut bytes, mut expected) = (FewBytes::default(), Vec::new());
        for piece in 0..=u8::MAX {
            let piece = vec![piece; usize::from(piece) % 7];
            bytes.put(&piece);
            expected.extend(piece);
            assert_eq!(*bytes, expected);
        }
        for len in (0..expected.len()).rev() {
            bytes.truncate(len);
            assert_eq!(*bytes, expected[..len]);
        }
        bytes.put(&[1]);
        assert_eq!(*bytes, [1]);
    }
}
