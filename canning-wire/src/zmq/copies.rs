//! What of a multipart message was copied.

/// Parts that could not be used where they lay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// How many parts were copied.
    pub parts: usize,
    /// Their bytes together.
    pub bytes: u64,
}

impl Copies {
    /// Counts one more part.
    pub(super) fn add(&mut self, bytes: u64) {
        self.parts += 1;
        self.bytes += bytes;
    }
}
