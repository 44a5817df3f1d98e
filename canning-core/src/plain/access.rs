//! Lists, tuples, maps and variants while they deserialize themselves.

use std::borrow::Cow;

use serde_core::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::BorrowedStrDeserializer,
};

use super::{de::PlainDeserializer, keys::Keys};
use crate::{
    error::{Error, ErrorKind, Result},
    visitor::Uncanner,
};

/// The items of a list or tuple.
pub(super) struct Items<'u, U> {
    uncanner: &'u mut U,
    is_tuple: bool,
    len: usize,
    taken: usize,
}

impl<'b, 'u, U: Uncanner<'b>> Items<'u, U> {
    pub(super) fn of_list(uncanner: &'u mut U) -> Result<Self> {
        let len = uncanner.begin_list()?;
        Ok(Self { uncanner, is_tuple: false, len, taken: 0 })
    }

    pub(super) fn of_tuple(uncanner: &'u mut U, expected: Option<usize>) -> Result<Self> {
        let found = uncanner.begin_tuple()?;
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(ErrorKind::Length { expected, found }.into());
        }
        Ok(Self { uncanner, is_tuple: true, len: found, taken: 0 })
    }

    pub(super) fn visit<V: Visitor<'b>>(mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_seq(&mut self)?;
        all_taken(self.taken, self.len)?;
        if self.is_tuple {
            self.uncanner.end_tuple()?;
        } else {
            self.uncanner.end_list()?;
        }
        Ok(value)
    }
}

impl<'b, U: Uncanner<'b>> SeqAccess<'b> for &mut Items<'_, U> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'b>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.taken == self.len {
            return Ok(None);
        }
        let index = self.taken;
        self.taken += 1;
        seed.deserialize(PlainDeserializer::new(&mut *self.uncanner))
            .map(Some)
            .map_err(|error| error.in_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(hint(self.len - self.taken))
    }
}

/// The entries of a map, whose keys may be anything, but differ.
pub(super) struct Entries<'u, U> {
    uncanner: &'u mut U,
    len: usize,
    taken: usize,
    keys: Keys,
}

impl<'b, 'u, U: Uncanner<'b>> Entries<'u, U> {
    pub(super) fn begin(uncanner: &'u mut U) -> Result<Self> {
        let len = uncanner.begin_map()?;
        Ok(Self { uncanner, len, taken: 0, keys: Keys::default() })
    }

    pub(super) fn visit<V: Visitor<'b>>(mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_map(&mut self)?;
        all_taken(self.taken, self.len)?;
        self.uncanner.end_map()?;
        Ok(value)
    }
}

impl<'b, U: Uncanner<'b>> MapAccess<'b> for &mut Entries<'_, U> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'b>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.taken == self.len {
            return Ok(None);
        }
        let index = self.taken;
        self.taken += 1;
        self.keys
            .take(self.uncanner, |key| seed.deserialize(PlainDeserializer::new(key)))
            .map(Some)
            .map_err(|error| error.in_entry(index))
    }

    fn next_value_seed<T: DeserializeSeed<'b>>(&mut self, seed: T) -> Result<T::Value> {
        let index = self.taken.saturating_sub(1);
        seed.deserialize(PlainDeserializer::new(&mut *self.uncanner))
            .map_err(|error| error.in_entry(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(hint(self.len - self.taken))
    }
}

/// The fields of a struct: a map whose keys are text, which the path of an error names.
pub(super) struct Fields<'b, 'u, U> {
    entries: Entries<'u, U>,
    key: Cow<'b, str>,
}

impl<'b, 'u, U: Uncanner<'b>> Fields<'b, 'u, U> {
    pub(super) fn begin(uncanner: &'u mut U) -> Result<Self> {
        Ok(Self { entries: Entries::begin(uncanner)?, key: Cow::Borrowed("") })
    }

    pub(super) fn visit<V: Visitor<'b>>(mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_map(&mut self)?;
        all_taken(self.entries.taken, self.entries.len)?;
        self.entries.uncanner.end_map()?;
        Ok(value)
    }
}

impl<'b, U: Uncanner<'b>> MapAccess<'b> for &mut Fields<'b, '_, U> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'b>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.entries.taken == self.entries.len {
            return Ok(None);
        }
        let index = self.entries.taken;
        self.entries.taken += 1;
        let key = self.entries.keys.take(self.entries.uncanner, |key| key.text());
        self.key = key.map_err(|error| error.in_entry(index))?;
        deserialize_text(seed, &self.key).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'b>>(&mut self, seed: T) -> Result<T::Value> {
        seed.deserialize(PlainDeserializer::new(&mut *self.entries.uncanner))
            .map_err(|error| error.in_received_field(&self.key))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(hint(self.entries.len - self.entries.taken))
    }
}

/// A variant that holds something: a map of one entry.
pub(super) struct Variant<'b, 'u, U> {
    uncanner: &'u mut U,
    name: Cow<'b, str>,
}

impl<'b, 'u, U: Uncanner<'b>> Variant<'b, 'u, U> {
    pub(super) fn begin(uncanner: &'u mut U) -> Result<Self> {
        let found = uncanner.begin_map()?;
        if found != 1 {
            return Err(ErrorKind::Length { expected: 1, found }.into());
        }
        let name = uncanner.text()?;
        Ok(Self { uncanner, name })
    }

    pub(super) fn visit<V: Visitor<'b>>(mut self, visitor: V) -> Result<V::Value> {
        let value = visitor.visit_enum(&mut self)?;
        self.uncanner.end_map()?;
        Ok(value)
    }

    fn named(&self, error: Error) -> Error {
        error.in_received_field(&self.name)
    }
}

impl<'b, U: Uncanner<'b>> EnumAccess<'b> for &mut Variant<'b, '_, U> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'b>>(self, seed: T) -> Result<(T::Value, Self)> {
        let variant = deserialize_text(seed, &self.name)?;
        Ok((variant, self))
    }
}

impl<'b, U: Uncanner<'b>> VariantAccess<'b> for &mut Variant<'b, '_, U> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        self.uncanner.unit().map_err(|error| self.named(error))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'b>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(PlainDeserializer::new(&mut *self.uncanner))
            .map_err(|error| self.named(error))
    }

    fn tuple_variant<V: Visitor<'b>>(self, len: usize, visitor: V) -> Result<V::Value> {
        PlainDeserializer::new(&mut *self.uncanner)
            .deserialize_tuple(len, visitor)
            .map_err(|error| self.named(error))
    }

    fn struct_variant<V: Visitor<'b>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        PlainDeserializer::new(&mut *self.uncanner)
            .deserialize_struct("", fields, visitor)
            .map_err(|error| self.named(error))
    }
}

/// Hands over text without a copy of it.
fn deserialize_text<'b, T: DeserializeSeed<'b>>(seed: T, text: &Cow<'b, str>) -> Result<T::Value> {
    match text {
        Cow::Borrowed(text) => seed.deserialize(BorrowedStrDeserializer::new(text)),
        Cow::Owned(text) => seed.deserialize(text.as_str().into_deserializer()),
    }
}

/// A visitor that stops early would leave the rest to whoever reads next.
fn all_taken(expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(ErrorKind::Length { expected, found }.into())
}

/// What a foreign type may reserve for: many believe a hint, however large.
fn hint(left: usize) -> usize {
    left.min(4096)
}
