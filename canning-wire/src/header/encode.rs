//! Writing a header: the canner of the native format.

use std::mem;

use canning_core::{Buffer, buffer::ArrayLayout};

use crate::header::{
    cbor::{self, head},
    dtypes::DtypeWriter,
    front::BufferEntry,
    names::{NameWriter, RecentHeads},
};

mod canner;
mod finish;

/// Room for what stands before the body and is known after it.
const HEADROOM: usize = 128;

/// What one encoder after the other works with.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// Memory for body and tail.
    body: Vec<u8>,
    tail: Vec<u8>,
    dtypes: DtypeWriter,
    names: NameWriter,
}

/// Collects header and buffers of one value.
#[derive(Debug)]
pub(crate) struct Encoder<'a, 's> {
    /// The body, after [`HEADROOM`] bytes.
    body: Vec<u8>,
    /// Bytes of small arrays.
    tail: Vec<u8>,
    /// Its tables; it gets the memory back.
    scratch: &'s mut Scratch,
    recent: RecentHeads,
    table: Vec<BufferEntry>,
    buffers: Vec<Buffer<'a>>,
    /// Buffers of more bytes go out of band.
    inline_threshold: usize,
    /// How many `begin_inline` are open.
    inline: u32,
    /// How many `begin_some` came directly before, if nothing was written since: then the
    /// length of the body is still `somes_at`.
    somes: u32,
    somes_at: usize,
    /// Where body and tail were when the last list began.
    list: (usize, usize),
}

impl<'a, 's> Encoder<'a, 's> {
    #[inline]
    pub(crate) fn new(scratch: &'s mut Scratch, inline_threshold: usize) -> Self {
        let mut body = mem::take(&mut scratch.body);
        let mut tail = mem::take(&mut scratch.tail);
        body.clear();
        body.reserve(2 * HEADROOM);
        body.extend_from_slice(&[0; HEADROOM]);
        tail.clear();
        scratch.dtypes.restart();
        scratch.names.restart();
        Self {
            body,
            tail,
            scratch,
            recent: RecentHeads::NONE,
            table: Vec::new(),
            buffers: Vec::new(),
            inline_threshold,
            inline: 0,
            somes: 0,
            somes_at: 0,
            list: (0, 0),
        }
    }

    #[inline]
    fn uint(&mut self, value: u64) {
        head(&mut self.body, cbor::UNSIGNED, value);
    }

    #[inline]
    fn begin(&mut self, code: u8, items: usize) {
        head(&mut self.body, cbor::ARRAY, items as u64 + 1);
        self.body.push(code);
    }

    fn big(&mut self, tag: u8, value: u128) {
        let bytes = value.to_be_bytes();
        let zeros = value.leading_zeros() as usize / 8;
        let digits = bytes.get(zeros..).unwrap_or_default();
        self.body.push(tag);
        head(&mut self.body, cbor::BYTES, digits.len() as u64);
        self.body.extend_from_slice(digits);
    }

    /// Writes shape and axes: a single number for one forward axis.
    fn layout(&mut self, layout: &ArrayLayout) {
        match (layout.shape(), layout.axes()) {
            ([len], None) => self.uint(*len as u64),
            (shape, axes) => {
                self.shape(shape);
                let Some(axes) = axes else { return };
                head(&mut self.body, cbor::ARRAY, axes.len() as u64);
                for axis in axes {
                    let major = if axis.reversed { cbor::NEGATIVE } else { cbor::UNSIGNED };
                    head(&mut self.body, major, axis.index as u64);
                }
            }
        }
    }

    fn shape(&mut self, shape: &[usize]) {
        head(&mut self.body, cbor::ARRAY, shape.len() as u64);
        shape.iter().for_each(|len| self.uint(*len as u64));
    }

    fn align_tail(&mut self, align: usize) {
        let start = self.tail.len().next_multiple_of(align);
        self.tail.resize(start, 0);
    }

    fn is_in_band(&self, bytes: usize) -> bool {
        bytes <= self.inline_threshold || self.inline > 0 || bytes == 0
    }

    fn buffer(&mut self, dtype: u64, buffer: Buffer<'a>) {
        self.uint(self.buffers.len() as u64);
        self.table.push(BufferEntry { len: buffer.len() as u64, dtype });
        self.buffers.push(buffer);
    }
}
