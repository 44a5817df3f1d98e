//! Whether the keys of a received map differ.

use std::{
    collections::{HashMap, hash_map},
    hash::{BuildHasher, Hash, Hasher, RandomState},
    ptr,
};

use super::tree::Value;
use crate::{buffer::room, dtype::Dtype, error::Result};

/// The first entry whose key stands before it already.
///
/// Takes time in proportion to the size of the keys: names and dtypes, which a header holds
/// once and refers to, are told apart by their address.
pub(super) fn first_duplicate(entries: &[(Value, Value)]) -> Result<Option<usize>> {
    if entries.len() < 2 {
        return Ok(None);
    }
    let state = RandomState::new();
    let mut seen = HashMap::new();
    let len = entries.len();
    seen.try_reserve(len).map_err(|_full| room::out_of_memory::<(u64, &Value)>(len))?;
    Ok(entries.iter().enumerate().find_map(|(index, (key, _))| {
        let mut hasher = state.build_hasher();
        hash(key, &mut hasher);
        match seen.entry(hasher.finish()) {
            hash_map::Entry::Vacant(entry) => {
                entry.insert(key);
                None
            }
            hash_map::Entry::Occupied(entry) => (*entry.get() == key).then_some(index),
        }
    }))
}

fn hash<H: Hasher>(value: &Value, state: &mut H) {
    value.kind().hash(state);
    match value {
        Value::None | Value::Unit => {}
        Value::Some(value) => hash(value, state),
        Value::Bool(value) => value.hash(state),
        Value::Integer(value) => value.hash(state),
        Value::BigInteger(value) => value.hash(state),
        Value::F32(value) => value.to_bits().hash(state),
        Value::F64(value) => value.to_bits().hash(state),
        Value::Text(value) => value.hash(state),
        Value::Bytes(value) => value.hash(state),
        Value::List(items) | Value::Tuple(items) => hash_all(items, state),
        Value::Map(entries) => {
            entries.len().hash(state);
            entries.iter().for_each(|(key, value)| {
                hash(key, state);
                hash(value, state);
            });
        }
        Value::Record(record) => {
            ptr::from_ref(record.name()).hash(state);
            hash_all(record.fields(), state);
        }
        Value::Array(array) => {
            match array.dtype() {
                Dtype::Scalar(scalar) => scalar.hash(state),
                Dtype::Struct(structure) => structure.fields().as_ptr().hash(state),
            }
            array.shape().hash(state);
            for axis in array.layout().axes().unwrap_or_default() {
                (axis.index, axis.reversed).hash(state);
            }
            array.bytes().as_slice().hash(state);
        }
        Value::ObjectArray(array) => {
            array.shape().hash(state);
            hash_all(array.items(), state);
        }
    }
}

fn hash_all<H: Hasher>(items: &[Value], state: &mut H) {
    items.len().hash(state);
    items.iter().for_each(|item| hash(item, state));
}

#[cfg(test)]
mod tests {
    use super::*;

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
