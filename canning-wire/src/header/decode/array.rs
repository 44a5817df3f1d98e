//! Arrays and text out of the tail, and out of buffers.

use std::{borrow::Cow, ptr};

use canning_core::{
    Dtype, ElementType, Error, ErrorKind, Result, Scalar,
    buffer::{ArrayLayout, Axis, ReceivedArray, Shape, room},
    visitor::Kind,
};

use super::{Buffers, Decoder};
use crate::header::{
    body, cbor,
    dtypes::ReceivedDtype,
    front::{BufferEntry, limit},
};

/// A dtype of the table that was compared with that of an element type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KnownDtype {
    /// The address of the element type's dtype; zero for none.
    address: usize,
    /// How a short array of it begins: `[3, dtype, …]`.
    head: [u8; 3],
    tail_align: usize,
}

impl<'b, 't> Decoder<'b, '_, 't> {
    /// Takes a short array of the element type that came last: `[3, dtype, len]` in four bytes.
    #[inline(always)]
    pub(super) fn short_array(
        &mut self,
        element: &'static ElementType,
    ) -> Result<Option<&'b [u8]>> {
        let known = self.met.dtype;
        match self.cursor.rest() {
            [a, b, c, len @ 0..24, rest @ ..]
                if [*a, *b, *c] == known.head
                    && known.address == ptr::from_ref(element.dtype()).addr() =>
            {
                let len = usize::from(*len).checked_mul(element.size());
                let len = len.ok_or_else(|| self.cursor.malformed("an array within the tail"))?;
                self.cursor.go_to(rest);
                self.take_tail(known.tail_align, len).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Takes an array of one axis out of the tail, if it is one of this element type.
    pub(super) fn array_in_tail(
        &mut self,
        element: &'static ElementType,
    ) -> Result<Option<&'b [u8]>> {
        let [0x83, body::IN_BAND, ..] = self.cursor.rest() else {
            return Ok(None);
        };
        let start = self.cursor.clone();
        self.cursor.advance(2);
        let dtype = self.cursor.head(cbor::UNSIGNED, "a dtype")?;
        let has_one_axis = self.cursor.peek()? >> 5 == cbor::UNSIGNED;
        let ReceivedDtype { dtype: found, tail_align } = self.dtype(dtype)?;
        if !has_one_axis || found != element.dtype() {
            self.cursor = start;
            return Ok(None);
        }
        let tail_align = *tail_align;
        if let Ok(number @ 0..24) = u8::try_from(dtype) {
            self.met.dtype = KnownDtype {
                address: ptr::from_ref(element.dtype()).addr(),
                head: [0x83, body::IN_BAND, number],
                tail_align,
            };
        }
        let len = self.len()?.checked_mul(element.size());
        let len = len.ok_or_else(|| start.malformed("an array within the tail"))?;
        self.take_tail(tail_align, len).map(Some)
    }

    pub(super) fn in_band_array(&mut self, parts: usize) -> Result<ReceivedArray<'b>> {
        let start = self.cursor.clone();
        if !matches!(parts, 2 | 3) {
            return Err(start.malformed("an array of three or four parts"));
        }
        let dtype = self.cursor.head(cbor::UNSIGNED, "a dtype")?;
        let layout = self.layout(parts - 1)?;
        let ReceivedDtype { dtype, tail_align } = self.dtype(dtype)?.clone();
        let len = layout.stored_count().checked_mul(dtype.item_size());
        let len = len.ok_or_else(|| start.malformed("an array within the tail"))?;
        let bytes = self.take_tail(tail_align, len)?;
        ReceivedArray::in_band(Cow::Owned(dtype), layout, bytes, self.header)
    }

    pub(super) fn out_of_band_array(&mut self, parts: usize) -> Result<ReceivedArray<'b>> {
        if !matches!(parts, 2 | 3) {
            return Err(self.cursor.malformed("an array of three or four parts"));
        }
        let entry = self.next_buffer()?;
        let layout = self.layout(parts - 1)?;
        self.buffer(entry, layout)
    }

    /// Text out of band: borrowed where it stays, taken over where it moves.
    #[cold]
    pub(super) fn text_buffer(&mut self) -> Result<Cow<'b, str>> {
        self.text_array()?.into_text().map(|(text, copied)| {
            self.copied += copied;
            text
        })
    }

    /// Text that is to be owned, and what that copies.
    pub(super) fn long_string(&mut self) -> Result<String> {
        if self.cursor.peek()? >> 5 == cbor::TEXT {
            let text = self.cursor.text()?;
            self.copied.in_band += text.len() as u64;
            return room::copied_text(text);
        }
        let text = self.text_buffer()?;
        match text {
            Cow::Borrowed(text) => {
                self.copied.out_of_band += text.len() as u64;
                room::copied_text(text)
            }
            Cow::Owned(text) => Ok(text),
        }
    }

    /// The bytes of text out of band.
    pub(super) fn text_array(&mut self) -> Result<ReceivedArray<'b>> {
        let start = self.cursor.clone();
        if self.begin(body::TEXT, Kind::Text)? != 1 {
            return Err(start.malformed("text of two parts"));
        }
        let entry = self.next_buffer()?;
        if self.dtype(entry.dtype)?.dtype != Dtype::Scalar(Scalar::U8) {
            return Err(start.malformed("text of the dtype |u1"));
        }
        let len = usize::try_from(entry.len).map_err(|_too_long| start.malformed("a shorter text"));
        self.buffer(entry, ArrayLayout::one_axis(len?))
    }

    /// Begins an array of items that are not elements, without counting its depth.
    pub(super) fn object_array(&mut self) -> Result<Shape> {
        let start = self.cursor.clone();
        let parts = self.begin(body::OBJECTS, Kind::ObjectArray)?;
        let shape = self.shape()?;
        let items = ArrayLayout::c_order(&shape)?.count();
        if items.checked_add(1) != Some(parts) {
            return Err(start.malformed("as many items as the shape asks for"));
        }
        Ok(shape)
    }

    /// Reads shape and axes, `parts` of them.
    fn layout(&mut self, parts: usize) -> Result<ArrayLayout> {
        if parts == 1 && self.cursor.peek()? >> 5 == cbor::UNSIGNED {
            return Ok(ArrayLayout::one_axis(self.len()?));
        }
        let start = self.cursor.clone();
        let shape = self.shape()?;
        if parts == 1 {
            return match shape.as_slice() {
                [_] => Err(start.malformed("a length instead of a shape of one axis")),
                shape => ArrayLayout::c_order(shape),
            };
        }
        let start = self.cursor.clone();
        let count = self.cursor.count(cbor::ARRAY, "axes")?;
        if count > shape.len() {
            return Err(start.malformed("axes of the shape"));
        }
        let mut axes = Vec::with_capacity(count);
        for _ in 0..count {
            let reversed = self.cursor.peek()? >> 5 == cbor::NEGATIVE;
            let major = if reversed { cbor::NEGATIVE } else { cbor::UNSIGNED };
            let index = self.cursor.head(major, "an axis")?;
            let index = usize::try_from(index).map_err(|_large| start.malformed("an axis"))?;
            axes.push(Axis { index, reversed });
        }
        let layout = ArrayLayout::new(&shape, Some(&axes))?;
        if layout.is_c_order() {
            return Err(start.malformed("no axes for an array in C order"));
        }
        Ok(layout)
    }

    fn shape(&mut self) -> Result<Shape> {
        let rank = self.cursor.count(cbor::ARRAY, "a shape")?;
        limit("number of axes", body::MOST_AXES as u64, rank as u64)?;
        let mut shape = Shape::new();
        for _ in 0..rank {
            let len = self.len()?;
            shape.push(len);
        }
        Ok(shape)
    }

    pub(super) fn len(&mut self) -> Result<usize> {
        let start = self.cursor.clone();
        let len = self.cursor.head(cbor::UNSIGNED, "a length")?;
        usize::try_from(len).map_err(|_too_long| start.malformed("a shorter axis"))
    }

    /// Takes bytes of the tail for items of a dtype.
    #[inline(always)]
    pub(super) fn take_tail(&mut self, align: usize, len: usize) -> Result<&'b [u8]> {
        let start = body::align_up(self.tail_at, align);
        let bytes = self.tail.get(start..).and_then(|rest| rest.get(..len));
        let bytes = bytes.ok_or_else(|| self.cursor.malformed("an array within the tail"))?;
        if start != self.tail_at {
            self.check_gap(start)?;
        }
        self.tail_at = start + len;
        Ok(bytes)
    }

    /// What an array's alignment skips are zeros: nothing hides there.
    #[cold]
    fn check_gap(&self, end: usize) -> Result<()> {
        let gap = self.tail.get(self.tail_at..end).unwrap_or_default();
        if gap.iter().any(|byte| *byte != 0) {
            return Err(self.cursor.malformed("zeros between arrays of the tail"));
        }
        Ok(())
    }

    /// Reads the number of a buffer, which must be the next; gives its entry.
    pub(super) fn next_buffer(&mut self) -> Result<BufferEntry> {
        let found = self.cursor.head(cbor::UNSIGNED, "the number of a buffer")?;
        let found = usize::try_from(found).unwrap_or(usize::MAX);
        let expected = self.next_buffer;
        let entry = self.buffer_table.get(found).filter(|_| found == expected);
        let entry = *entry.ok_or_else(|| {
            Error::new(ErrorKind::BufferReference { expected, found: Some(found) })
        })?;
        self.next_buffer += 1;
        Ok(entry)
    }

    /// Takes or shows the buffer that was referenced last, if it is as long as the layout asks
    /// for: one that contradicts its header stays where it is.
    fn buffer(&mut self, entry: BufferEntry, layout: ArrayLayout) -> Result<ReceivedArray<'b>> {
        let index = self.next_buffer.saturating_sub(1);
        let dtype = self.dtype(entry.dtype)?.dtype.clone();
        let expected = layout.stored_count().checked_mul(dtype.item_size());
        if expected.map(|expected| expected as u64) != Some(entry.len) {
            let expected = expected.unwrap_or(usize::MAX);
            let found = usize::try_from(entry.len).unwrap_or(usize::MAX);
            return Err(ErrorKind::BufferLength { expected, found }.into());
        }
        let dtype = Cow::Owned(dtype);
        let taken = || Error::new(ErrorKind::BufferTaken { index });
        match &mut self.buffers {
            Buffers::View(buffers) => {
                let buffer = buffers.get(index).ok_or_else(taken)?;
                if entry.len != buffer.len() as u64 {
                    return Err(taken());
                }
                ReceivedArray::viewed(dtype, layout, buffer)
            }
            Buffers::Take(buffers) => {
                let buffer = buffers.get_mut(index).and_then(Option::take).ok_or_else(taken)?;
                self.moved += 1;
                ReceivedArray::moved(dtype, layout, buffer)
            }
        }
    }

    fn dtype(&self, number: u64) -> Result<&'t ReceivedDtype> {
        let dtype = usize::try_from(number).ok().and_then(|number| self.tables.dtypes.get(number));
        dtype.ok_or_else(|| self.cursor.malformed("a dtype of the table"))
    }
}
