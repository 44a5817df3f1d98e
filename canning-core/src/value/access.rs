//! Looking into a value.

use super::{array::ArrayValue, object_array::ObjectArray, record::RecordValue, tree::Value};

impl Value {
    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_i128()?.try_into().ok()
    }

    /// The integer, if it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_u128()?.try_into().ok()
    }

    /// The integer, if it is one that fits.
    pub fn as_i128(&self) -> Option<i128> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::BigInteger(value) => (*value).try_into().ok(),
            _ => None,
        }
    }

    /// The integer, if it is one that fits.
    pub fn as_u128(&self) -> Option<u128> {
        match self {
            Self::Integer(value) => (*value).try_into().ok(),
            Self::BigInteger(value) => Some(*value),
            _ => None,
        }
    }

    /// The float, if it is one of either width.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::F32(value) => Some((*value).into()),
            Self::F64(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The bytes, if it is bytes of a plain value.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(value) => Some(value),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The items, if it is a tuple.
    pub fn as_tuple(&self) -> Option<&[Self]> {
        match self {
            Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&[(Self, Self)]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The record, if it is a struct or a variant.
    pub fn as_record(&self) -> Option<&RecordValue> {
        match self {
            Self::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The array, if it is one of elements.
    pub fn as_array(&self) -> Option<&ArrayValue> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The array, if it is one of other items.
    pub fn as_object_array(&self) -> Option<&ObjectArray> {
        match self {
            Self::ObjectArray(array) => Some(array),
            _ => None,
        }
    }

    /// The field of a record, or the first entry of a map whose key is this text.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Record(record) => record.get(name),
            Self::Map(entries) => {
                entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The item of a list or tuple, or the field of a record.
    pub fn at(&self, index: usize) -> Option<&Self> {
        match self {
            Self::List(items) | Self::Tuple(items) => items.get(index),
            Self::Record(record) => record.fields().get(index),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_given_where_they_fit() {
        let negative = Value::Integer(-1);
        assert_eq!((negative.as_i64(), negative.as_u64()), (Some(-1), None));
        let large = Value::from(u128::MAX);
        assert_eq!((large.as_u128(), large.as_i128()), (Some(u128::MAX), None));
        assert_eq!((negative.as_u128(), Value::Integer(-5).as_i64()), (None, Some(-5)));
        assert_eq!((Value::Integer(7).as_u64(), Value::Integer(7).as_u128()), (Some(7), Some(7)));
        let not_so_large = Value::BigInteger(7);
        assert_eq!((not_so_large.as_i128(), not_so_large.as_u64()), (Some(7), Some(7)));
        assert_eq!(Value::F64(0.25).as_f64(), Some(0.25));
        assert_eq!(Value::F32(0.5).as_f64(), Some(0.5));
        assert_eq!(Value::Integer(1).as_f64(), None);
    }

    #[test]
    fn parts_are_found_by_name_and_by_position() {
        let map = Value::Map(vec![
            (1.into(), "one".into()),
            ("a".into(), 2.into()),
            ("a".into(), 3.into()),
        ]);
        assert_eq!(map.get("a"), Some(&Value::Integer(2)));
        assert_eq!(map.get("b"), None);
        let list = Value::of(&vec!["x".to_owned()]).unwrap();
        assert_eq!(list.at(0).and_then(Value::as_str), Some("x"));
        assert_eq!(list.at(1), None);
        let range = Value::of(&(1..3)).unwrap();
        assert_eq!(range.get("end"), range.at(1));
        assert_eq!(range.get("end"), Some(&Value::Integer(3)));
    }

    #[test]
    fn a_value_is_of_one_kind() {
        let array = || ObjectArray::new(&[1], vec![Value::Unit]).unwrap();
        let value = Value::from(array());
        assert_eq!(value.as_object_array(), Some(&array()));
        assert_eq!(array().into_items(), [Value::Unit]);
        assert!(Value::None.is_none() && !value.is_none());
        assert_eq!(Value::None.as_object_array(), None);
        let range = Value::of(&(1..3)).unwrap();
        let Value::Record(range) = range else { unreachable!("a range is a record") };
        assert_eq!(range.into_fields(), [Value::Integer(1), Value::Integer(3)]);
    }
}
