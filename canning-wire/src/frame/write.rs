//! Which bytes of a message to write next.

use std::mem;

use canning_core::Buffer;
use smallvec::SmallVec;

pub use self::slices::Slices;
use self::{
    block::{Block, is_gathered},
    pack::Packed,
    position::{Position, Rest},
    sums::Sums,
    wire::Wire,
};
use crate::{
    error::Result,
    frame::{
        FrameOptions,
        prelude::{self, ALIGN},
    },
    message::Message,
    object::Object,
    sent::Sent,
};

mod block;
mod in_memory;
mod pack;
mod position;
mod slices;
mod sums;
mod wire;

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
    /// Prelude and tables, and the padding after them.
    front: SmallVec<[u8; FRONT]>,
    packed: Packed,
    /// The checksums behind blobs, if there are any.
    sums: Option<Sums>,
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
        Self::borrowing_with(message, FrameOptions::new())
    }

    pub(super) fn borrowing_with(message: &'m Message<'_>, options: FrameOptions) -> Result<Self> {
        Self::of(Held::Borrowed(message), options)
    }

    /// Starts with a message that it keeps: with a `Message<'static>`, it is `'static` itself.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); the message is dropped then.
    pub fn owning(message: Message<'m>) -> Result<Self> {
        Self::owning_with(message, FrameOptions::new())
    }

    pub(super) fn owning_with(message: Message<'m>, options: FrameOptions) -> Result<Self> {
        Self::of(Held::Owned(message), options)
    }

    fn of(message: Held<'m>, options: FrameOptions) -> Result<Self> {
        let objects = message.objects();
        for object in objects {
            object.check_whole()?;
        }
        let packed = Packed::of(objects, options);
        let (front, len) = wire::front(objects, &packed.blobs, options);
        let sums = options.integrity.then(Sums::new);
        let (position, block) = (Position::start(), Block::default());
        Ok(Self { message, front, packed, sums, len, position, block, offered: 0 })
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
        self.packed.gathered + self.block.gathered
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
        let wire = wire_of(&self.message, &self.front, &self.packed.blobs, self.sums.is_some());
        if let Some(sums) = &mut self.sums {
            slices.end_after(sums.go_on(&self.position, &wire, &mut self.block));
        }
        let (sums, mut position) = (self.sums.as_ref(), self.position);
        let mut block = Some(&mut self.block);
        while !slices.is_full()
            && let Some(rest) = position.rest(&wire)
        {
            if !offer_rest(rest, wire.front, sums, &mut block, slices) {
                break;
            }
            position.skip_region(&wire);
        }
        self.offered = slices.bytes() - before;
    }

    /// What it took, once all is written.
    pub(crate) fn sent(&self) -> Sent {
        let (gathered, compressed) = (self.gathered(), self.packed.compressed);
        Sent { bytes: self.len, gathered, buffered: 0, compressed }
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

    /// Is told that `written` bytes of the slices were taken.
    ///
    /// # Panics
    ///
    /// When it is more than the [slices](Self::slices) given out last had.
    pub fn advance(&mut self, written: usize) {
        let offered = self.offered.checked_sub(written);
        self.offered = offered.unwrap_or_else(|| panic!("more was written than there was"));
        let wire = wire_of(&self.message, &self.front, &self.packed.blobs, self.sums.is_some());
        self.position.advance(written as u64, &wire);
    }

    fn wire(&self) -> Wire<'_> {
        wire_of(&self.message, &self.front, &self.packed.blobs, self.sums.is_some())
    }
}

/// The zeros between `at` bytes of a frame and a blob.
fn padding(at: usize) -> &'static [u8] {
    ZEROS.get(..at.next_multiple_of(ALIGN) - at).unwrap_or_default()
}

/// Of the fields, so that others can be changed meanwhile.
fn wire_of<'s>(
    message: &'s Held<'_>,
    front: &'s [u8],
    packed: &'s [Option<Buffer<'static>>],
    has_sums: bool,
) -> Wire<'s> {
    let sum_len = if has_sums { prelude::SUM as u64 } else { 0 };
    Wire { front, objects: message.objects(), packed, sum_len }
}

/// Offers what is left of a region; says whether that is all of it. There is one block, so that
/// what follows a second array that must be gathered waits.
fn offer_rest<'s>(
    rest: Rest<'s>,
    front: &'s [u8],
    sums: Option<&'s Sums>,
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
        Rest::Blob { pad, buffer, index, start, sum_start, at } => {
            slices.push(ZEROS.get(..number(pad)).unwrap_or_default());
            let start = number(start);
            if start < buffer.len() && !offer_blob(buffer, start, at, block, slices) {
                return false;
            }
            let sum = sums.map_or(&[][..], |sums| sums.of(index));
            slices.push(sum.get(number(sum_start)..).unwrap_or_default());
            true
        }
    }
}

/// Offers a blob from its byte `start` on; says whether that is all of it.
fn offer_blob<'s>(
    buffer: &'s Buffer<'s>,
    start: usize,
    at: u64,
    block: &mut Option<&'s mut Block>,
    slices: &mut Slices<'s>,
) -> bool {
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

impl<'m> Held<'m> {
    fn objects(&self) -> &[Object<'m>] {
        match self {
            Self::Borrowed(message) => message.objects(),
            Self::Owned(message) => message.objects(),
        }
    }
}
