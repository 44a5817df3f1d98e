//! A deserializer that drives any uncanner.

use std::borrow::Cow;

use serde_core::de::{
    Deserializer, Visitor,
    value::{BorrowedStrDeserializer, StringDeserializer},
};

use super::{
    access::{Entries, Fields, Items, Variant},
    error::name_enum,
};
use crate::{
    error::{Error, ErrorKind, Result},
    object::Uncan,
    visitor::{Kind, Uncanner},
};

pub(super) struct PlainDeserializer<'u, U> {
    uncanner: &'u mut U,
}

impl<'u, U> PlainDeserializer<'u, U> {
    pub(super) fn new(uncanner: &'u mut U) -> Self {
        Self { uncanner }
    }
}

macro_rules! typed {
    ($($method:ident $visit:ident;)*) => {$(
        fn $method<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
            visitor.$visit(Uncan::uncan(self.uncanner)?)
        }
    )*};
}

impl<'b, U: Uncanner<'b>> Deserializer<'b> for PlainDeserializer<'_, U> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        true
    }

    fn deserialize_any<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        match self.uncanner.peek()? {
            Kind::None | Kind::Some => self.deserialize_option(visitor),
            Kind::Unit => self.deserialize_unit(visitor),
            Kind::Bool => self.deserialize_bool(visitor),
            Kind::Integer => {
                let value = self.uncanner.i128()?;
                match (u64::try_from(value), i64::try_from(value)) {
                    (Ok(value), _) => visitor.visit_u64(value),
                    (_, Ok(value)) => visitor.visit_i64(value),
                    _ => visitor.visit_i128(value),
                }
            }
            Kind::BigInteger => self.deserialize_u128(visitor),
            Kind::F32 => self.deserialize_f32(visitor),
            Kind::F64 => self.deserialize_f64(visitor),
            Kind::Text => self.deserialize_str(visitor),
            Kind::Bytes => self.deserialize_bytes(visitor),
            Kind::List => self.deserialize_seq(visitor),
            Kind::Tuple => {
                let items = Items::of_tuple(self.uncanner, None)?;
                items.visit(visitor)
            }
            Kind::Map => self.deserialize_map(visitor),
            found @ (Kind::Record | Kind::Variant | Kind::Array | Kind::ObjectArray) => {
                Err(ErrorKind::NotPlain(found).into())
            }
        }
    }

    typed! {
        deserialize_bool visit_bool;
        deserialize_i8 visit_i8;
        deserialize_i16 visit_i16;
        deserialize_i32 visit_i32;
        deserialize_i64 visit_i64;
        deserialize_i128 visit_i128;
        deserialize_u8 visit_u8;
        deserialize_u16 visit_u16;
        deserialize_u32 visit_u32;
        deserialize_u64 visit_u64;
        deserialize_u128 visit_u128;
        deserialize_f32 visit_f32;
        deserialize_f64 visit_f64;
        deserialize_char visit_char;
        deserialize_string visit_string;
    }

    fn deserialize_str<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        match self.uncanner.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }
    fn deserialize_bytes<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        match self.uncanner.bytes()? {
            Cow::Borrowed(bytes) => visitor.visit_borrowed_bytes(bytes),
            Cow::Owned(bytes) => visitor.visit_byte_buf(bytes),
        }
    }
    fn deserialize_byte_buf<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        if !self.uncanner.begin_option()? {
            return visitor.visit_none();
        }
        let value = visitor.visit_some(PlainDeserializer::new(&mut *self.uncanner))?;
        self.uncanner.end_some()?;
        Ok(value)
    }

    fn deserialize_unit<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        self.uncanner.unit()?;
        visitor.visit_unit()
    }
    fn deserialize_unit_struct<V: Visitor<'b>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'b>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        Items::of_list(self.uncanner)?.visit(visitor)
    }
    fn deserialize_tuple<V: Visitor<'b>>(self, len: usize, visitor: V) -> Result<V::Value> {
        Items::of_tuple(self.uncanner, Some(len))?.visit(visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'b>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_tuple(len, visitor)
    }
    fn deserialize_map<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        Entries::begin(self.uncanner)?.visit(visitor)
    }
    fn deserialize_struct<V: Visitor<'b>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        Fields::begin(self.uncanner)?.visit(visitor)
    }

    fn deserialize_enum<V: Visitor<'b>>(
        self,
        name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let value = match self.uncanner.peek()? {
            Kind::Map => Variant::begin(self.uncanner)?.visit(visitor),
            _ => match self.uncanner.text()? {
                Cow::Borrowed(text) => {
                    visitor.visit_enum(BorrowedStrDeserializer::<Error>::new(text))
                }
                Cow::Owned(text) => visitor.visit_enum(StringDeserializer::<Error>::new(text)),
            },
        };
        value.map_err(|error| name_enum(error, name))
    }

    fn deserialize_identifier<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }
    fn deserialize_ignored_any<V: Visitor<'b>>(self, visitor: V) -> Result<V::Value> {
        self.uncanner.skip()?;
        visitor.visit_unit()
    }
}
