//! Which bytes of a message to write next.

use std::{iter, mem};

use canning_core::{Buffer, CannedObject};
use smallvec::SmallVec;

pub use self::slices::Slices;
use self::{
    block::{Block, is_gathered},
    position::{Position, Rest},
};
use crate::{
    error::Result,
    frame::prelude::{self, ALIGN, Prelude},
    message::Message,
    object::Object,
};

mod block;
mod in_memory;
mod position;
mod slices;

/// A message on its way out: gives slices of its own memory, and is told how much was taken.
///
/// It borrows the message, or [owns](Self::owning) it, which a transport needs that keeps it
/// while it waits. Strided arrays whose rows are shorter than 4 KiB go through a block of
/// 256 KiB, and are [counted](Self::gathered); nothing else is copied. A message of a few
/// contiguous arrays is written without an allocation.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use canning_wire::{Message, frame::FrameWriter};
///
/// let message = Message::from(canning_wire::can("hi")?);
/// let mut frame = FrameWriter::new(&message)?;
/// let mut out = Vec::new();
/// while !frame.is_at_end() {
///     let slices = frame.slices();
///     let written = out.write_vectored(&slices)?;
///     drop(slices);
///     frame.advance(written);
/// }
/// assert_eq!(out.len() as u64, frame.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FrameWriter<'m> {
    message: Held<'m>,
    /// Prelude and table, and the padding after them.
    front: SmallVec<[u8; FRONT]>,
    len: u64,
    position: Position,
    block: Block,
    /// Bytes of the slices given out last, and not yet written.
    offered: usize,
}

#[derive(Debug)]
enum Held<'m> {
    Borrowed(&'m Message<'m>),
    Owned(Message<'m>),
}

/// The front of a message of up to four objects needs no allocation.
const FRONT: usize = 64;

/// Padding is shorter than the alignment.
static ZEROS: [u8; ALIGN] = [0; ALIGN];

impl<'m> FrameWriter<'m> {
    /// Starts with a message.
    ///
    /// # Errors
    ///
    /// When buffers were taken out of an object: what is left of it cannot be read.
    pub fn new(message: &'m Message<'_>) -> Result<Self> {
        Self::of(Held::Borrowed(message))
    }

    /// Starts with a message that it keeps: with a `Message<'static>`, it is `'static` itself.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the message is dropped then.
    pub fn owning(message: Message<'m>) -> Result<Self> {
        Self::of(Held::Owned(message))
    }

    fn of(message: Held<'m>) -> Result<Self> {
        let objects = message.objects();
        let mut len = (prelude::LEN + 8 * objects.len()) as u64;
        for object in objects {
            object.check_whole()?;
            for blob in blobs(object) {
                len = len.next_multiple_of(ALIGN as u64) + blob.len() as u64;
            }
        }
        let prelude = Prelude { align: ALIGN as u64, objects: objects.len() as u64, len };
        let mut front = SmallVec::from_slice(&prelude.encode());
        for object in objects {
            front.extend_from_slice(&(object.header().len() as u64).to_le_bytes());
        }
        if !objects.is_empty() {
            front.extend_from_slice(padding(front.len()));
        }
        let (position, block) = (Position::start(), Block::default());
        Ok(Self { message, front, len, position, block, offered: 0 })
    }

    /// The length of the frame in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a frame is never empty")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Bytes of the frame that are written.
    pub fn bytes_written(&self) -> u64 {
        self.position.bytes_before()
    }

    /// Whether all is written.
    pub fn is_at_end(&self) -> bool {
        self.bytes_written() == self.len
    }

    /// Bytes of strided arrays that were copied through the block so far.
    pub fn gathered(&self) -> u64 {
        self.block.gathered
    }

    /// The number of objects that are written whole.
    pub fn whole_objects(&self) -> usize {
        self.position.objects_before()
    }

    /// The bytes to write next, at most 1024 slices; none at the end.
    ///
    /// Costs a few nanoseconds a slice, and is the same however much is written already.
    pub fn slices(&mut self) -> Slices<'_> {
        let mut slices = Slices::default();
        self.offer(&mut slices);
        slices
    }

    /// Adds slices to those of something that is written before.
    pub(crate) fn offer<'s>(&'s mut self, slices: &mut Slices<'s>) {
        let before = slices.bytes();
        let (objects, front) = (self.message.objects(), self.front.as_slice());
        let mut position = self.position;
        let mut block = Some(&mut self.block);
        while !slices.is_full()
            && let Some(rest) = position.rest(objects)
        {
            if !offer_rest(rest, front, &mut block, slices) {
                break;
            }
            position.skip_region(front.len() as u64, objects);
        }
        self.offered = slices.bytes() - before;
    }

    /// Takes the memory of the block of an earlier message over, if it has none.
    pub(crate) fn lend_block(&mut self, block: &mut Vec<u8>) {
        if self.block.bytes.is_empty() {
            mem::swap(&mut self.block.bytes, block);
        }
    }

    /// Gives the memory of the block away, once all is written.
    pub(crate) fn take_block(&mut self) -> Vec<u8> {
        mem::take(&mut self.block.bytes)
    }

    /// Appends the whole frame to bytes, with one copy of each byte.
    pub(crate) fn copy_to(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.extend_from_slice(&self.front);
        for blob in self.message.objects().iter().flat_map(blobs) {
            bytes.extend_from_slice(padding(bytes.len() - start));
            if is_gathered(blob) {
                let blob_start = bytes.len();
                bytes.resize(blob_start + blob.len(), 0);
                let target = bytes.get_mut(blob_start..).unwrap_or_default();
                blob.gather().map(|mut gather| gather.fill(target));
            } else {
                blob.segments().for_each(|segment| bytes.extend_from_slice(segment));
            }
        }
    }

    /// Is told that `written` bytes of the slices were taken.
    ///
    /// # Panics
    ///
    /// When it is more than the [slices](Self::slices) given out last had.
    pub fn advance(&mut self, written: usize) {
        let offered = self.offered.checked_sub(written);
        self.offered = offered.unwrap_or_else(|| panic!("more was written than there was"));
        self.position.advance(written as u64, self.front.len() as u64, self.message.objects());
    }
}

/// The zeros between `at` bytes of a frame and a blob.
fn padding(at: usize) -> &'static [u8] {
    ZEROS.get(..at.next_multiple_of(ALIGN) - at).unwrap_or_default()
}

/// The header and the buffers.
fn blobs<'s>(object: &'s Object<'_>) -> impl Iterator<Item = &'s Buffer<'s>> {
    iter::once(object.header()).chain(object.buffers())
}

/// Offers what is left of a region; says whether that is all of it. There is one block, so that
/// what follows a second array that must be gathered waits.
fn offer_rest<'s>(
    rest: Rest<'s>,
    front: &'s [u8],
    block: &mut Option<&'s mut Block>,
    slices: &mut Slices<'s>,
) -> bool {
    // The numbers are below the lengths of slices.
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    match rest {
        Rest::Front(start) => {
            slices.push(front.get(number(start)..).unwrap_or_default());
            true
        }
        Rest::Blob { pad, buffer, start, at } => {
            slices.push(ZEROS.get(..number(pad)).unwrap_or_default());
            let start = number(start);
            if !is_gathered(buffer) {
                return slices.push_segments(buffer, start);
            }
            let Some(block) = block.take() else {
                return false;
            };
            let bytes = block.of(buffer, at, start);
            slices.push(bytes);
            start + bytes.len() == buffer.len()
        }
    }
}

impl<'m> Held<'m> {
    fn objects(&self) -> &[Object<'m>] {
        match self {
            Self::Borrowed(message) => message.objects(),
            Self::Owned(message) => message.objects(),
        }
    }
}
