//! The bytes of one message in a file, as a stream.

use std::io::{self, Read};

use super::{
    progress::{Task, Watcher},
    window::Window,
};
use crate::checksum::{self, PIECE};

/// The payload of a record, read through a window where it is there, and else straight to where the
/// bytes go.
#[derive(Debug)]
pub(super) struct Payload<'w> {
    window: &'w Window,
    watcher: &'w mut Watcher,
    at: u64,
    end: u64,
    len: u64,
    /// The checksum of what was read, where it is wanted.
    checksum: Option<u32>,
    /// Bytes that came from the window.
    pub(super) copied: u64,
}

impl<'w> Payload<'w> {
    pub(super) fn new(
        window: &'w Window,
        watcher: &'w mut Watcher,
        at: u64,
        len: u64,
        has_checksum: bool,
    ) -> Self {
        let checksum = has_checksum.then_some(0);
        Self { window, watcher, at, end: at + len, len, checksum, copied: 0 }
    }

    /// Bytes that were not read.
    pub(super) fn left(&self) -> u64 {
        self.end - self.at
    }

    /// The checksum of all bytes, where it was wanted.
    pub(super) fn checksum(&self) -> Option<u32> {
        self.checksum
    }
}

impl Read for Payload<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.left()).unwrap_or(usize::MAX);
        // Pieces that are still in the cache when they are summed up, and after which one is told.
        let most = left.min(space.len()).min(PIECE);
        let space = space.get_mut(..most).unwrap_or_default();
        let (len, is_copied) = self.window.read(self.at, space)?;
        if let Some(checksum) = &mut self.checksum {
            *checksum = checksum::append(*checksum, space.get(..len).unwrap_or_default());
        }
        self.at += len as u64;
        self.copied += if is_copied { len as u64 } else { 0 };
        self.watcher.tell(Task::Reading, self.len - self.left(), self.len);
        Ok(len)
    }
}
