//! The bytes of bytes and arrays.

use std::{borrow::Cow, fmt};

use canning_core::{Buffer, ErrorKind, Result};

use crate::object::{
    graph::{Id, Node, Source},
    reader::Reader,
};

/// Bytes of a received object: in its header, or a buffer.
#[derive(Clone, Copy)]
pub struct Memory<'o> {
    buffers: &'o [Buffer<'o>],
    pub(crate) place: Place<'o>,
    readonly: bool,
}

/// Where bytes stand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'o> {
    /// In the header, in the pickle in a buffer, or in memory that the reader made.
    Pickle { bytes: &'o [u8], source: Source },
    /// The whole of a buffer.
    Buffer { index: u32, len: usize },
}

impl<'o> Memory<'o> {
    /// The length of a buffer of which only the header is there.
    pub(crate) const LEN_NOT_KNOWN: usize = usize::MAX;

    /// The memory that an object is; `None` if it is none.
    pub(crate) fn of(reader: Reader<'o>, id: Id) -> Result<Option<Self>> {
        let buffers = reader.sources.buffers;
        let (span, readonly) = match *reader.node(id) {
            Node::Bytes(span) => (span, true),
            Node::ByteArray(span) => (span, false),
            Node::Buffer { index, readonly } => {
                let len = reader.lens.get(index as usize);
                let (expected, found) = (index as usize + 1, reader.lens.len());
                let len = *len.ok_or(ErrorKind::BufferCount { expected, found })?;
                let place = Place::Buffer { index, len };
                return Ok(Some(Self { buffers, place, readonly }));
            }
            _ => return Ok(None),
        };
        let place = Place::Pickle { bytes: reader.bytes(span)?, source: span.source };
        Ok(Some(Self { buffers, place, readonly }))
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        match self.place {
            Place::Pickle { bytes, .. } => bytes.len(),
            Place::Buffer { len, .. } => len,
        }
    }

    /// Whether so many bytes are all of them, as far as is known.
    pub(super) fn is_as_long_as(&self, len: usize) -> bool {
        [len, Self::LEN_NOT_KNOWN].contains(&self.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the buffer that they are; `None` where they stand in a pickle.
    pub fn buffer_index(&self) -> Option<usize> {
        match self.place {
            Place::Pickle { .. } => None,
            Place::Buffer { index, .. } => Some(index as usize),
        }
    }

    /// Whether Python must not write to them.
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }

    /// The bytes, if they lie in one run of memory and were not moved out.
    pub fn as_slice(&self) -> Option<&'o [u8]> {
        match self.place {
            Place::Pickle { bytes, .. } => Some(bytes),
            Place::Buffer { .. } => self.buffer().ok()?.as_slice(),
        }
    }

    /// The bytes: as they lie, or joined where they lie in several pieces.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferTaken`] where they were moved out, and [`ErrorKind::OutOfMemory`].
    pub fn to_bytes(&self) -> Result<Cow<'o, [u8]>> {
        if let Place::Pickle { bytes, .. } = self.place {
            return Ok(Cow::Borrowed(bytes));
        }
        let buffer = self.buffer()?;
        if let Some(bytes) = buffer.as_slice() {
            return Ok(Cow::Borrowed(bytes));
        }
        let mut bytes = Vec::new();
        let len = buffer.len();
        bytes.try_reserve_exact(len).map_err(|_full| ErrorKind::OutOfMemory { bytes: len })?;
        for segment in buffer.segments() {
            bytes.extend_from_slice(segment);
        }
        Ok(Cow::Owned(bytes))
    }

    fn buffer(&self) -> Result<&'o Buffer<'o>> {
        let Place::Buffer { index, len } = self.place else {
            return Err(ErrorKind::NotContiguous.into());
        };
        let index = index as usize;
        let buffer = self.buffers.get(index).filter(|buffer| buffer.len() == len);
        buffer.ok_or_else(|| ErrorKind::BufferTaken { index }.into())
    }
}

impl fmt::Debug for Memory<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Memory");
        if let Some(index) = self.buffer_index() {
            text.field("buffer", &index);
        }
        text.field("len", &self.len()).field("readonly", &self.readonly).finish()
    }
}
