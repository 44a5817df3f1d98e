//! Messages as bytes to write; without a socket.

use std::{collections::VecDeque, io, io::IoSlice};

use canning_core::Buffer;

use super::{
    command::{LONG, MORE},
    decoder::Message,
};

/// Lays messages out one behind the other, and knows how much of that was written.
///
/// Headers and short frames of all messages that wait are copied together, so that many short
/// messages leave in one write. Long frames are written from where they are; those of strided
/// arrays, whose rows are short, go through a block of 256 KiB.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    pieces: VecDeque<Piece>,
    /// The bytes of all [`Piece::Short`], of which `start` are written.
    short: Vec<u8>,
    start: usize,
    /// Bytes of the first piece that are written.
    written: usize,
    block: Block,
    copied: u64,
}

#[derive(Debug)]
enum Piece {
    /// So many of the short bytes.
    Short(usize),
    Long(Buffer<'static>),
    Gathered(Buffer<'static>),
}

/// Bytes of a strided array, copied together.
#[derive(Debug, Default)]
struct Block {
    bytes: Vec<u8>,
    written: usize,
    filled: usize,
}

impl Encoder {
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether there is enough to write already.
    pub(super) fn is_full(&self) -> bool {
        self.pieces.len() >= MOST_SLICES || self.short.len() - self.start >= ENOUGH_SHORT
    }

    /// The bytes that were copied on the way: short frames, and what was gathered.
    pub(super) fn copied(&self) -> u64 {
        self.copied
    }

    /// Adds a message. One without frames cannot be said, and is left out.
    pub(super) fn push(&mut self, message: Message) {
        let mut frames = message.into_iter().peekable();
        while let Some(frame) = frames.next() {
            let more = if frames.peek().is_some() { MORE } else { 0 };
            match u8::try_from(frame.len()) {
                Ok(len) => self.push_bytes(&[more, len]),
                Err(_) => {
                    self.push_bytes(&[more | LONG]);
                    self.push_bytes(&(frame.len() as u64).to_be_bytes());
                }
            }
            match frame.as_slice() {
                Some(bytes) if bytes.len() <= SHORT => {
                    self.push_bytes(bytes);
                    self.copied += bytes.len() as u64;
                }
                None if frame.segment_len() < SHORT && frame.segments().len() > 2 => {
                    self.pieces.push_back(Piece::Gathered(frame));
                }
                _ => self.pieces.push_back(Piece::Long(frame)),
            }
        }
    }

    /// Adds bytes that are complete frames.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        self.short.extend_from_slice(bytes);
        match self.pieces.back_mut() {
            Some(Piece::Short(len)) => *len += bytes.len(),
            _ => self.pieces.push_back(Piece::Short(bytes.len())),
        }
    }

    /// Writes some of what waits, which must be something, by `write`.
    pub(super) fn write(
        &mut self,
        write: impl FnOnce(&[IoSlice<'_>]) -> io::Result<usize>,
    ) -> io::Result<()> {
        self.fill_block();
        let mut slices = [IoSlice::new(&[]); MOST_SLICES];
        let count = self.slices(&mut slices);
        let written = write(slices.get(..count).unwrap_or_default())?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.advance(written);
        Ok(())
    }

    /// Copies the next bytes of a strided array together, if they are what is written next.
    fn fill_block(&mut self) {
        let Some(Piece::Gathered(frame)) = self.pieces.front() else { return };
        let block = &mut self.block;
        if block.written < block.filled {
            return;
        }
        let len = BLOCK.min(frame.len() - self.written);
        if block.bytes.len() < len {
            block.bytes = vec![0; len];
        }
        let target = block.bytes.get_mut(..len).unwrap_or_default();
        let gather = frame.gather_from(self.written);
        block.filled = gather.map_or(0, |mut gather| gather.fill(target));
        block.written = 0;
        self.copied += block.filled as u64;
    }

    fn slices<'s>(&'s self, slices: &mut [IoSlice<'s>]) -> usize {
        let mut target = slices.iter_mut();
        let mut count = 0;
        let mut bytes = 0;
        // Gives whether there is room for more.
        let mut offer = |slice: &'s [u8]| {
            if slice.is_empty() {
                return true;
            }
            let Some(place) = target.next() else { return false };
            *place = IoSlice::new(slice);
            count += 1;
            bytes += slice.len();
            bytes < ENOUGH_BYTES
        };
        let mut short = self.short.get(self.start..).unwrap_or_default();
        let mut written = self.written;
        for (index, piece) in self.pieces.iter().enumerate() {
            let goes_on = match piece {
                Piece::Short(len) => {
                    let (now, later) = short.split_at_checked(len - written).unwrap_or_default();
                    short = later;
                    offer(now)
                }
                Piece::Long(frame) => frame.segments_from(written).all(&mut offer),
                Piece::Gathered(_) => {
                    // Only the first piece has a block.
                    let block = &self.block;
                    if index == 0 {
                        offer(block.bytes.get(block.written..block.filled).unwrap_or_default());
                    }
                    false
                }
            };
            if !goes_on {
                break;
            }
            written = 0;
        }
        count
    }

    /// Notes that so many bytes were written.
    fn advance(&mut self, mut bytes: usize) {
        while bytes > 0
            && let Some(piece) = self.pieces.front()
        {
            let len = match piece {
                Piece::Short(len) => *len,
                Piece::Long(frame) | Piece::Gathered(frame) => frame.len(),
            };
            let now = bytes.min(len - self.written);
            match piece {
                Piece::Short(_) => self.start += now,
                Piece::Long(_) => {}
                Piece::Gathered(_) => self.block.written += now,
            }
            bytes -= now;
            self.written += now;
            if self.written == len {
                self.written = 0;
                self.pieces.pop_front();
            }
        }
        if self.pieces.is_empty() || self.start >= ENOUGH_SHORT {
            self.short.drain(..self.start.min(self.short.len()));
            self.start = 0;
            self.short.shrink_to(ENOUGH_SHORT);
        }
    }
}

/// The longest frame that is copied to those before it.
const SHORT: usize = 4096;

/// Short bytes that are worth a write.
const ENOUGH_SHORT: usize = 256 << 10;

/// Bytes that are worth a write.
const ENOUGH_BYTES: usize = 4 << 20;

/// So many slices are written at once.
const MOST_SLICES: usize = 64;

/// The length of the block through which short rows go.
const BLOCK: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use canning_core::buffer::SharedBytes;

    use super::*;

    /// Writes all, `step` bytes at a time.
    fn written(encoder: &mut Encoder, step: usize) -> Vec<u8> {
        let mut all = Vec::new();
        while !encoder.is_empty() {
            let write = |slices: &[IoSlice<'_>]| {
                let offered = slices.iter().flat_map(|slice| slice.iter());
                let before = all.len();
                all.extend(offered.take(step));
                Ok(all.len() - before)
            };
            encoder.write(write).unwrap();
        }
        all
    }

    fn flat(frame: &Buffer<'_>) -> Vec<u8> {
        frame.segments().collect::<Vec<_>>().concat()
    }

    #[test]
    fn frames_are_the_same_however_much_is_written_at_a_time() {
        let frames: Vec<Buffer<'static>> = vec![
            Buffer::borrowed(b""),
            vec![3; 255].into(),
            vec![4; 256].into(),
            vec![5; 70_000].into(),
            Buffer::shared_pieces(
                SharedBytes::from_vec(vec![1_u8; 3000]),
                SharedBytes::from_vec(vec![2_u8; 3000]),
            ),
            Buffer::borrowed(b"end"),
        ];
        let mut expected = Vec::new();
        for (index, frame) in frames.iter().enumerate() {
            let more = u8::from(index + 1 < frames.len());
            match u8::try_from(frame.len()) {
                Ok(len) => expected.extend([more, len]),
                Err(_) => {
                    expected.push(more | LONG);
                    expected.extend((frame.len() as u64).to_be_bytes());
                }
            }
            expected.extend(flat(frame));
        }
        expected.extend(b"\0\x05again");
        for step in [1, 7, 1000, 262_144, usize::MAX] {
            let mut encoder = Encoder::default();
            encoder.push(frames.clone());
            encoder.push(vec![Buffer::borrowed(b"again")]);
            assert!(written(&mut encoder, step) == expected, "{step}");
            assert_eq!(encoder.copied(), 255 + 256 + 3 + 5, "{step}");
            assert!(encoder.short.is_empty() && encoder.start == 0);
        }
    }

    #[test]
    fn what_waits_without_end_does_not_grow_without_end() {
        let mut encoder = Encoder::default();
        for _ in 0..10_000 {
            encoder.push(vec![vec![7; 1000].into()]);
            while encoder.is_full() {
                let write =
                    |slices: &[IoSlice<'_>]| Ok(slices.first().map_or(0, |first| first.len() / 2));
                encoder.write(write).unwrap();
            }
        }
        assert!(encoder.short.len() < 4 * ENOUGH_SHORT, "{}", encoder.short.len());
    }

    #[test]
    fn nothing_written_is_an_error() {
        let mut encoder = Encoder::default();
        encoder.push(vec![Buffer::borrowed(b"x")]);
        assert_eq!(encoder.write(|_| Ok(0)).unwrap_err().kind(), io::ErrorKind::WriteZero);
    }
}
