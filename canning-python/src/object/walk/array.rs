//! Arrays and bytes on their way into Rust's types.

use std::borrow::Cow;

use canning_core::{
    Buffer, Copied, Dtype, Elem, ErrorKind, Result, Scalar, SharedBytes,
    buffer::{Allocation, ArrayLayout, ReceivedArray},
    visitor::Kind,
};

use super::{
    Buffers, Next, Walker,
    explain::Obstacle,
    layout::{convert, dense, gather, gathered},
    time,
};
use crate::{
    numpy::weight_of_axes,
    object::{
        graph::Source,
        view::{ArrayView, Memory, Place, View},
    },
};

impl<'b> Walker<'b, '_> {
    pub(super) fn received(&mut self) -> Result<ReceivedArray<'b>> {
        let next = match self.take()? {
            Next::View(View::Array(array)) => return self.receive(&array),
            next => next,
        };
        let array = match &next {
            Next::View(View::Scalar(scalar)) => ArrayView::of_scalar(scalar),
            Next::View(
                View::Bytes(memory) | View::ByteArray(memory) | View::MemoryView(memory),
            ) => ArrayView::of_bytes(*memory),
            // One that is masked has values that are none.
            Next::View(View::Subclass(subclass)) => match (subclass.data(), subclass.mask()) {
                (View::Array(array), None) => array.clone(),
                _ => return Err(self.wrong(Kind::Array, &next)),
            },
            Next::View(View::Complex(real, imaginary)) => {
                let bytes: Vec<u8> =
                    [real, imaginary].iter().flat_map(|part| part.to_le_bytes()).collect();
                let layout = ArrayLayout::no_axes();
                return moved(Scalar::Complex128.into(), layout, aligned(&bytes, 8)?);
            }
            Next::View(View::Opaque(object)) => match time::scalar(object) {
                Some((dtype, count)) => {
                    let item = aligned(&count.to_le_bytes(), 8)?;
                    return moved(dtype, ArrayLayout::no_axes(), item);
                }
                None => return Err(self.wrong(Kind::Array, &next)),
            },
            Next::Slice(bytes) => {
                self.give(bytes)?;
                let layout = ArrayLayout::one_axis(bytes.len());
                let owner = self.header;
                return ReceivedArray::in_band(Cow::Owned(Scalar::U8.into()), layout, bytes, owner);
            }
            Next::Bytes(bytes) => {
                let layout = ArrayLayout::one_axis(bytes.len());
                return moved(Scalar::U8.into(), layout, aligned(bytes, 1)?);
            }
            _ => return Err(self.wrong(Kind::Array, &next)),
        };
        self.receive(&array)
    }

    fn receive(&mut self, array: &ArrayView<'b>) -> Result<ReceivedArray<'b>> {
        self.obstacle = None;
        let memory = array.memory();
        self.give_memory(memory)?;
        self.visit(array.dtype().weight())?;
        self.visit(weight_of_axes(array.shape().len()))?;
        let dense = dense(array)?;
        if let (Some(dense), Some(dtype)) = (&dense, array.dtype().to_same_core()) {
            return self.in_place(memory, dtype, dense.layout.clone(), dense.range.clone());
        }
        let conversion = array.dtype().to_core()?;
        if let (Some(dense), true) = (&dense, conversion.is_identity()) {
            let dtype = conversion.into_dtype();
            return self.in_place(memory, dtype, dense.layout.clone(), dense.range.clone());
        }
        self.obstacle = Some(Obstacle::of_copied(array, conversion.is_identity()));
        // What overlaps, or fields that do, may be more than there is memory.
        let layout = match &dense {
            Some(dense) => dense.layout.clone(),
            None => gathered(array)?,
        };
        let size = conversion.dtype().item_size();
        let bytes = layout.stored_count().saturating_mul(size);
        if bytes > memory.len() {
            self.expand(bytes)?;
        }
        let converted = self.with_bytes(memory, |found| match &dense {
            Some(dense) => {
                let items = found.get(dense.range.clone()).unwrap_or_default();
                convert(items, &conversion, &layout)
            }
            None => gather(array, found, &conversion, &layout),
        })?;
        self.count(memory, converted.len());
        moved(conversion.into_dtype(), layout, converted)
    }

    /// An array of which nothing has to be changed.
    fn in_place(
        &mut self,
        memory: Memory<'b>,
        dtype: Dtype,
        layout: ArrayLayout,
        range: std::ops::Range<usize>,
    ) -> Result<ReceivedArray<'b>> {
        let is_whole = range == (0..memory.len());
        let (index, len) = match memory.place {
            Place::Pickle { bytes, source } => {
                self.obstacle = Some(Obstacle::InHeader);
                let part = bytes.get(range).unwrap_or_default();
                let owner = self.owner(source);
                return ReceivedArray::in_band(Cow::Owned(dtype), layout, part, owner);
            }
            Place::Buffer { index, len } => (index, len),
        };
        let at = index as usize;
        let taken = || ErrorKind::BufferTaken { index: at };
        match &mut self.buffers {
            Buffers::View(buffers) => {
                let buffers: &'b [Buffer<'b>] = buffers;
                let buffer =
                    buffers.get(at).filter(|buffer| buffer.len() == len).ok_or_else(taken)?;
                if is_whole {
                    return ReceivedArray::viewed(Cow::Owned(dtype), layout, buffer);
                }
                match buffer.as_slice() {
                    Some(bytes) => {
                        let part = bytes.get(range).unwrap_or_default();
                        ReceivedArray::in_band(Cow::Owned(dtype), layout, part, buffer.as_shared())
                    }
                    None => {
                        let whole = buffer.to_allocation(1)?;
                        let part = whole.as_slice().get(range).unwrap_or_default();
                        let part = aligned(part, dtype.align())?;
                        self.copied.out_of_band += part.len() as u64;
                        moved(dtype, layout, part)
                    }
                }
            }
            Buffers::Take { slots, shared } => {
                let slot = slots.get_mut(at).ok_or_else(taken)?;
                let buffer = match slot {
                    Some(_) if is_whole && !shared.contains(&index) => {
                        self.moved += 1;
                        slot.take()
                    }
                    Some(buffer) if is_whole => Some(buffer.clone()),
                    Some(buffer) => Some(match buffer.part(range.clone()) {
                        Some(part) => part,
                        None => {
                            let whole = buffer.to_allocation(1)?;
                            let part = whole.as_slice().get(range).unwrap_or_default();
                            aligned(part, dtype.align())?.into()
                        }
                    }),
                    None => None,
                };
                ReceivedArray::moved(Cow::Owned(dtype), layout, buffer.ok_or_else(taken)?)
            }
        }
    }

    /// Bytes of a plain value: borrowed where they stay, taken over where they move.
    pub(super) fn plain_bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        let next = self.take()?;
        let memory = match next {
            Next::Slice(bytes) => {
                self.give(bytes)?;
                return Ok(Cow::Borrowed(bytes));
            }
            Next::Bytes(bytes) => return Ok(Cow::Owned(bytes)),
            Next::View(
                View::Bytes(memory) | View::ByteArray(memory) | View::MemoryView(memory),
            ) => memory,
            Next::View(View::Scalar(ref scalar)) if super::kind::of(&next) == Kind::Bytes => {
                self.give_memory(scalar.memory())?;
                let mut bytes = scalar.memory().to_bytes()?.into_owned();
                let len = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                bytes.truncate(len);
                return Ok(Cow::Owned(bytes));
            }
            next => return Err(self.wrong(Kind::Bytes, &next)),
        };
        self.give_memory(memory)?;
        let Place::Buffer { index, len } = memory.place else {
            return memory.to_bytes();
        };
        if let Buffers::Take { slots, shared } = &mut self.buffers {
            let index_of = index as usize;
            let slot = slots.get_mut(index_of).filter(|slot| slot.is_some());
            let slot = slot.ok_or(ErrorKind::BufferTaken { index: index_of })?;
            let buffer = if shared.contains(&index) { slot.clone() } else { slot.take() };
            let Some(buffer) = buffer else { return Ok(Cow::Borrowed(&[])) };
            self.moved += usize::from(slot.is_none());
            let buffer = match buffer.try_into_allocation() {
                Ok(allocation) => match allocation.try_into_vec(Elem::<u8>::of()) {
                    Ok(bytes) => return Ok(Cow::Owned(bytes)),
                    Err(allocation) => Buffer::from(allocation),
                },
                Err(buffer) => buffer,
            };
            self.copied.out_of_band += len as u64;
            let mut bytes = Vec::new();
            bytes.try_reserve_exact(len).map_err(|_full| ErrorKind::OutOfMemory { bytes: len })?;
            buffer.segments().for_each(|segment| bytes.extend_from_slice(segment));
            return Ok(Cow::Owned(bytes));
        }
        memory.to_bytes()
    }

    pub(super) fn with_bytes<R>(
        &self,
        memory: Memory<'b>,
        run: impl FnOnce(&[u8]) -> Result<R>,
    ) -> Result<R> {
        match (memory.place, &self.buffers) {
            (Place::Buffer { index, .. }, Buffers::Take { slots, .. }) => {
                let index = index as usize;
                let buffer = slots.get(index).and_then(Option::as_ref);
                let buffer = buffer.ok_or(ErrorKind::BufferTaken { index })?;
                match buffer.as_slice() {
                    Some(bytes) => run(bytes),
                    None => run(buffer.to_allocation(1)?.as_slice()),
                }
            }
            _ => run(&memory.to_bytes()?),
        }
    }

    /// What keeps the bytes of a pickle alive.
    fn owner(&self, source: Source) -> Option<&'b SharedBytes> {
        match source {
            Source::Header => self.header,
            Source::Made(index) => self.reader.graph.made(index),
            Source::Buffer(index) => self.reader.sources.buffers.get(index as usize)?.as_shared(),
        }
    }

    fn count(&mut self, memory: Memory<'b>, bytes: usize) {
        match memory.buffer_index() {
            Some(_) => self.copied.out_of_band += bytes as u64,
            None => self.copied.in_band += bytes as u64,
        }
    }

    pub(super) fn count_in_band(&mut self, bytes: usize) {
        self.copied += Copied { in_band: bytes as u64, out_of_band: 0 };
    }
}

fn moved<'b>(dtype: Dtype, layout: ArrayLayout, items: Allocation) -> Result<ReceivedArray<'b>> {
    ReceivedArray::moved(Cow::Owned(dtype), layout, items.into())
}

fn aligned(bytes: &[u8], align: usize) -> Result<Allocation> {
    let mut allocation = Allocation::zeroed(bytes.len(), align)?;
    allocation.as_mut_slice().copy_from_slice(bytes);
    Ok(allocation)
}
