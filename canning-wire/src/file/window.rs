//! A file read by position, through a window for its small parts.

use std::{fs::File, io};

/// The part of a file that small things are taken from.
///
/// It is as long as what is read next is likely to be near: 64 KiB where one asks for bytes that
/// follow soon, 4 KiB elsewhere.
#[derive(Debug)]
pub(super) struct Window {
    file: File,
    bytes: Vec<u8>,
    /// Where in the file the bytes start.
    start: u64,
}

const LONG: usize = 64 << 10;

const SHORT: usize = 4 << 10;

impl Window {
    pub(super) fn new(file: File) -> Self {
        Self { file, bytes: Vec::new(), start: 0 }
    }

    /// The length of the file now.
    pub(super) fn file_len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    #[cfg(feature = "mmap")]
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Forgets what was read, as the file may have changed.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The bytes from `at` on that are in the window.
    pub(super) fn there(&self, at: u64) -> &[u8] {
        let skip = at.checked_sub(self.start).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.bytes.get(skip..)).unwrap_or_default()
    }

    /// The `N` bytes from `at` on; `None` where the file ends before.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> io::Result<Option<&[u8; N]>> {
        Ok(self.slice(at, N)?.first_chunk())
    }

    /// The `len` bytes from `at` on, or fewer where the file ends before.
    pub(super) fn slice(&mut self, at: u64, len: usize) -> io::Result<&[u8]> {
        if self.there(at).len() < len {
            self.fill(at, len)?;
        }
        let there = self.there(at);
        Ok(there.get(..len).unwrap_or(there))
    }

    fn fill(&mut self, at: u64, len: usize) -> io::Result<()> {
        let near = self.start..=self.start + LONG as u64;
        let want = if near.contains(&at) && !self.bytes.is_empty() { LONG } else { SHORT };
        let want = want.max(len);
        self.bytes.try_reserve(want.saturating_sub(self.bytes.len()))?;
        self.start = at;
        self.bytes.resize(want, 0);
        let mut filled = 0;
        while filled < len {
            let space = self.bytes.get_mut(filled..).unwrap_or_default();
            match read_at(&self.file, space, at + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.bytes.clear();
                    return Err(error);
                }
            }
        }
        self.bytes.truncate(filled);
        Ok(())
    }

    /// Reads from the window, or else straight to where the bytes go; says how many, and whether
    /// they were copied from the window.
    pub(super) fn read(&self, at: u64, space: &mut [u8]) -> io::Result<(usize, bool)> {
        let there = self.there(at);
        if there.is_empty() {
            return Ok((read_at(&self.file, space, at)?, false));
        }
        let len = there.len().min(space.len());
        let space = space.get_mut(..len).unwrap_or_default();
        space.copy_from_slice(there.get(..len).unwrap_or_default());
        Ok((len, true))
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

#[cfg(not(any(unix, windows)))]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = file;
    file.seek(SeekFrom::Start(at))?;
    file.read(bytes)
}
