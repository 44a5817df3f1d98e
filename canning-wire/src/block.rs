//! A message as one block of memory, for stores that take one value.

use canning_core::{Buffer, buffer::Allocation};

use crate::{
    error::{Error, ErrorKind, Result},
    frame::{FrameWriter, take_apart},
    limits::Limits,
    message::Message,
};

/// # One block of memory
///
/// For a database, a cache or shared memory, which take one value. A block is one frame, the very
/// bytes that [`write_message`](crate::write_message) writes.
impl<'a> Message<'a> {
    /// The length of the message as a block, in bytes: what a stream would carry.
    ///
    /// # Errors
    ///
    /// When buffers were taken out of an object: what is left of it cannot be read.
    pub fn block_len(&self) -> Result<usize> {
        FrameWriter::new(self)?.len_in_memory()
    }

    /// Copies the message into one block at a multiple of 64, of exactly its length.
    ///
    /// It costs one allocation, and one copy of each byte: strided arrays are gathered straight
    /// into the block. [`SharedBytes::from_allocation`](canning_core::SharedBytes::from_allocation)
    /// makes it an owner that is shared.
    ///
    /// # Errors
    ///
    /// - When buffers were taken out of an object: what is left of it cannot be read.
    /// - [`OutOfMemory`](canning_core::ErrorKind::OutOfMemory).
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::CannedObject;
    /// use canning_wire::{Limits, Message};
    ///
    /// let numbers = vec![0.5_f64; 4096];
    /// let block = Message::from(canning_wire::can(&numbers)?).to_block()?;
    ///
    /// let message = Message::from_block(block.as_slice(), &Limits::default())?;
    /// let view: &[f64] = message.objects()[0].get()?;
    /// assert_eq!(view, numbers);
    /// assert!(block.as_slice().as_ptr_range().contains(&view.as_ptr().cast())); // not copied
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_block(&self) -> Result<Allocation> {
        FrameWriter::new(self)?.to_block()
    }

    /// Copies the message to the start of memory that is there, each byte once; gives the
    /// number of bytes. The memory behind them stays as it was.
    ///
    /// Memory at a multiple of 64 can be [borrowed from](Self::from_block_prefix) as it lies.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Room`] where the message is longer than the memory, which stays as it was.
    ///   [`block_len`](Self::block_len) says it in advance.
    /// - When buffers were taken out of an object: what is left of it cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::CannedObject;
    /// use canning_wire::{Limits, Message};
    ///
    /// let mut memory = [0xff; 1024]; // shared with another process, say
    /// let len = Message::from(canning_wire::can("hi")?).copy_to(&mut memory)?;
    ///
    /// let message = Message::from_block(&memory[..len], &Limits::default())?;
    /// assert_eq!(message.objects()[0].get::<&str, _>()?, "hi");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copy_to(&self, memory: &mut [u8]) -> Result<usize> {
        let frame = FrameWriter::new(self)?;
        let (needed, available) = (frame.len(), memory.len() as u64);
        let len = frame.len_in_memory()?;
        let room = memory.get_mut(..len);
        let room = room.ok_or_else(|| Error::new(ErrorKind::Room { needed, available }, 0))?;
        frame.copy_into(room)?;
        Ok(len)
    }

    /// Takes a message apart that is one block of memory, without a copy: its headers and buffers
    /// are parts of the block.
    ///
    /// The block is what a [`Buffer`] is made of. Of borrowed bytes, the message borrows them. Of
    /// [`SharedBytes`](canning_core::SharedBytes), an [`Allocation`], a `Vec<u8>`, or, with
    /// canning-core's feature `bytes`, `bytes::Bytes`, it shares the block and is `'static`:
    /// whatever part is kept, as a [`SharedSlice`](canning_core::SharedSlice), keeps the whole.
    ///
    /// What is owned, such as a `Vec`, is copied out of the block, and
    /// [counted](canning_core::CannedObject::copied): the block's allocation cannot be divided.
    ///
    /// Checksums, where the block has them, are compared at once: a pass over it. Buffers that are
    /// [compressed](crate::FrameOptions) are unfolded into allocations of their own, and counted as
    /// copied, too.
    ///
    /// The block should lie at a multiple of 64, as those of [`to_block`](Self::to_block) do, and
    /// files that are mapped. Elsewhere borrowing a large array may be refused with
    /// [`Misaligned`](canning_core::ErrorKind::Misaligned), sharing it copies, and headers with
    /// small arrays are copied, which is counted too.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Truncated`] when the block ends within the message.
    /// - [`ErrorKind::Trailing`] when it goes on after it.
    /// - When the bytes are malformed or exceed a limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::{CannedObject, SharedBytes, SharedSlice};
    /// use canning_wire::{Limits, Message};
    ///
    /// let numbers = vec![0.5_f64; 4096];
    /// let block = Message::from(canning_wire::can(&numbers)?).to_block()?;
    /// let block = SharedBytes::from_allocation(block);
    ///
    /// let [object] = Message::from_block(block, &Limits::default())?.into_array()?;
    /// let kept: SharedSlice<f64> = object.get_object()?; // outlives the message
    /// assert_eq!(*kept, *numbers);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_block(block: impl Into<Buffer<'a>>, limits: &Limits) -> Result<Self> {
        let block = block.into();
        let (message, rest) = take_apart(&block, limits)?;
        if !rest.is_empty() {
            let (block, rest) = (block.len() as u64, rest.len() as u64);
            return Err(Error::new(ErrorKind::Trailing { message: block - rest, block }, 0));
        }
        Ok(message)
    }

    /// As [`from_block`](Self::from_block), of the message that a block starts with; gives the
    /// rest of the block.
    ///
    /// Frames follow each other without padding, so that a further message in the rest may lie at a
    /// bad address. A writer that means to borrow from each copies each to a multiple of 64.
    ///
    /// # Errors
    ///
    /// As [`from_block`](Self::from_block), but for [`ErrorKind::Trailing`].
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::{Buffer, CannedObject};
    /// use canning_wire::{Limits, Message, write_message};
    ///
    /// let mut bytes = Vec::new();
    /// for number in 0..3 {
    ///     write_message(&mut bytes, &Message::from(canning_wire::can(&number)?))?;
    /// }
    /// let mut rest = Buffer::borrowed(&bytes);
    /// let mut sum = 0;
    /// while !rest.is_empty() {
    ///     let (message, after) = Message::from_block_prefix(rest, &Limits::default())?;
    ///     sum += message.objects()[0].get::<i32, _>()?;
    ///     rest = after;
    /// }
    /// assert_eq!(sum, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_block_prefix(
        block: impl Into<Buffer<'a>>,
        limits: &Limits,
    ) -> Result<(Self, Buffer<'a>)> {
        take_apart(&block.into(), limits)
    }
}
