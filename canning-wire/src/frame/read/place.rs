//! Arrays that exist already, into which buffers are read.

use std::fmt;

use canning_core::{Dtype, Element, Error, ErrorKind, Result, buffer::bytes_mut};

/// An array that exists already, for a buffer to be read into: see
/// [`read_message_into`](crate::read_message_into).
pub struct Place<'p> {
    pub(super) bytes: &'p mut [u8],
    pub(super) dtype: &'static Dtype,
}

impl<'p> Place<'p> {
    /// The memory of a slice; of an array of more dimensions, that of all its items.
    ///
    /// # Errors
    ///
    /// Where not all bits are items, as for `bool` and `char`; and where the machine's byte order
    /// is not that of the wire, which is little-endian.
    pub fn new<T: Element>(items: &'p mut [T]) -> Result<Self> {
        if cfg!(target_endian = "big") {
            return Err(Error::custom("only little-endian machines read into existing arrays"));
        }
        match bytes_mut(items) {
            Some(bytes) => Ok(Self { bytes, dtype: T::DTYPE }),
            None => Err(Error::custom(
                "not all bits are items of this type, so that nothing can be read into them",
            )),
        }
    }

    /// Refuses a buffer of another dtype or length.
    pub(super) fn check(&self, dtype: &Dtype, len: usize) -> Result<()> {
        if dtype != self.dtype {
            let (expected, found) = (self.dtype.clone(), dtype.clone());
            return Err(ErrorKind::Dtype { expected, found }.into());
        }
        if len != self.bytes.len() {
            let (expected, found) = (self.bytes.len(), len);
            return Err(ErrorKind::BufferLength { expected, found }.into());
        }
        Ok(())
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("len", &self.bytes.len())
            .field("dtype", &self.dtype)
            .finish_non_exhaustive()
    }
}
