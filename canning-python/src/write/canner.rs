//! The events of a value, one by one.

use std::sync::Arc;

use canning_core::{
    Dtype, ElementType, ErrorKind, Record, RecordName, Result, Scalar,
    buffer::{RawArray, text as text_of},
    visitor::Canner,
};

use super::{
    frame::{Kind, Numbers, Then},
    keys::Key,
    pickler::Pickler,
};
use crate::{numpy, pickle::opcode as op};

impl<'a> Canner<'a> for Pickler<'a> {
    fn unit(&mut self) -> Result<()> {
        self.leaf(|| Key::Tuple(Vec::new()))?;
        self.writer.op(op::EMPTY_TUPLE);
        Ok(())
    }

    #[inline]
    fn bool(&mut self, value: bool) -> Result<()> {
        self.leaf(|| Key::Int(value.into()))?;
        self.number(|| Numbers::BOOL)?;
        self.writer.bool(value);
        Ok(())
    }

    #[inline]
    fn u64(&mut self, value: u64) -> Result<()> {
        self.leaf(|| Key::Int(value.into()))?;
        self.number(|| Numbers::of_int(value.into()))?;
        self.writer.uint(value);
        Ok(())
    }

    #[inline]
    fn i64(&mut self, value: i64) -> Result<()> {
        self.leaf(|| Key::Int(value.into()))?;
        self.number(|| Numbers::of_int(value.into()))?;
        self.writer.int(value);
        Ok(())
    }

    fn u128(&mut self, value: u128) -> Result<()> {
        match i128::try_from(value) {
            Ok(value) => self.i128(value),
            Err(_) => {
                self.leaf(|| Key::of_u128(value))?;
                self.number(|| Numbers::INT)?;
                let mut bytes = [0; 17];
                bytes.iter_mut().zip(value.to_le_bytes()).for_each(|(place, byte)| *place = byte);
                self.writer.short_long(&bytes);
                Ok(())
            }
        }
    }

    fn i128(&mut self, value: i128) -> Result<()> {
        self.leaf(|| Key::Int(value))?;
        self.number(|| Numbers::of_int(value))?;
        match i64::try_from(value) {
            Ok(value) => self.writer.int(value),
            Err(_) => self.writer.short_long(&value.to_le_bytes()),
        }
        Ok(())
    }

    #[inline]
    fn f32(&mut self, value: f32) -> Result<()> {
        self.leaf(|| Key::Float(value.into()))?;
        self.number(|| Numbers::of_float(value.into()))?;
        self.writer.float(widened(value));
        Ok(())
    }

    #[inline]
    fn f64(&mut self, value: f64) -> Result<()> {
        self.leaf(|| Key::Float(value))?;
        self.number(|| Numbers::of_float(value))?;
        self.writer.float(value.to_bits());
        Ok(())
    }

    #[inline]
    fn str(&mut self, value: &str) -> Result<()> {
        self.leaf(|| Key::Text(value.into()))?;
        self.writer.text(value.as_bytes());
        Ok(())
    }

    fn bytes(&mut self, value: &[u8]) -> Result<()> {
        if self.raw(value)? {
            return Ok(());
        }
        self.leaf(|| Key::Bytes(value.into()))?;
        self.writer.bytes(value);
        Ok(())
    }

    /// Never called, as no text goes out of band; but it costs little to be right.
    fn text_array(&mut self, text: RawArray<'a>) -> Result<()> {
        let bytes = text.buffer().to_allocation(1)?;
        self.str(text_of(bytes.as_slice()).map_err(ErrorKind::Text)?)
    }

    #[inline]
    fn none(&mut self) -> Result<()> {
        self.leaf(|| Key::None)?;
        self.ambiguous = true;
        self.writer.op(op::NONE);
        Ok(())
    }

    #[inline]
    fn begin_some(&mut self) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn end_some(&mut self) -> Result<()> {
        if self.ambiguous {
            self.writer.op(op::TUPLE1);
            if self.collects {
                let inner = self.keys.pop();
                self.keys.push(Key::Tuple(inner.into_iter().collect()));
            }
        }
        Ok(())
    }

    #[inline]
    fn begin_list(&mut self, len: usize) -> Result<()> {
        self.begin_value()?;
        self.unhashable("a list where Python hashes: as a key of a dict, or in a set")?;
        self.writer.op(op::EMPTY_LIST);
        self.mark(len);
        self.begin(Kind::List, Then::Nothing, len);
        self.list = self.writer.len();
        Ok(())
    }

    /// Growing step by step would copy what is there again and again.
    #[inline]
    fn expect_more(&mut self, more: usize) {
        const MOST: usize = 4 << 20;
        let item = self.writer.len().saturating_sub(self.list);
        let items = item.saturating_mul(more);
        self.writer.reserve(items.saturating_add(items / 4).min(MOST));
    }

    #[inline]
    fn end_list(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_set(&mut self, len: usize) -> Result<()> {
        self.begin_value()?;
        if self.hashes() {
            self.writer.op(op::MARK);
            self.begin(Kind::FrozenSet, Then::Nothing, len);
        } else {
            self.writer.op(op::EMPTY_SET);
            self.mark(len);
            self.begin(Kind::Set, Then::Nothing, len);
        }
        self.list = self.writer.len();
        Ok(())
    }

    fn end_set(&mut self) -> Result<()> {
        self.end()
    }

    #[inline]
    fn begin_tuple(&mut self, len: usize) -> Result<()> {
        self.begin_value()?;
        self.writer.begin_tuple(len);
        self.begin(Kind::Tuple, Then::Nothing, len);
        Ok(())
    }

    #[inline]
    fn end_tuple(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_map(&mut self, len: usize) -> Result<()> {
        self.begin_value()?;
        self.unhashable("a dict where Python hashes: as a key of a dict, or in a set")?;
        self.writer.op(op::EMPTY_DICT);
        self.mark(len);
        self.begin(Kind::Map, Then::Nothing, len.saturating_mul(2));
        Ok(())
    }

    fn end_map(&mut self) -> Result<()> {
        self.end()
    }

    #[inline]
    fn begin_record(&mut self, record: &'static Record) -> Result<()> {
        let (id, form) = self.records.of(record)?;
        self.begin_form(id, form, record.len())
    }

    #[inline]
    fn end_record(&mut self) -> Result<()> {
        self.end()
    }

    fn begin_any_record(&mut self, record: &Arc<RecordName>) -> Result<()> {
        let (id, form) = self.records.of_received(record, self.options.received_classes)?;
        self.begin_form(id, form, record.fields.len())
    }

    fn begin_object_array(&mut self, shape: &[usize]) -> Result<()> {
        self.begin_value()?;
        self.unhashable(ARRAY_KEY)?;
        self.begin_objects(shape);
        self.begin(Kind::Objects, Then::Nothing, shape.iter().product());
        Ok(())
    }

    fn end_object_array(&mut self) -> Result<()> {
        self.end()
    }

    fn array(&mut self, array: RawArray<'a>) -> Result<()> {
        let is_raw =
            matches!(self.open.last(), Some(frame) if matches!(frame.kind, Kind::Int | Kind::Str));
        if is_raw && *array.dtype() == Dtype::Scalar(Scalar::U8) {
            let bytes = array.buffer().to_allocation(1)?;
            self.raw(bytes.as_slice())?;
            return Ok(());
        }
        let is_complex = array.layout().shape().is_empty()
            && *array.dtype() == Dtype::Scalar(Scalar::Complex128);
        self.leaf(|| Key::Other)?;
        if is_complex {
            return self.complex(array.buffer());
        }
        self.unhashable(ARRAY_KEY)?;
        if array.layout().shape().is_empty()
            && let Some((class, unit)) = numpy::write::time(array.dtype())
        {
            let unit = unit.to_owned();
            return self.time(array.buffer(), class, &unit);
        }
        self.write_array(array)
    }

    #[inline]
    fn in_band(&mut self, element: &'static ElementType, bytes: &[u8]) -> Result<bool> {
        if !self.is_in_band(bytes.len()) || cfg!(target_endian = "big") {
            return Ok(false);
        }
        if let Dtype::Scalar(Scalar::U8) = element.dtype()
            && self.raw(bytes)?
        {
            return Ok(true);
        }
        self.leaf(|| Key::Other)?;
        self.unhashable(ARRAY_KEY)?;
        self.small_array(element, bytes)?;
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

/// The bits of the float with more digits; those of a NaN, too, which hardware would change.
fn widened(value: f32) -> u64 {
    if !value.is_nan() {
        return f64::from(value).to_bits();
    }
    let bits = u64::from(value.to_bits());
    let (sign, fraction) = (bits >> 31, bits & 0x007f_ffff);
    sign << 63 | 0x7ff << 52 | fraction << 29
}

const ARRAY_KEY: &str = "an array where Python hashes: as a key of a dict, or in a set";
