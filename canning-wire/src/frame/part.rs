//! What of a frame was damaged.

use std::fmt;

use crate::error::{Error, ErrorKind, Result};

/// A part of a frame that has a checksum, or is compressed.
///
/// Objects and buffers are numbered from 0, the buffers within their object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// What stands before the first blob: the frame's numbers and its table of lengths.
    Table,
    /// A header.
    Header {
        /// The number of the object.
        object: usize,
    },
    /// A buffer.
    Buffer {
        /// The number of the object.
        object: usize,
        /// The number of the buffer.
        buffer: usize,
    },
}

impl Part {
    /// Refuses it where its checksum is not the one that was written.
    pub(super) fn check(self, found: u32, written: &[u8]) -> Result<()> {
        if written != found.to_le_bytes() {
            return Err(Error::new(ErrorKind::Checksum { part: self }, 0));
        }
        Ok(())
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str("the frame's table"),
            Self::Header { object } => write!(f, "the header of object {object}"),
            Self::Buffer { object, buffer } => write!(f, "buffer {buffer} of object {object}"),
        }
    }
}
