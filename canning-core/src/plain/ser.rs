//! A serializer that drives any canner.

use serde_core::{Serialize, Serializer};

use super::compound::{Compound, Container};
use crate::{
    error::{Error, Result},
    visitor::Canner,
};

pub(super) struct PlainSerializer<'c, C> {
    canner: &'c mut C,
}

impl<'c, C> PlainSerializer<'c, C> {
    pub(super) fn new(canner: &'c mut C) -> Self {
        Self { canner }
    }
}

impl<'a, 'c, C: Canner<'a>> PlainSerializer<'c, C> {
    /// Begins the map of one entry that a variant with fields is.
    fn variant(self, variant: &'static str) -> Result<Self> {
        self.canner.begin_map(1)?;
        self.canner.str(variant)?;
        Ok(self)
    }
}

impl<'a, 'c, C: Canner<'a>> Serializer for PlainSerializer<'c, C> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'c, C>;
    type SerializeTuple = Compound<'c, C>;
    type SerializeTupleStruct = Compound<'c, C>;
    type SerializeTupleVariant = Compound<'c, C>;
    type SerializeMap = Compound<'c, C>;
    type SerializeStruct = Compound<'c, C>;
    type SerializeStructVariant = Compound<'c, C>;

    fn is_human_readable(&self) -> bool {
        true
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.canner.bool(value)
    }
    fn serialize_i8(self, value: i8) -> Result<()> {
        self.canner.i64(value.into())
    }
    fn serialize_i16(self, value: i16) -> Result<()> {
        self.canner.i64(value.into())
    }
    fn serialize_i32(self, value: i32) -> Result<()> {
        self.canner.i64(value.into())
    }
    fn serialize_i64(self, value: i64) -> Result<()> {
        self.canner.i64(value)
    }
    fn serialize_i128(self, value: i128) -> Result<()> {
        self.canner.i128(value)
    }
    fn serialize_u8(self, value: u8) -> Result<()> {
        self.canner.u64(value.into())
    }
    fn serialize_u16(self, value: u16) -> Result<()> {
        self.canner.u64(value.into())
    }
    fn serialize_u32(self, value: u32) -> Result<()> {
        self.canner.u64(value.into())
    }
    fn serialize_u64(self, value: u64) -> Result<()> {
        self.canner.u64(value)
    }
    fn serialize_u128(self, value: u128) -> Result<()> {
        self.canner.u128(value)
    }
    fn serialize_f32(self, value: f32) -> Result<()> {
        self.canner.f32(value)
    }
    fn serialize_f64(self, value: f64) -> Result<()> {
        self.canner.f64(value)
    }
    fn serialize_char(self, value: char) -> Result<()> {
        self.canner.str(value.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, value: &str) -> Result<()> {
        self.canner.str(value)
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.canner.bytes(value)
    }

    fn serialize_none(self) -> Result<()> {
        self.canner.none()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.canner.begin_some()?;
        value.serialize(PlainSerializer::new(self.canner))?;
        self.canner.end_some()
    }

    fn serialize_unit(self) -> Result<()> {
        self.canner.unit()
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<()> {
        self.canner.unit()
    }
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<()> {
        self.canner.str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<()> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        let this = self.variant(variant)?;
        value
            .serialize(PlainSerializer::new(this.canner))
            .map_err(|error| error.in_field(variant))?;
        this.canner.end_map()
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Compound<'c, C>> {
        Compound::begin(self.canner, Container::List, len)
    }
    fn serialize_tuple(self, len: usize) -> Result<Compound<'c, C>> {
        Compound::begin(self.canner, Container::Tuple, Some(len))
    }
    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Compound<'c, C>> {
        Compound::begin(self.canner, Container::Tuple, Some(len))
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Compound<'c, C>> {
        let this = self.variant(variant)?;
        Ok(Compound::begin(this.canner, Container::Tuple, Some(len))?.of_variant(variant))
    }
    fn serialize_map(self, len: Option<usize>) -> Result<Compound<'c, C>> {
        Compound::begin(self.canner, Container::Map, len)
    }
    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Compound<'c, C>> {
        Compound::begin(self.canner, Container::Map, Some(len))
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Compound<'c, C>> {
        let this = self.variant(variant)?;
        Ok(Compound::begin(this.canner, Container::Map, Some(len))?.of_variant(variant))
    }
}
