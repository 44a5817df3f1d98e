//! Which bytes of a message to write next.

use std::{io::IoSlice, mem};

use canning_core::{Buffer, CannedObject, buffer::Gather};

use crate::{
    error::Result,
    frame::prelude::{self, Prelude},
    message::Message,
};

/// Segments shorter than this are gathered through a block instead of written one by one.
const SHORT: usize = 4096;

/// The block through which short segments are gathered, in bytes.
const BLOCK: usize = 256 << 10;

/// The most slices that a system takes at once (`IOV_MAX` of Linux).
const MOST_SLICES: usize = 1024;

/// Each blob starts at a multiple of this, so that a frame can also be mapped.
const ALIGN: usize = 64;

static ZEROS: [u8; ALIGN] = [0; ALIGN];

/// A message on its way out: gives slices of its own memory, and is told how much was taken.
///
/// Strided arrays whose rows are shorter than 4 KiB go through a block of 256 KiB, and are
/// [counted](Self::gathered); nothing else is copied.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use canning_wire::{Message, frame::FrameWriter};
///
/// let message = Message::from(canning_wire::can("hi")?);
/// let mut writer = FrameWriter::new(&message)?;
/// let mut out = Vec::new();
/// loop {
///     let slices = writer.slices();
///     if slices.is_empty() {
///         break;
///     }
///     let written = out.write_vectored(&slices)?;
///     writer.advance(written);
/// }
/// assert_eq!(out.len() as u64, writer.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FrameWriter<'m> {
    /// Prelude and table.
    front: Vec<u8>,
    pieces: Vec<Piece<'m>>,
    /// The first piece that is not written whole; `None` for `front`.
    current: Option<usize>,
    /// Bytes of the current piece, or of the block, that are written.
    offset: usize,
    gather: Option<Gather<'m>>,
    block: Vec<u8>,
    /// Bytes of `block` that are filled.
    filled: usize,
    gathered: u64,
    len: u64,
    /// Bytes of the slices given out last, and not yet written.
    offered: usize,
    /// The first piece after each object.
    ends: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Piece<'m> {
    Bytes(&'m [u8]),
    Short(&'m Buffer<'m>),
}

impl<'m> FrameWriter<'m> {
    /// Starts with a message.
    ///
    /// # Errors
    ///
    /// When buffers were taken out of an object: what is left of it cannot be read.
    pub fn new(message: &'m Message<'_>) -> Result<Self> {
        let objects = message.objects();
        for object in objects {
            object.check_whole()?;
        }
        let mut pieces = Vec::with_capacity(4 * objects.len());
        let mut ends = Vec::with_capacity(objects.len());
        let mut at = (prelude::LEN + 8 * objects.len()) as u64;
        for object in objects {
            for blob in std::iter::once(object.header()).chain(object.buffers()) {
                let aligned = at.next_multiple_of(ALIGN as u64);
                // Less than ALIGN, which is less than any `usize`.
                let pad = usize::try_from(aligned - at).unwrap_or_default();
                pieces.extend(ZEROS.get(..pad).filter(|pad| !pad.is_empty()).map(Piece::Bytes));
                at = aligned + blob.len() as u64;
                match blob.as_slice() {
                    Some([]) => {}
                    Some(bytes) => pieces.push(Piece::Bytes(bytes)),
                    None if blob.segment_len() < SHORT && blob.segments().len() > 2 => {
                        pieces.push(Piece::Short(blob));
                    }
                    None => pieces.extend(blob.segments().map(Piece::Bytes)),
                }
            }
            ends.push(pieces.len());
        }
        let prelude = Prelude { align: ALIGN as u64, objects: objects.len() as u64, len: at };
        let mut front = prelude.encode().to_vec();
        for object in objects {
            front.extend((object.header().len() as u64).to_le_bytes());
        }
        Ok(Self {
            front,
            pieces,
            current: None,
            offset: 0,
            gather: None,
            block: Vec::new(),
            filled: 0,
            gathered: 0,
            len: at,
            offered: 0,
            ends,
        })
    }

    /// The length of the frame in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a frame is never empty")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Bytes of strided arrays that were copied through the block so far.
    pub fn gathered(&self) -> u64 {
        self.gathered
    }

    /// The number of objects that are written whole.
    pub fn whole_objects(&self) -> usize {
        let Some(current) = self.current else {
            return 0;
        };
        self.ends.iter().take_while(|end| **end <= current).count()
    }

    /// The bytes to write next, at most 1024 slices; none at the end.
    pub fn slices(&mut self) -> Vec<IoSlice<'_>> {
        self.fill_block();
        let mut slices = Vec::new();
        let (mut at, mut skip) = match self.current {
            None => {
                slices.extend(slice_from(&self.front, self.offset));
                (0, 0)
            }
            Some(current) => (current, self.offset),
        };
        while let Some(piece) = self.pieces.get(at)
            && slices.len() < MOST_SLICES
        {
            match piece {
                Piece::Bytes(bytes) => slices.extend(slice_from(bytes, mem::take(&mut skip))),
                Piece::Short(_) if self.current == Some(at) => {
                    let block = self.block.get(..self.filled).unwrap_or_default();
                    slices.extend(slice_from(block, skip));
                    break;
                }
                Piece::Short(_) => break,
            }
            at += 1;
        }
        self.offered = slices.iter().map(|slice| slice.len()).sum();
        slices
    }

    /// Is told that `written` bytes of the slices were taken.
    ///
    /// # Panics
    ///
    /// When it is more than the [slices](Self::slices) given out last had.
    pub fn advance(&mut self, mut written: usize) {
        let offered = self.offered.checked_sub(written);
        self.offered = offered.unwrap_or_else(|| panic!("more was written than there was"));
        while written > 0 {
            let left = self.current_len() - self.offset;
            let step = written.min(left);
            self.offset += step;
            written -= step;
            if step == left {
                self.next_piece();
            }
        }
    }

    /// The bytes of the current piece that are ready.
    fn current_len(&self) -> usize {
        let Some(current) = self.current else {
            return self.front.len();
        };
        match self.pieces.get(current) {
            Some(Piece::Bytes(bytes)) => bytes.len(),
            Some(Piece::Short(_)) => self.filled,
            None => 0,
        }
    }

    /// Goes on where the current piece, or block, is written.
    fn next_piece(&mut self) {
        self.offset = 0;
        if self.gather.is_some() {
            self.filled = 0;
            self.fill_block();
            if self.filled > 0 {
                return;
            }
            self.gather = None;
        }
        self.current = Some(self.current.map_or(0, |current| current + 1));
    }

    /// Fills the block where the current piece has short segments and nothing is ready.
    fn fill_block(&mut self) {
        let Some(Piece::Short(buffer)) = self.current.and_then(|at| self.pieces.get(at)) else {
            return;
        };
        if self.filled > 0 {
            return;
        }
        if self.gather.is_none() {
            self.gather = buffer.gather();
        }
        self.block.resize(BLOCK.min(buffer.len()), 0);
        self.filled = self.gather.as_mut().map_or(0, |gather| gather.fill(&mut self.block));
        self.gathered += self.filled as u64;
    }
}

fn slice_from(bytes: &[u8], start: usize) -> Option<IoSlice<'_>> {
    bytes.get(start..).filter(|rest| !rest.is_empty()).map(IoSlice::new)
}
