//! Memory that others may write at any time.

use std::{
    io, slice,
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::mm::{MapFlags, ProtFlags};

use super::{super::seals::FixedFd, Map};

/// Memory that others may write at any time.
#[derive(Debug)]
pub(in crate::shm) struct Restless {
    /// # Invariants
    ///
    /// 0. To be read and written; the memory never becomes shorter. A multiple of eight long.
    map: Map,
}

impl Restless {
    pub(in crate::shm) fn map(memory: &FixedFd) -> io::Result<Self> {
        if !memory.len().is_multiple_of(8) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // Invariant 0: `FixedFd` has the seal, and all of its length is there.
        Ok(Self { map: Map::new(memory.fd(), memory.len(), access, MapFlags::SHARED)? })
    }

    pub(in crate::shm) fn len(&self) -> usize {
        self.map.len
    }

    /// The bytes as atomics, eight at a time: what others write meanwhile is then no undefined
    /// behaviour, only torn.
    fn words(&self) -> &[AtomicU64] {
        // SAFETY: `from_raw_parts` requires:
        // - so many mapped, initialised bytes, aligned to 8: invariants 0 and 1 of `Map`.
        // - no writes but by atomics: in this process only by those that `unsafe` views
        //   promise to keep apart; what other processes do is, for this one, the hardware's.
        unsafe { slice::from_raw_parts(self.map.ptr.as_ptr().cast(), self.map.len / 8) }
    }

    /// Copies bytes out, from a multiple of eight; `None` where they are not within the memory.
    pub(in crate::shm) fn copy_out(&self, offset: usize, target: &mut [u8]) -> Option<()> {
        let (now, words) = self.words_of(offset, target.len())?;
        let (whole, rest) = target.as_chunks_mut::<8>();
        for (target, word) in whole.iter_mut().zip(now) {
            *target = word.load(Ordering::Relaxed).to_ne_bytes();
        }
        if let Some(word) = words.first().filter(|_| !rest.is_empty()) {
            let bytes = word.load(Ordering::Relaxed).to_ne_bytes();
            rest.copy_from_slice(bytes.get(..rest.len())?);
        }
        Some(())
    }

    /// Copies bytes in, to a multiple of eight; `None` where they do not fit.
    pub(in crate::shm) fn copy_in(&self, offset: usize, source: &[u8]) -> Option<()> {
        let (now, words) = self.words_of(offset, source.len())?;
        let (whole, rest) = source.as_chunks::<8>();
        for (source, word) in whole.iter().zip(now) {
            word.store(u64::from_ne_bytes(*source), Ordering::Relaxed);
        }
        if let Some(word) = words.first().filter(|_| !rest.is_empty()) {
            // The bytes that follow in the same eight are written as they were.
            let mut bytes = word.load(Ordering::Relaxed).to_ne_bytes();
            bytes.get_mut(..rest.len())?.copy_from_slice(rest);
            word.store(u64::from_ne_bytes(bytes), Ordering::Relaxed);
        }
        Some(())
    }

    /// The words that are wholly among so many bytes, and those that follow.
    fn words_of(&self, offset: usize, len: usize) -> Option<(&[AtomicU64], &[AtomicU64])> {
        let end = offset.checked_add(len)?;
        if end > self.map.len || !offset.is_multiple_of(8) {
            return None;
        }
        self.words().get(offset / 8..)?.split_at_checked(len / 8)
    }

    /// Borrows bytes; `None` where they are not within the memory.
    ///
    /// # Safety
    ///
    /// As long as the borrow lives, nobody writes them, in this process or another.
    pub(in crate::shm) unsafe fn part(&self, offset: usize, len: usize) -> Option<&[u8]> {
        if offset.checked_add(len).is_none_or(|end| end > self.map.len) {
            return None;
        }
        // SAFETY: `add` requires the result to lie within the allocation: checked above.
        let start = unsafe { self.map.ptr.add(offset) };
        // SAFETY: `from_raw_parts` requires mapped bytes (checked above) that nobody writes: this
        // function's contract.
        Some(unsafe { slice::from_raw_parts(start.as_ptr(), len) })
    }

    /// Borrows bytes to write; `None` where they are not within the memory.
    ///
    /// # Safety
    ///
    /// As long as the borrow lives, nobody else reads or writes them, in this process or another.
    #[expect(clippy::mut_from_ref, reason = "the contract says so")]
    pub(in crate::shm) unsafe fn part_mut(&self, offset: usize, len: usize) -> Option<&mut [u8]> {
        if offset.checked_add(len).is_none_or(|end| end > self.map.len) {
            return None;
        }
        // SAFETY: `add` requires the result to lie within the allocation: checked above.
        let start = unsafe { self.map.ptr.add(offset) };
        // SAFETY: `from_raw_parts_mut` requires mapped bytes (checked above) that nobody else uses:
        // this function's contract.
        Some(unsafe { slice::from_raw_parts_mut(start.as_ptr(), len) })
    }
}
