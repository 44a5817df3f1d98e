//! The fuzzer's bytes, as choices.

/// The fuzzer's bytes, taken from the front: first what they choose, then what they are.
///
/// Where none are left it gives zeros, so that any bytes mean something.
#[derive(Clone, Debug)]
pub(crate) struct Input<'i> {
    rest: &'i [u8],
}

impl<'i> Input<'i> {
    pub(crate) fn new(bytes: &'i [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    pub(crate) fn bool(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number below `end`, of one byte; zero if there is none below.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    /// One of several.
    pub(crate) fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// At most so many bytes.
    pub(crate) fn bytes(&mut self, len: usize) -> &'i [u8] {
        let (bytes, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.rest = rest;
        bytes
    }

    /// All that are left, as they are.
    pub(crate) fn rest(&mut self) -> &'i [u8] {
        std::mem::take(&mut self.rest)
    }

    /// All that are left, as pieces that have their length in two bytes before them.
    pub(crate) fn pieces(&mut self) -> Vec<&'i [u8]> {
        let mut pieces = Vec::new();
        while !self.rest.is_empty() {
            let len = self.u16().into();
            pieces.push(self.bytes(len));
        }
        pieces
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

/// The bytes of which [`Input::pieces`] makes these.
///
/// # Panics
///
/// Where a piece is longer than its length can say.
pub(crate) fn joined<P: AsRef<[u8]>>(pieces: &[P]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in pieces {
        let piece = piece.as_ref();
        bytes.extend(u16::try_from(piece.len()).unwrap().to_le_bytes());
        bytes.extend(piece);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_what_was_joined() {
        let bytes = joined(&[&b"ab"[..], b"", b"c"]);
        assert_eq!(Input::new(&bytes).pieces(), [&b"ab"[..], b"", b"c"]);
        // A piece that is cut is what there is of it.
        assert_eq!(Input::new(&bytes[..3]).pieces(), [b"a"]);
    }

    #[test]
    fn where_nothing_is_left_there_are_zeros() {
        let mut input = Input::new(&[5, 6, 7]);
        assert_eq!((input.byte(), input.u16(), input.byte()), (5, 0x0706, 0));
        assert!(input.rest().is_empty() && !input.bool());
    }
}
