//! Memory that processes use together, again and again.

use std::os::fd::{BorrowedFd, OwnedFd};

use canning_core::buffer::Allocation;

use super::{error::ShmError, map::Restless, seals::FixedFd};
use crate::error::Result;

/// Memory that processes which trust each other keep mapped, and write again and again.
///
/// Its length is sealed, its content is not: whoever has it may write it at any time. So views of
/// it are `unsafe`, and the safe ways copy. It gives out no places: who may use which part, and
/// when, the processes tell each other, by messages on a socket, say. A message lies in it as
/// [one block](crate::Message::copy_to).
///
/// # Examples
///
/// ```
/// use std::{os::unix::net::UnixStream, thread};
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, can, shm::{Handover, SharedPool}, socket::Options};
///
/// let (here, there) = UnixStream::pair()?;
/// let peer = thread::spawn(move || -> canning_wire::Result<Vec<f64>> {
///     let mut connection = Handover::over(there, &Options::default())?;
///     let pool = connection.read_pool()?;
///     let [len] = connection.read_message()?.expect("a length").into_array()?;
///     let block = pool.copy_out(0, len.get::<usize, _>()?)?; // nobody else can change it
///     let message = Message::from_block(block, &Limits::default())?;
///     Ok(message.objects()[0].get()?)
/// });
///
/// let mut connection = Handover::over(here, &Options::default())?;
/// let pool = SharedPool::new(1 << 20)?;
/// connection.write_pool(&pool)?;
/// let block = Message::from(can(&vec![0.5; 1000])?).to_block()?;
/// pool.copy_in(0, block.as_slice())?;
/// connection.write_message(&can(&block.len())?.into())?;
/// assert_eq!(peer.join().unwrap()?, [0.5; 1000]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SharedPool {
    memory: Restless,
    fd: FixedFd,
}

impl SharedPool {
    /// Makes memory of at least so many bytes, a multiple of eight; all of it is there.
    ///
    /// # Errors
    ///
    /// [`ShmError::System`] where there is not so much.
    pub fn new(bytes: usize) -> Result<Self> {
        Self::map(FixedFd::new(bytes.max(1).checked_next_multiple_of(8).unwrap_or(usize::MAX))?)
    }

    /// Maps what a peer sent.
    pub(super) fn received(fd: OwnedFd, most: u64) -> Result<Self> {
        Self::map(FixedFd::check(fd, most)?)
    }

    fn map(fd: FixedFd) -> Result<Self> {
        let memory = Restless::map(&fd);
        let memory = memory.map_err(|error| ShmError::system("map the pool", error))?;
        Ok(Self { memory, fd })
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.fd()
    }

    /// The length in bytes.
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.memory.len()
    }

    /// Copies bytes out, into memory that nobody else can write, at a multiple of 64: there they
    /// can be checked. What others write meanwhile may be in it, in part.
    ///
    /// Bytes that share the last eight with them are read too: a [`view_mut`](Self::view_mut) of
    /// them must not be in use.
    ///
    /// # Errors
    ///
    /// [`ShmError::Range`] where they are not within the pool, or `offset` is no multiple of 8.
    pub fn copy_out(&self, offset: usize, len: usize) -> Result<Allocation> {
        if offset.checked_add(len).is_none_or(|end| end > self.len()) {
            return Err(self.out_of_range(offset, len).into());
        }
        let mut copy = Allocation::zeroed(len, 64)?;
        let copied = self.memory.copy_out(offset, copy.as_mut_slice());
        copied.ok_or_else(|| self.out_of_range(offset, len))?;
        Ok(copy)
    }

    /// Copies bytes in.
    ///
    /// Bytes that share the last eight with them are written too, as they were.
    ///
    /// # Errors
    ///
    /// As [`copy_out`](Self::copy_out).
    pub fn copy_in(&self, offset: usize, bytes: &[u8]) -> Result<()> {
        let copied = self.memory.copy_in(offset, bytes);
        Ok(copied.ok_or_else(|| self.out_of_range(offset, bytes.len()))?)
    }

    /// Borrows bytes as they lie. [`Message::from_block`](crate::Message::from_block) takes them.
    ///
    /// # Safety
    ///
    /// As long as the borrow, or anything that borrows from it, lives, nobody writes these bytes:
    /// no process that has the pool, and no thread of this one. A peer that breaks this can make
    /// a `bool` of 2 of what was checked. [`copy_in`](Self::copy_in) writes the last eight bytes
    /// whole: where parts start and end at multiples of eight, copies of one leave the others alone.
    ///
    /// # Errors
    ///
    /// [`ShmError::Range`] where they are not within the pool.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = canning_wire::shm::SharedPool::new(64)?;
    /// pool.copy_in(8, b"eight")?;
    /// // SAFETY: no other process has it, and nothing is written while `view` lives.
    /// let view = unsafe { pool.view(8, 5) }?;
    /// assert_eq!(view, b"eight");
    /// # Ok::<(), canning_wire::Error>(())
    /// ```
    #[expect(unsafe_code, reason = "the contract is the caller's")]
    pub unsafe fn view(&self, offset: usize, len: usize) -> Result<&[u8]> {
        // SAFETY: what is read, the part below, nobody writes: this function's contract.
        let part = unsafe { self.memory.part(offset, len) };
        Ok(part.ok_or_else(|| self.out_of_range(offset, len))?)
    }

    /// Borrows bytes to write them in place. [`Message::copy_to`](crate::Message::copy_to) takes
    /// them.
    ///
    /// # Safety
    ///
    /// As long as the borrow lives, nobody else reads or writes these bytes: no process that has
    /// the pool, and no thread of this one. Where parts start and end at multiples of eight,
    /// copies of one leave the others alone.
    ///
    /// # Errors
    ///
    /// [`ShmError::Range`] where they are not within the pool.
    #[expect(unsafe_code, reason = "the contract is the caller's")]
    #[expect(clippy::mut_from_ref, reason = "the contract says so")]
    pub unsafe fn view_mut(&self, offset: usize, len: usize) -> Result<&mut [u8]> {
        // SAFETY: nobody else uses these bytes: this function's contract.
        let part = unsafe { self.memory.part_mut(offset, len) };
        Ok(part.ok_or_else(|| self.out_of_range(offset, len))?)
    }

    #[cold]
    fn out_of_range(&self, offset: usize, len: usize) -> ShmError {
        let memory = self.len() as u64;
        ShmError::Range { offset: offset as u64, len: len as u64, memory, align: 8 }
    }
}
