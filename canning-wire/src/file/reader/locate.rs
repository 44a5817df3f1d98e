//! From the position of a message to the head of its record.

#[cfg(feature = "mmap")]
use std::fs::File;

use super::Reader;
use crate::{
    error::Result,
    file::{
        error::{FileError, failed},
        record::{self, HEAD, Head},
    },
};

impl Reader {
    /// The head of the record of a message.
    pub(in crate::file) fn head_of(&mut self, position: u64) -> Result<Head> {
        let offset = self.offset_of(position)?;
        let bytes = self.window.array(offset).map_err(failed)?.copied();
        self.check_head(bytes.as_ref(), position, offset)
    }

    /// Where the record of a message starts.
    pub(in crate::file) fn offset_of(&self, position: u64) -> Result<u64> {
        match self.index.offset(position) {
            Some(0) => Err(FileError::Lost { position }.into()),
            Some(offset) => Ok(offset),
            None => Err(FileError::Position { position, len: self.len() }.into()),
        }
    }

    /// The head that these bytes are, if it is that of the message at `position`.
    pub(in crate::file) fn check_head(
        &self,
        bytes: Option<&[u8; HEAD]>,
        position: u64,
        offset: u64,
    ) -> Result<Head> {
        let head = bytes.and_then(|bytes| Head::parse(bytes, self.identity, offset));
        let is_it = |head: &Head| {
            let is_message = head.kind == record::MESSAGE && head.number == position;
            is_message && head.end() <= self.index.end
        };
        let head = head.filter(is_it).ok_or(FileError::Damaged { offset })?;
        match head.critical {
            0 => Ok(head),
            unknown => Err(FileError::Flags { unknown }.into()),
        }
    }
}

#[cfg(feature = "mmap")]
impl Reader {
    /// The end of the last whole record, and the file.
    pub(in crate::file) fn whole(&self) -> (u64, &File) {
        (self.index.end, self.window.file())
    }
}
