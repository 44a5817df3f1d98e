//! Memory that is constant.

use std::{
    os::fd::{AsFd, BorrowedFd},
    sync::Arc,
    time::Duration,
};

use canning_core::{Elem, Element, SharedBytes, SharedSlice};

use super::{arena::Slot, error::ShmError, live, map::Constant, seals::SealedFd};
use crate::error::Result;

/// An arena that nobody can change any more, mapped to be read.
///
/// Cloning it, and what it gives out, shares the memory, which is unmapped with the last of them.
#[derive(Clone, Debug)]
pub struct Sealed {
    memory: Arc<Memory>,
    bytes: SharedBytes,
    number: u64,
    times: SealTimes,
}

/// What [sealing](super::Arena::seal) took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealTimes {
    /// Unmapping the memory that was written: by the page that was mapped.
    pub unmapping: Duration,
    /// Setting the seals: the system looks at each page for others who may still write it.
    pub sealing: Duration,
    /// Mapping it again, to be read.
    pub mapping: Duration,
}

impl Sealed {
    /// Maps memory; it is found by address from then on.
    pub(super) fn map(fd: SealedFd, number: u64) -> Result<Self> {
        let map = Constant::map(&fd);
        let map = map.map_err(|error| ShmError::system("map sealed memory", error))?;
        let memory = Arc::new(Memory { map, fd });
        live::insert(&memory);
        let bytes = SharedBytes::from_owner(Owner(Arc::clone(&memory)));
        Ok(Self { memory, bytes, number, times: SealTimes::default() })
    }

    pub(super) fn set_times(&mut self, times: SealTimes) {
        self.times = times;
    }

    /// An array, which keeps the memory alive, and can be part of any value.
    ///
    /// Reads the items only where not all bits are values of `T`, as for `bool`.
    ///
    /// # Errors
    ///
    /// [`ShmError::OtherArena`] where the slot is not of this arena.
    pub fn get<T: Element>(&self, slot: Slot<T>) -> Result<SharedSlice<T>> {
        if slot.number != self.number {
            return Err(ShmError::OtherArena.into());
        }
        let end = slot.len.checked_mul(size_of::<T>()).and_then(|len| len.checked_add(slot.offset));
        let bytes = end.and_then(|end| self.bytes.get(slot.offset..end));
        let items = bytes.and_then(|bytes| SharedSlice::from_bytes(bytes, Elem::of()).ok());
        items.ok_or_else(|| ShmError::OtherArena.into())
    }

    /// All bytes of the arena.
    pub fn as_bytes(&self) -> &SharedBytes {
        &self.bytes
    }

    /// What sealing took.
    pub fn times(&self) -> SealTimes {
        self.times
    }
}

/// The descriptor, for a transport of one's own.
impl AsFd for Sealed {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.memory.fd()
    }
}

/// Constant memory: unmapped and closed when it is dropped.
#[derive(Debug)]
pub(super) struct Memory {
    map: Constant,
    fd: SealedFd,
}

impl Memory {
    pub(super) fn as_slice(&self) -> &[u8] {
        self.map.as_slice()
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.fd()
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // Before it is unmapped, after which other memory may have the address.
        live::remove(self);
    }
}

struct Owner(Arc<Memory>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        self.0.as_slice()
    }
}
