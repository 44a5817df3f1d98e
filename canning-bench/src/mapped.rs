//! Memory that is mapped. What nobody may do meanwhile, the benchmarks do not: only one of them
//! runs at a time, on files and memory that it made itself.

use std::{fs::File, path::Path};

use canning_wire::{Limits, file::Map};
use memmap2::Mmap;

/// Maps a file of a [`Scratch`](crate::files::Scratch).
pub(crate) fn file(path: &Path) -> Mmap {
    let file = File::open(path).unwrap();
    // SAFETY: `Mmap::map` requires that the file is not modified while it is mapped: files of a
    // scratch directory are written once, by this process, and have no other name.
    unsafe { Mmap::map(&file) }.unwrap()
}

/// The same, by canning.
pub(crate) fn messages(path: &Path) -> Map {
    // SAFETY: as in `file`.
    unsafe { Map::open(path, Limits::default()) }.unwrap()
}

#[cfg(target_os = "linux")]
pub(crate) use self::shared::{part, part_mut, read_only, writable};

/// Memory that two threads take turns with: whoever has it says so over a socket, and waits.
#[cfg(target_os = "linux")]
mod shared {
    use std::fs::File;

    use canning_wire::shm::SharedPool;
    use memmap2::{Mmap, MmapMut};

    /// Maps what another has written, and does not write as long as it is mapped.
    pub(crate) fn read_only(memory: &File) -> Mmap {
        // SAFETY: `Mmap::map` requires that nobody writes meanwhile: the others wait.
        unsafe { Mmap::map(memory) }.unwrap()
    }

    /// Maps memory to be written in turns with others.
    pub(crate) fn writable(memory: &File) -> MmapMut {
        // SAFETY: `MmapMut::map_mut` requires that nobody else uses it meanwhile: the others wait.
        unsafe { MmapMut::map_mut(memory) }.unwrap()
    }

    /// The first bytes of a pool, to be read in turn.
    pub(crate) fn part(pool: &SharedPool, len: usize) -> &[u8] {
        // SAFETY: `view` requires that nobody writes meanwhile: the others wait.
        unsafe { pool.view(0, len) }.unwrap()
    }

    /// All of a pool, to be written in turn.
    pub(crate) fn part_mut(pool: &mut SharedPool) -> &mut [u8] {
        // SAFETY: `view_mut` requires that nobody else uses it meanwhile: of this process no
        // other map (it is borrowed mutably), and the others wait.
        unsafe { pool.view_mut(0, pool.len()) }.unwrap()
    }
}
