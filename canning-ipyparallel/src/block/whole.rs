//! One array as what a type takes.

use std::{borrow::Cow, sync::Arc};

use canning_core::{
    Dtype, Enum, ErrorKind, Fields, Record, RecordName, Result, UncanOwned,
    buffer::{ArrayLayout, Buffer, Copied, ReceivedArray, Shape},
    visitor::{Kind, Uncanner},
};

/// Gives one array and nothing else.
pub(super) struct Whole<'b>(Option<ReceivedArray<'b>>);

impl Whole<'_> {
    /// Makes a value of an array; it takes the memory over if it can.
    ///
    /// # Errors
    ///
    /// When the value is of a type that an array is not.
    pub(super) fn take<T: UncanOwned<V>, V>(
        dtype: Dtype,
        layout: ArrayLayout,
        buffer: Buffer<'_>,
    ) -> Result<T> {
        T::uncan(&mut Whole(Some(ReceivedArray::moved(Cow::Owned(dtype), layout, buffer)?)))
    }
}

fn unexpected<T>(expected: Kind) -> Result<T> {
    Err(ErrorKind::Kind { expected, found: Kind::Array }.into())
}

impl<'b> Uncanner<'b> for Whole<'b> {
    fn array(&mut self) -> Result<ReceivedArray<'b>> {
        self.0.take().ok_or_else(|| ErrorKind::MovedOut.into())
    }

    fn peek(&mut self) -> Result<Kind> {
        Ok(Kind::Array)
    }

    fn skip(&mut self) -> Result<()> {
        self.0 = None;
        Ok(())
    }

    fn count_copy(&mut self, _: Copied) {}

    fn allow_expansion(&mut self, _: usize) -> Result<()> {
        // Nothing is broadcast here.
        Ok(())
    }

    fn begin_option(&mut self) -> Result<bool> {
        Ok(true)
    }
    fn end_some(&mut self) -> Result<()> {
        Ok(())
    }

    fn unit(&mut self) -> Result<()> {
        unexpected(Kind::Unit)
    }
    fn bool(&mut self) -> Result<bool> {
        unexpected(Kind::Bool)
    }
    fn u64(&mut self) -> Result<u64> {
        unexpected(Kind::Integer)
    }
    fn i64(&mut self) -> Result<i64> {
        unexpected(Kind::Integer)
    }
    fn u128(&mut self) -> Result<u128> {
        unexpected(Kind::Integer)
    }
    fn i128(&mut self) -> Result<i128> {
        unexpected(Kind::Integer)
    }
    fn f32(&mut self) -> Result<f32> {
        unexpected(Kind::F32)
    }
    fn f64(&mut self) -> Result<f64> {
        unexpected(Kind::F64)
    }
    fn text(&mut self) -> Result<Cow<'b, str>> {
        unexpected(Kind::Text)
    }
    fn bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        unexpected(Kind::Bytes)
    }
    fn begin_list(&mut self) -> Result<usize> {
        unexpected(Kind::List)
    }
    fn end_list(&mut self) -> Result<()> {
        unexpected(Kind::List)
    }
    fn begin_tuple(&mut self) -> Result<usize> {
        unexpected(Kind::Tuple)
    }
    fn end_tuple(&mut self) -> Result<()> {
        unexpected(Kind::Tuple)
    }
    fn begin_map(&mut self) -> Result<usize> {
        unexpected(Kind::Map)
    }
    fn end_map(&mut self) -> Result<()> {
        unexpected(Kind::Map)
    }
    fn begin_record(&mut self, _: &'static Record) -> Result<Fields> {
        unexpected(Kind::Record)
    }
    fn begin_variant(&mut self, _: &'static Enum) -> Result<(usize, Fields)> {
        unexpected(Kind::Variant)
    }
    fn next_field(&mut self) -> Result<Option<usize>> {
        unexpected(Kind::Record)
    }
    fn end_record(&mut self) -> Result<()> {
        unexpected(Kind::Record)
    }
    fn begin_any_record(&mut self) -> Result<Arc<RecordName>> {
        unexpected(Kind::Record)
    }
    fn begin_object_array(&mut self) -> Result<Shape> {
        unexpected(Kind::ObjectArray)
    }
    fn end_object_array(&mut self) -> Result<()> {
        unexpected(Kind::ObjectArray)
    }
}
