//! A value as a pickle and its buffers.

use canning_core::{Buffer, Copied};

pub(crate) mod graph;

/// A value taken apart into a pickle, the header, and buffers: freshly canned, or received.
///
/// The same header and buffers are what `pickle.loads(header, buffers=buffers)` reads, or
/// `ipyparallel.serialize.deserialize_object([header, *buffers])`, as the case may be.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    header: Buffer<'a>,
    buffers: Vec<Buffer<'a>>,
    /// How the buffers belong to the header.
    dialect: Dialect,
    copied: Copied,
}

/// How a header refers to its buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// By `NEXT_BUFFER`, in any depth (PEP 574).
    Pickle,
    /// By the `None`s in the `buffers` of `CannedArray` and its like, at the top or one container
    /// below it.
    Ipyparallel,
}

impl<'a> Object<'a> {
    /// What a pickler wrote; `copied` counts the arrays that went into the header.
    pub(crate) fn fresh(
        header: Vec<u8>,
        buffers: Vec<Buffer<'a>>,
        dialect: Dialect,
        copied: Copied,
    ) -> Self {
        Self { header: header.into(), buffers, dialect, copied }
    }

    /// Who reads it: how the header refers to the buffers.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The flat list: the header, then the buffers.
    pub fn into_blobs(self) -> Vec<Buffer<'a>> {
        let mut blobs = self.buffers;
        blobs.insert(0, self.header);
        blobs
    }
}
