//! That no two keys of a plain map are equal.
//!
//! What deserializes itself takes its keys as it likes, and most maps let a later entry replace
//! an earlier one. So what it takes is hashed on the way: two keys are equal when the same was
//! taken for both. A key may be as long as all of the input, and be one within a key within a key,
//! so nothing of it is kept but 128 bits, of a hash whose secret no peer knows.

use std::{
    borrow::Cow,
    collections::HashSet,
    hash::{BuildHasher, DefaultHasher, Hasher},
    sync::Arc,
};

use crate::{
    buffer::{Copied, ReceivedArray, Shape, room},
    error::{ErrorKind, Result},
    object::Uncan,
    record::{Enum, Fields, Record, RecordName},
    value::Value,
    visitor::{Kind, Uncanner},
};

/// What the keys that a map has had came to.
#[derive(Default)]
pub(super) struct Keys(HashSet<(u64, u64)>);

impl Keys {
    /// Takes a key by `take`, and refuses one that the map has had.
    pub(super) fn take<'b, T>(
        &mut self,
        uncanner: &mut dyn Uncanner<'b>,
        take: impl FnOnce(&mut KeyUncanner<'_, 'b>) -> Result<T>,
    ) -> Result<T> {
        let mut noting = KeyUncanner { uncanner, taken: self.0.hasher().build_hasher() };
        let key = take(&mut noting)?;
        let keys = self.0.len() + 1;
        self.0.try_reserve(1).map_err(|_full| room::out_of_memory::<(u64, u64)>(keys))?;
        if !self.0.insert(halves(noting.taken)) {
            return Err(ErrorKind::DuplicateKey.into());
        }
        Ok(key)
    }
}

/// The hash of what was taken, and that of the same with something behind it: as a secret goes into
/// both, they have nothing to do with each other, and come to 128 bits.
fn halves(taken: DefaultHasher) -> (u64, u64) {
    let mut more = taken.clone();
    more.write_u8(0);
    (taken.finish(), more.finish())
}

/// Notes what is taken from another uncanner: kinds, lengths and values, no two keys the same.
///
/// Behind it stands any uncanner, not one of a known type: a key may be a map with keys of its
/// own, and types would have no end.
pub(super) struct KeyUncanner<'u, 'b> {
    uncanner: &'u mut dyn Uncanner<'b>,
    taken: DefaultHasher,
}

impl KeyUncanner<'_, '_> {
    fn note(&mut self, kind: Kind, bytes: &[u8]) {
        self.taken.write_u8(kind as u8);
        self.taken.write(bytes);
    }

    fn note_integer(&mut self, value: i128) {
        self.note(Kind::Integer, &value.to_le_bytes());
    }

    fn note_run(&mut self, kind: Kind, bytes: &[u8]) {
        self.note_len(kind, bytes.len());
        self.taken.write(bytes);
    }

    fn note_len(&mut self, kind: Kind, len: usize) -> usize {
        self.note(kind, &len.to_le_bytes());
        len
    }
}

impl<'b> Uncanner<'b> for KeyUncanner<'_, 'b> {
    fn peek(&mut self) -> Result<Kind> {
        self.uncanner.peek()
    }

    fn unit(&mut self) -> Result<()> {
        self.note(Kind::Unit, &[]);
        self.uncanner.unit()
    }
    fn bool(&mut self) -> Result<bool> {
        let value = self.uncanner.bool()?;
        self.note(Kind::Bool, &[value.into()]);
        Ok(value)
    }
    fn u64(&mut self) -> Result<u64> {
        let value = self.uncanner.u64()?;
        self.note_integer(value.into());
        Ok(value)
    }
    fn i64(&mut self) -> Result<i64> {
        let value = self.uncanner.i64()?;
        self.note_integer(value.into());
        Ok(value)
    }
    fn u128(&mut self) -> Result<u128> {
        let value = self.uncanner.u128()?;
        match i128::try_from(value) {
            Ok(value) => self.note_integer(value),
            Err(_) => self.note(Kind::BigInteger, &value.to_le_bytes()),
        }
        Ok(value)
    }
    fn i128(&mut self) -> Result<i128> {
        let value = self.uncanner.i128()?;
        self.note_integer(value);
        Ok(value)
    }
    fn f32(&mut self) -> Result<f32> {
        let value = self.uncanner.f32()?;
        self.note(Kind::F32, &value.to_bits().to_le_bytes());
        Ok(value)
    }
    fn f64(&mut self) -> Result<f64> {
        let value = self.uncanner.f64()?;
        self.note(Kind::F64, &value.to_bits().to_le_bytes());
        Ok(value)
    }
    fn text(&mut self) -> Result<Cow<'b, str>> {
        let text = self.uncanner.text()?;
        self.note_run(Kind::Text, text.as_bytes());
        Ok(text)
    }
    fn string(&mut self) -> Result<String> {
        let text = self.uncanner.string()?;
        self.note_run(Kind::Text, text.as_bytes());
        Ok(text)
    }
    fn is_text_in_band(&mut self) -> Result<bool> {
        self.uncanner.is_text_in_band()
    }
    fn bytes(&mut self) -> Result<Cow<'b, [u8]>> {
        let bytes = self.uncanner.bytes()?;
        self.note_run(Kind::Bytes, &bytes);
        Ok(bytes)
    }

    fn begin_option(&mut self) -> Result<bool> {
        let is_some = self.uncanner.begin_option()?;
        self.note(if is_some { Kind::Some } else { Kind::None }, &[]);
        Ok(is_some)
    }
    fn end_some(&mut self) -> Result<()> {
        self.uncanner.end_some()
    }
    fn begin_list(&mut self) -> Result<usize> {
        let len = self.uncanner.begin_list()?;
        Ok(self.note_len(Kind::List, len))
    }
    fn end_list(&mut self) -> Result<()> {
        self.uncanner.end_list()
    }
    fn lists_elements(&mut self) -> Result<bool> {
        self.uncanner.lists_elements()
    }
    fn begin_set(&mut self) -> Result<usize> {
        let len = self.uncanner.begin_set()?;
        Ok(self.note_len(Kind::List, len))
    }
    fn end_set(&mut self) -> Result<()> {
        self.uncanner.end_set()
    }
    fn begin_tuple(&mut self) -> Result<usize> {
        let len = self.uncanner.begin_tuple()?;
        Ok(self.note_len(Kind::Tuple, len))
    }
    fn end_tuple(&mut self) -> Result<()> {
        self.uncanner.end_tuple()
    }
    fn begin_map(&mut self) -> Result<usize> {
        let len = self.uncanner.begin_map()?;
        Ok(self.note_len(Kind::Map, len))
    }
    fn end_map(&mut self) -> Result<()> {
        self.uncanner.end_map()
    }

    fn begin_record(&mut self, _record: &'static Record) -> Result<Fields> {
        Err(ErrorKind::NotPlain(Kind::Record).into())
    }
    fn begin_variant(&mut self, _variants: &'static Enum) -> Result<(usize, Fields)> {
        Err(ErrorKind::NotPlain(Kind::Variant).into())
    }
    fn next_field(&mut self) -> Result<Option<usize>> {
        Err(ErrorKind::NotPlain(Kind::Record).into())
    }
    fn end_record(&mut self) -> Result<()> {
        Err(ErrorKind::NotPlain(Kind::Record).into())
    }
    fn begin_any_record(&mut self) -> Result<Arc<RecordName>> {
        let kind = self.peek()?;
        Err(ErrorKind::NotPlain(kind).into())
    }
    fn begin_object_array(&mut self) -> Result<Shape> {
        Err(ErrorKind::NotPlain(Kind::ObjectArray).into())
    }
    fn end_object_array(&mut self) -> Result<()> {
        Err(ErrorKind::NotPlain(Kind::ObjectArray).into())
    }
    fn array(&mut self) -> Result<ReceivedArray<'b>> {
        Err(ErrorKind::NotPlain(Kind::Array).into())
    }

    /// Looks at what it skips: a key is a key, wanted or not.
    fn skip(&mut self) -> Result<()> {
        Value::uncan(self).map(drop)
    }

    fn count_copy(&mut self, copied: Copied) {
        self.uncanner.count_copy(copied);
    }
    fn allow_expansion(&mut self, bytes: usize) -> Result<()> {
        self.uncanner.allow_expansion(bytes)
    }
}
