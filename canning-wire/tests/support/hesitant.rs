//! Streams that take and give little at a time.

use std::io::{self, IoSlice, Read, Write};

/// Takes at most `most` bytes a call, and fails every other call.
pub struct Hesitant<T> {
    pub inner: T,
    pub most: usize,
    error: io::ErrorKind,
    fail: bool,
}

impl<T> Hesitant<T> {
    pub fn new(inner: T, most: usize, error: io::ErrorKind) -> Self {
        Self { inner, most, error, fail: false }
    }

    fn hesitate(&mut self) -> io::Result<()> {
        self.fail = !self.fail;
        if self.fail { Err(self.error.into()) } else { Ok(()) }
    }
}

impl<W: Write> Write for Hesitant<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hesitate()?;
        self.inner.write(&bytes[..bytes.len().min(self.most)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.hesitate()?;
        let mut left = self.most;
        for slice in slices {
            let len = slice.len().min(left);
            self.inner.write_all(&slice[..len])?;
            left -= len;
        }
        Ok(self.most - left)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hesitant<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.hesitate()?;
        let most = bytes.len().min(self.most);
        self.inner.read(&mut bytes[..most])
    }
}
