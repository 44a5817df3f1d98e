//! Seals: what the system promises of memory.

use rustix::{
    fs::{
        FallocateFlags, FileType, MemfdFlags, SealFlags, fallocate, fcntl_add_seals,
        fcntl_get_seals, fstat, fstatfs, ftruncate, memfd_create,
    },
    io::retry_on_intr,
};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::{error::ShmError, map::check_possible};
use crate::{error::Result, frame::limit};

/// Memory that nobody can write, make shorter or longer; and that stays so.
#[derive(Debug)]
pub(super) struct SealedFd {
    /// # Invariants
    ///
    /// 0. Has the seals of `CONSTANT`.
    fd: OwnedFd,
    /// # Invariants
    ///
    /// 1. Its length, all of which is there; not zero.
    len: usize,
}

impl SealedFd {
    /// Seals memory that is not mapped to be written any more.
    pub(super) fn seal(fd: OwnedFd) -> Result<Self> {
        fcntl_add_seals(&fd, CONSTANT)
            .map_err(|error| ShmError::system("seal the memory", error))?;
        Self::check(fd, u64::MAX)
    }

    /// Asks the system what a descriptor is, of which nothing is believed.
    pub(super) fn check(fd: OwnedFd, most: u64) -> Result<Self> {
        check_seals(fd.as_fd(), CONSTANT)?;
        let len = check_len(fd.as_fd(), most)?;
        // Invariants 0 and 1: it is sealed, so that the length was final when it was asked for.
        Ok(Self { fd, len })
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

/// Memory that may be written, but keeps its length.
#[derive(Debug)]
pub(super) struct FixedFd {
    /// # Invariants
    ///
    /// 0. Has the seals of `FIXED`.
    fd: OwnedFd,
    /// # Invariants
    ///
    /// 1. Its length, all of which is there; not zero.
    len: usize,
}

impl FixedFd {
    /// New memory, all of which is there.
    pub(super) fn new(len: usize) -> Result<Self> {
        let fd = new_memory(len)?;
        find_pages(&fd, len)?;
        fcntl_add_seals(&fd, FIXED).map_err(|error| ShmError::system("seal the memory", error))?;
        Self::check(fd, u64::MAX)
    }

    /// Asks the system what a descriptor is, of which nothing is believed.
    pub(super) fn check(fd: OwnedFd, most: u64) -> Result<Self> {
        check_seals(fd.as_fd(), FIXED)?;
        let len = check_len(fd.as_fd(), most)?;
        Ok(Self { fd, len })
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

/// New memory without a name, of so many zeros, of which nothing is there yet; a process that is
/// started does not inherit it.
pub(super) fn new_memory(len: usize) -> Result<OwnedFd, ShmError> {
    // The system would look for pages until none is left, for anybody.
    check_possible(len).map_err(|error| ShmError::system("find so much memory", error))?;
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let fd =
        memfd_create("canning", flags).map_err(|error| ShmError::system("make memory", error))?;
    ftruncate(&fd, len as u64).map_err(|error| ShmError::system("make memory", error))?;
    Ok(fd)
}

/// Has the system find all pages that are not there yet.
///
/// To find them at once takes less time than one by one, as they are written; and unmapping them
/// half the time that it takes after `MADV_POPULATE_WRITE`.
pub(super) fn find_pages(fd: &OwnedFd, len: usize) -> Result<(), ShmError> {
    let find = |start, len| fallocate(fd, FallocateFlags::empty(), start, len);
    in_pieces(len, find).map_err(|error| ShmError::system("find so much memory", error))
}

/// Calls `find` with the start and the length of each piece, again where a signal ends it: it gives
/// back then what it has found of the piece.
fn in_pieces(
    len: usize,
    mut find: impl FnMut(u64, u64) -> rustix::io::Result<()>,
) -> rustix::io::Result<()> {
    for start in (0..len).step_by(PIECE) {
        let piece = PIECE.min(len - start);
        retry_on_intr(|| find(start as u64, piece as u64))?;
    }
    Ok(())
}

/// Refuses what is no memory, or has fewer seals.
fn check_seals(fd: BorrowedFd<'_>, wanted: SealFlags) -> Result<(), ShmError> {
    let seals = fcntl_get_seals(fd).map_err(|_no_seals| ShmError::NotMemory)?;
    let missing = wanted.difference(seals);
    match missing.is_empty() {
        true => Ok(()),
        false => Err(ShmError::NotSealed { missing: missing.bits() }),
    }
}

/// Refuses memory that is longer than `most`, or not all there: reading a hole may find no memory
/// to fill it, which ends the process.
fn check_len(fd: BorrowedFd<'_>, most: u64) -> Result<usize> {
    let stat =
        fstat(fd).map_err(|error| ShmError::system("ask for the length of memory", error))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(ShmError::NotMemory.into());
    }
    // Of huge pages that were set aside (`MFD_HUGETLB`) only whole ones can be unmapped.
    let system = fstatfs(fd).map_err(|error| ShmError::system("ask what memory is", error))?;
    if u64::try_from(system.f_type) != Ok(TMPFS) {
        return Err(ShmError::NotMemory.into());
    }
    let len = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
    let present = u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512);
    limit("length of shared memory", most, len)?;
    if len == 0 || present < len {
        return Err(ShmError::Holes { len, present }.into());
    }
    let too_long = |_too_long| ShmError::Holes { len, present };
    Ok(usize::try_from(len).map_err(too_long)?)
}

/// Found in one call: short enough to be done before the next signal of a timer or a profiler.
const PIECE: usize = 4 << 20;

/// What makes memory constant.
const CONSTANT: SealFlags =
    SealFlags::SEAL.union(SealFlags::SHRINK).union(SealFlags::GROW).union(SealFlags::WRITE);

/// What keeps memory at its length.
const FIXED: SealFlags = SealFlags::SEAL.union(SealFlags::SHRINK).union(SealFlags::GROW);

/// What `statfs` says of ordinary shared memory.
const TMPFS: u64 = 0x0102_1994;

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    /// Signals come so often that no more than eight MiB can be found between two of them.
    #[test]
    fn signals_keep_no_pages_from_being_found() {
        let most = 8 << 20;
        for len in [1, PIECE - 1, PIECE, PIECE + 1, 100 << 20, (100 << 20) + 4096] {
            let (mut found, mut calls, mut left) = (0, 0, 0);
            let find = |start, piece| {
                assert_eq!(start, found, "each page once");
                calls += 1;
                assert!(calls < 1000, "it is never found");
                if piece > left {
                    left = most;
                    return Err(Errno::INTR);
                }
                left -= piece;
                found += piece;
                Ok(())
            };
            in_pieces(len, find).unwrap();
            assert_eq!(found, len as u64);
        }
        let mut calls = 0;
        let find = |_, _| {
            calls += 1;
            Err(Errno::NOSPC)
        };
        assert_eq!(in_pieces(100 << 20, find), Err(Errno::NOSPC));
        assert_eq!(calls, 1, "what fails is not tried again");
    }
}
