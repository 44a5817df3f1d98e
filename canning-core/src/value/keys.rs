//! Whether the keys of a received map differ.

use std::{
    collections::{HashMap, hash_map},
    hash::{BuildHasher, Hash, Hasher, RandomState},
    ptr,
};

use super::tree::Value;
use crate::{
    buffer::room,
    dtype::{Dtype, Field, StructDtype},
    error::Result,
};

/// The first entry whose key stands before it already.
///
/// Takes time in proportion to the size of the keys: names, which a header holds once and refers to,
/// are told apart by their address, and a dtype is looked at once for each address.
pub(super) fn first_duplicate(entries: &[(Value, Value)]) -> Result<Option<usize>> {
    if entries.len() < 2 {
        return Ok(None);
    }
    let mut hashes = Hashes { state: RandomState::new(), dtypes: HashMap::new() };
    let mut seen = HashMap::new();
    let len = entries.len();
    seen.try_reserve(len).map_err(|_full| room::out_of_memory::<(u64, &Value)>(len))?;
    Ok(entries.iter().enumerate().find_map(|(index, (key, _))| match seen.entry(hashes.of(key)) {
        hash_map::Entry::Vacant(entry) => {
            entry.insert(key);
            None
        }
        hash_map::Entry::Occupied(entry) => (*entry.get() == key).then_some(index),
    }))
}

/// Hashes of values, and of the dtypes in them.
struct Hashes {
    state: RandomState,
    /// By the address of the fields. Equal ones may lie at several.
    dtypes: HashMap<*const Field, u64>,
}

impl Hashes {
    fn of(&mut self, key: &Value) -> u64 {
        let mut hasher = self.state.build_hasher();
        self.hash(key, &mut hasher);
        hasher.finish()
    }

    fn of_struct(&mut self, structure: &StructDtype) -> u64 {
        let hash = || self.state.hash_one(structure);
        *self.dtypes.entry(structure.fields().as_ptr()).or_insert_with(hash)
    }

    fn hash<H: Hasher>(&mut self, value: &Value, state: &mut H) {
        value.kind().hash(state);
        match value {
            Value::None | Value::Unit => {}
            Value::Some(value) => self.hash(value, state),
            Value::Bool(value) => value.hash(state),
            Value::Integer(value) => value.hash(state),
            Value::BigInteger(value) => value.hash(state),
            Value::F32(value) => value.to_bits().hash(state),
            Value::F64(value) => value.to_bits().hash(state),
            Value::Text(value) => value.hash(state),
            Value::Bytes(value) => value.hash(state),
            Value::List(items) | Value::Tuple(items) => self.hash_all(items, state),
            Value::Map(entries) => {
                entries.len().hash(state);
                entries.iter().for_each(|(key, value)| {
                    self.hash(key, state);
                    self.hash(value, state);
                });
            }
            Value::Record(record) => {
                ptr::from_ref(record.name()).hash(state);
                self.hash_all(record.fields(), state);
            }
            Value::Array(array) => {
                match array.dtype() {
                    Dtype::Scalar(scalar) => scalar.hash(state),
                    Dtype::Struct(structure) => self.of_struct(structure).hash(state),
                }
                array.shape().hash(state);
                for axis in array.layout().axes().unwrap_or_default() {
                    (axis.index, axis.reversed).hash(state);
                }
                array.bytes().as_slice().hash(state);
            }
            Value::ObjectArray(array) => {
                array.shape().hash(state);
                self.hash_all(array.items(), state);
            }
        }
    }

    fn hash_all<H: Hasher>(&mut self, items: &[Value], state: &mut H) {
        items.len().hash(state);
        items.iter().for_each(|item| self.hash(item, state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        buffer::{ArrayLayout, SharedBytes},
        dtype::Scalar,
        value::ArrayValue,
    };

    fn map(keys: Vec<Value>) -> Vec<(Value, Value)> {
        keys.into_iter().map(|key| (key, Value::None)).collect()
    }

    #[test]
    fn equal_keys_are_found_whatever_they_are() {
        let keys = || {
            vec![
                Value::None,
                Value::Some(Value::None.into()),
                Value::Unit,
                true.into(),
                1.into(),
                u128::MAX.into(),
                1.0_f32.into(),
                1.0_f64.into(),
                "1".into(),
                Value::Bytes(vec![1]),
                Value::List(vec![1.into()]),
                Value::Tuple(vec![1.into()]),
                Value::Map(map(vec![1.into()])),
                Value::of(&vec![1_u8]).unwrap(),
                Value::of(&vec![1_i8]).unwrap(),
            ]
        };
        assert_eq!(first_duplicate(&map(keys())).unwrap(), None);
        for (index, key) in keys().into_iter().enumerate() {
            let mut keys = keys();
            keys.push(key);
            assert_eq!(first_duplicate(&map(keys)).unwrap(), Some(15), "key {index}");
        }
    }

    #[test]
    fn equal_dtypes_at_two_addresses_are_one() {
        let dtype = |name: &'static str| {
            let fields = vec![Field::new(name, Scalar::U8.into(), vec![])];
            Dtype::Struct(StructDtype::new(fields).unwrap())
        };
        let key = |name| {
            let bytes = SharedBytes::from_vec(vec![1_u8]);
            let array = ArrayValue::from_parts(dtype(name), ArrayLayout::no_axes(), bytes);
            Value::Array(array.unwrap().into())
        };
        assert_eq!(first_duplicate(&map(vec![key("a"), key("a")])).unwrap(), Some(1));
        assert_eq!(first_duplicate(&map(vec![key("a"), key("b")])).unwrap(), None);
        assert_eq!(first_duplicate(&map(vec![key("a"), key("b"), key("b")])).unwrap(), Some(2));
    }

    #[test]
    fn records_of_one_name_are_compared() {
        let record = Value::of(&(1..2)).unwrap();
        let keys = vec![record.clone(), record.clone()];
        assert_eq!(first_duplicate(&map(keys)).unwrap(), Some(1));
    }

    #[test]
    fn equal_lists_are_found_among_others() {
        let list = |item: i32| Value::List(vec![item.into()]);
        assert_eq!(first_duplicate(&map(vec![list(1), list(2), list(2)])).unwrap(), Some(2));
    }
}
