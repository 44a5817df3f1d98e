//! The visitor protocol, in the order of the header.

use std::sync::Arc;

use canning_core::{
    Buffer, Dtype, ElementType, ErrorKind, Record, RecordName, Result,
    buffer::{ArrayLayout, RawArray, swap_bytes},
    visitor::Canner,
};

use super::Encoder;
use crate::header::{
    body,
    cbor::{self, head},
    dtypes::Numbered,
};

impl<'a> Canner<'a> for Encoder<'a, '_> {
    fn unit(&mut self) -> Result<()> {
        self.begin(body::TUPLE, 0);
        Ok(())
    }

    #[inline]
    fn bool(&mut self, value: bool) -> Result<()> {
        self.body.push(if value { cbor::TRUE } else { cbor::FALSE });
        Ok(())
    }

    #[inline]
    fn u64(&mut self, value: u64) -> Result<()> {
        self.uint(value);
        Ok(())
    }

    #[inline]
    fn i64(&mut self, value: i64) -> Result<()> {
        if value < 0 {
            head(&mut self.body, cbor::NEGATIVE, (!value).cast_unsigned());
        } else {
            self.uint(value.cast_unsigned());
        }
        Ok(())
    }

    fn u128(&mut self, value: u128) -> Result<()> {
        match u64::try_from(value) {
            Ok(value) => self.uint(value),
            Err(_) => self.big(cbor::BIG_UNSIGNED, value),
        }
        Ok(())
    }

    fn i128(&mut self, value: i128) -> Result<()> {
        if value >= 0 {
            return self.u128(value.cast_unsigned());
        }
        let value = (!value).cast_unsigned();
        match u64::try_from(value) {
            Ok(value) => head(&mut self.body, cbor::NEGATIVE, value),
            Err(_) => self.big(cbor::BIG_NEGATIVE, value),
        }
        Ok(())
    }

    #[inline]
    fn f32(&mut self, value: f32) -> Result<()> {
        let [a, b, c, d] = value.to_bits().to_be_bytes();
        self.body.extend_from_slice(&[cbor::F32, a, b, c, d]);
        Ok(())
    }

    #[inline]
    fn f64(&mut self, value: f64) -> Result<()> {
        let [a, b, c, d, e, f, g, h] = value.to_bits().to_be_bytes();
        self.body.extend_from_slice(&[cbor::F64, a, b, c, d, e, f, g, h]);
        Ok(())
    }

    #[inline(always)]
    fn str(&mut self, value: &str) -> Result<()> {
        cbor::text(&mut self.body, value);
        Ok(())
    }

    fn bytes(&mut self, value: &[u8]) -> Result<()> {
        head(&mut self.body, cbor::BYTES, value.len() as u64);
        self.body.extend_from_slice(value);
        Ok(())
    }

    #[inline]
    fn sends_out_of_band(&self, len: usize) -> bool {
        !self.is_in_band(len)
    }

    fn text_array(&mut self, text: RawArray<'a>) -> Result<()> {
        self.begin(body::TEXT, 1);
        let dtype = self.scratch.dtypes.number(text.dtype());
        self.buffer(dtype.number, text.into_buffer());
        Ok(())
    }

    #[inline]
    fn none(&mut self) -> Result<()> {
        if self.somes_at == self.body.len() {
            for _ in 0..std::mem::take(&mut self.somes) {
                self.begin(body::SOME, 1);
            }
        }
        self.body.push(cbor::NULL);
        Ok(())
    }

    #[inline]
    fn begin_some(&mut self) -> Result<()> {
        if self.somes_at != self.body.len() {
            (self.somes, self.somes_at) = (0, self.body.len());
        }
        self.somes += 1;
        Ok(())
    }

    #[inline]
    fn end_some(&mut self) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn begin_list(&mut self, len: usize) -> Result<()> {
        self.begin(body::LIST, len);
        self.list = (self.body.len(), self.tail.len());
        Ok(())
    }

    /// Growing step by step would copy what is there again and again.
    #[inline]
    fn expect_more(&mut self, more: usize) {
        let (body, tail) = self.list;
        reserve_like(&mut self.body, body, more);
        reserve_like(&mut self.tail, tail, more);
    }

    #[inline]
    fn end_list(&mut self) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn begin_tuple(&mut self, len: usize) -> Result<()> {
        self.begin(body::TUPLE, len);
        Ok(())
    }

    #[inline]
    fn end_tuple(&mut self) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn begin_map(&mut self, len: usize) -> Result<()> {
        head(&mut self.body, cbor::MAP, len as u64);
        Ok(())
    }

    #[inline]
    fn end_map(&mut self) -> Result<()> {
        Ok(())
    }

    // A call for each record of a list would take as long as what it does.
    #[inline(always)]
    fn begin_record(&mut self, record: &'static Record) -> Result<()> {
        self.scratch.names.head_of(record, &mut self.recent).write(&mut self.body, record.len());
        Ok(())
    }

    #[inline]
    fn end_record(&mut self) -> Result<()> {
        Ok(())
    }

    fn begin_any_record(&mut self, record: &Arc<RecordName>) -> Result<()> {
        self.scratch.names.head_of_any(record).write(&mut self.body, record.fields.len());
        Ok(())
    }

    fn begin_object_array(&mut self, shape: &[usize]) -> Result<()> {
        body::check_axes(shape)?;
        let items = ArrayLayout::c_order(shape)?.count();
        self.begin(body::OBJECTS, items + 1);
        self.shape(shape);
        Ok(())
    }

    #[inline]
    fn end_object_array(&mut self) -> Result<()> {
        Ok(())
    }

    fn array(&mut self, array: RawArray<'a>) -> Result<()> {
        body::check_axes(array.layout().shape())?;
        let Numbered { number: dtype, align } = self.scratch.dtypes.number(array.dtype());
        let layout = array.layout().clone();
        let parts = 2 + usize::from(layout.axes().is_some());
        let in_band = self.is_in_band(array.buffer().len());
        let buffer = if cfg!(target_endian = "big") {
            let dtype = array.dtype().clone();
            to_wire(array.into_buffer(), &dtype)?
        } else {
            array.into_buffer()
        };
        if in_band {
            self.begin(body::IN_BAND, parts);
            self.uint(dtype);
            self.layout(&layout);
            self.align_tail(align);
            let start = self.tail.len();
            self.tail.resize(start + buffer.len(), 0);
            return match self.tail.get_mut(start..) {
                Some(place) => buffer.copy_to(place),
                None => Err(ErrorKind::OutOfMemory { bytes: buffer.len() }.into()),
            };
        }
        self.begin(body::OUT_OF_BAND, parts);
        self.buffer(dtype, buffer);
        self.layout(&layout);
        Ok(())
    }

    #[inline(always)]
    fn in_band(&mut self, element: &'static ElementType, bytes: &[u8]) -> Result<bool> {
        if !self.is_in_band(bytes.len()) || cfg!(target_endian = "big") {
            return Ok(false);
        }
        let Numbered { number, align } = self.scratch.dtypes.of_static(element.dtype());
        let len = (bytes.len() / element.size()) as u64;
        if number < 24 && len < 24 {
            let ([number, ..], [len, ..]) = (number.to_le_bytes(), len.to_le_bytes());
            self.body.extend_from_slice(&[0x83, body::IN_BAND, number, len]);
        } else {
            self.body.extend_from_slice(&[0x83, body::IN_BAND]);
            self.uint(number);
            self.uint(len);
        }
        // Alignments are powers of two, and a division would cost as much as all the rest.
        if self.tail.len() & (align - 1) != 0 {
            self.align_tail(align);
        }
        self.tail.extend_from_slice(bytes);
        Ok(true)
    }

    fn begin_inline(&mut self) -> Result<()> {
        self.inline += 1;
        Ok(())
    }

    fn end_inline(&mut self) -> Result<()> {
        self.inline = self.inline.saturating_sub(1);
        Ok(())
    }
}

/// Makes room for so many `more` items like the one that begins at `start`, within reason.
fn reserve_like(bytes: &mut Vec<u8>, start: usize, more: usize) {
    const MOST: usize = 4 << 20;
    let item = bytes.len().saturating_sub(start);
    // A quarter more, as the first of many is often a short one.
    let items = item.saturating_mul(more);
    bytes.reserve(items.saturating_add(items / 4).min(MOST));
}

/// The bytes in the order of the wire.
fn to_wire<'a>(buffer: Buffer<'a>, dtype: &Dtype) -> Result<Buffer<'a>> {
    if cfg!(target_endian = "little") || dtype.item_size() == 1 {
        return Ok(buffer);
    }
    let mut swapped = buffer.to_allocation(dtype.align())?;
    swap_bytes(swapped.as_mut_slice(), dtype);
    Ok(swapped.into())
}
