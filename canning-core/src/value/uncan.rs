//! Receiving a value of whatever type.

use std::borrow::Cow;

use super::{
    array::ArrayValue, keys::first_duplicate, object_array::ObjectArray, record::RecordValue,
    tree::Value,
};
use crate::{
    array::uncan_items,
    buffer::{ArrayLayout, Copied, room},
    error::{Error, ErrorKind, Result},
    object::Uncan,
    visitor::{Kind, Uncanner},
};

impl<'b> Uncan<'b> for Value {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        Ok(match uncanner.peek()? {
            Kind::None | Kind::Some => {
                if !uncanner.begin_option()? {
                    return Ok(Self::None);
                }
                let value = Self::uncan(uncanner)?;
                uncanner.end_some()?;
                Self::Some(value.into())
            }
            Kind::Unit => {
                uncanner.unit()?;
                Self::Unit
            }
            Kind::Bool => Self::Bool(uncanner.bool()?),
            Kind::Integer => Self::Integer(uncanner.i128()?),
            Kind::BigInteger => Self::BigInteger(uncanner.u128()?),
            Kind::F32 => Self::F32(uncanner.f32()?),
            Kind::F64 => Self::F64(uncanner.f64()?),
            Kind::Text => Self::Text(uncanner.string()?),
            Kind::Bytes => {
                let bytes = uncanner.bytes()?;
                uncanner.count_copy(Copied::of(true, bytes.len()));
                Self::Bytes(match bytes {
                    Cow::Borrowed(bytes) => room::copied(bytes)?,
                    Cow::Owned(bytes) => bytes,
                })
            }
            Kind::List => {
                let len = uncanner.begin_list()?;
                let items = uncan_items(len, uncanner)?;
                uncanner.end_list()?;
                Self::List(items)
            }
            Kind::Tuple => {
                let len = uncanner.begin_tuple()?;
                let items = uncan_items(len, uncanner)?;
                uncanner.end_tuple()?;
                Self::Tuple(items)
            }
            Kind::Map => {
                let mut entries = Vec::new();
                for index in 0..uncanner.begin_map()? {
                    let mut part = || Self::uncan(uncanner).map_err(|error| error.in_entry(index));
                    room::push(&mut entries, (part()?, part()?))?;
                }
                uncanner.end_map()?;
                if let Some(index) = first_duplicate(&entries)? {
                    return Err(Error::new(ErrorKind::DuplicateKey).in_entry(index));
                }
                Self::Map(entries)
            }
            Kind::Record | Kind::Variant => {
                let name = uncanner.begin_any_record()?;
                let mut fields = Vec::new();
                for index in 0..name.fields.len() {
                    let field = Self::uncan(uncanner);
                    let field = field.map_err(|error| error.in_any_field(&name, index))?;
                    room::push(&mut fields, field)?;
                }
                uncanner.end_record()?;
                Self::Record(RecordValue::new(name, fields)?.into())
            }
            Kind::Array => {
                let (array, copied) = ArrayValue::of_received(uncanner.array()?)?;
                uncanner.count_copy(copied);
                Self::Array(array.into())
            }
            Kind::ObjectArray => {
                let shape = uncanner.begin_object_array()?;
                let len = ArrayLayout::c_order(&shape)?.count();
                let items = uncan_items(len, uncanner)?;
                uncanner.end_object_array()?;
                Self::ObjectArray(ObjectArray::new(&shape, items)?.into())
            }
        })
    }
}
