//! Comparing values, whose names and dtypes are shared.

use std::{collections::HashSet, ptr, sync::Arc};

use super::{array::ArrayValue, object_array::ObjectArray, record::RecordValue, tree::Value};
use crate::{
    dtype::{Dtype, Field},
    record::RecordName,
};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        Comparison::default().values(self, other)
    }
}

impl PartialEq for RecordValue {
    fn eq(&self, other: &Self) -> bool {
        Comparison::default().records(self, other)
    }
}

impl PartialEq for ObjectArray {
    fn eq(&self, other: &Self) -> bool {
        Comparison::default().object_arrays(self, other)
    }
}

/// Remembers which names and dtypes it has found to be equal: those of a received value stand once in
/// its header, however long they are, and may be those of all its records and arrays.
#[derive(Default)]
struct Comparison {
    names: HashSet<[*const RecordName; 2]>,
    fields: HashSet<[*const [Field]; 2]>,
}

impl Comparison {
    fn values(&mut self, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::None, Value::None) | (Value::Unit, Value::Unit) => true,
            (Value::Some(one), Value::Some(other)) => self.values(one, other),
            (Value::Bool(one), Value::Bool(other)) => one == other,
            (Value::Integer(one), Value::Integer(other)) => one == other,
            (Value::BigInteger(one), Value::BigInteger(other)) => one == other,
            (Value::F32(one), Value::F32(other)) => one == other,
            (Value::F64(one), Value::F64(other)) => one == other,
            (Value::Text(one), Value::Text(other)) => one == other,
            (Value::Bytes(one), Value::Bytes(other)) => one == other,
            (Value::List(one), Value::List(other)) | (Value::Tuple(one), Value::Tuple(other)) => {
                self.items(one, other)
            }
            (Value::Map(one), Value::Map(other)) => {
                let mut pairs = one.iter().zip(other);
                one.len() == other.len()
                    && pairs.all(|(one, other)| {
                        self.values(&one.0, &other.0) && self.values(&one.1, &other.1)
                    })
            }
            (Value::Record(one), Value::Record(other)) => self.records(one, other),
            (Value::Array(one), Value::Array(other)) => self.arrays(one, other),
            (Value::ObjectArray(one), Value::ObjectArray(other)) => self.object_arrays(one, other),
            _ => false,
        }
    }

    fn items(&mut self, one: &[Value], other: &[Value]) -> bool {
        one.len() == other.len()
            && one.iter().zip(other).all(|(one, other)| self.values(one, other))
    }

    fn records(&mut self, one: &RecordValue, other: &RecordValue) -> bool {
        self.names(one.shared_name(), other.shared_name())
            && self.items(one.fields(), other.fields())
    }

    fn names(&mut self, one: &Arc<RecordName>, other: &Arc<RecordName>) -> bool {
        let pair = [Arc::as_ptr(one), Arc::as_ptr(other)];
        if Arc::ptr_eq(one, other) || self.names.contains(&pair) {
            return true;
        }
        one == other && self.names.insert(pair)
    }

    fn arrays(&mut self, one: &ArrayValue, other: &ArrayValue) -> bool {
        self.dtypes(one.dtype(), other.dtype())
            && one.layout() == other.layout()
            && one.bytes() == other.bytes()
    }

    fn dtypes(&mut self, one: &Dtype, other: &Dtype) -> bool {
        let (Dtype::Struct(one), Dtype::Struct(other)) = (one, other) else {
            return one == other;
        };
        let pair = [one, other].map(|dtype| ptr::from_ref(dtype.fields()));
        self.fields.contains(&pair) || one == other && self.fields.insert(pair)
    }

    fn object_arrays(&mut self, one: &ObjectArray, other: &ObjectArray) -> bool {
        one.shape() == other.shape() && self.items(one.items(), other.items())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        buffer::{ArrayLayout, SharedBytes},
        dtype::{Scalar, StructDtype},
        record::FieldNames,
    };

    fn record(name: &str, field: &str, value: impl Into<Value>) -> Value {
        let fields = FieldNames::Named(vec![field.into()]);
        let name = RecordName { name: name.into(), variant: None, fields };
        Value::Record(RecordValue::new(name, vec![value.into()]).unwrap().into())
    }

    fn array(field: &'static str, item: u8) -> Value {
        let dtype = StructDtype::new(vec![Field::new(field, Scalar::U8.into(), vec![])]).unwrap();
        let bytes = SharedBytes::from_vec(vec![item]);
        let array = ArrayValue::from_parts(Dtype::Struct(dtype), ArrayLayout::one_axis(1), bytes);
        Value::Array(array.unwrap().into())
    }

    /// Each is made anew, so that nothing of two is shared, and no two are equal.
    fn all() -> Vec<Value> {
        let objects = |shape: &[usize], items| {
            Value::ObjectArray(ObjectArray::new(shape, items).unwrap().into())
        };
        let items = || vec![Value::Unit, "a".into()];
        vec![
            Value::None,
            Value::Some(Value::None.into()),
            Value::Some(Value::Unit.into()),
            Value::Unit,
            Value::Bool(false),
            Value::Bool(true),
            Value::Integer(0),
            Value::Integer(1),
            Value::BigInteger(1),
            Value::BigInteger(u128::MAX),
            Value::F32(0.0),
            Value::F32(1.0),
            Value::F64(0.0),
            Value::F64(1.0),
            Value::Text(String::new()),
            "a".into(),
            Value::Bytes(vec![]),
            Value::Bytes(vec![1]),
            Value::List(items()),
            Value::List(vec![Value::Unit]),
            Value::Tuple(items()),
            Value::Map(vec![]),
            Value::Map(vec![(1.into(), 2.into())]),
            Value::Map(vec![(1.into(), 3.into())]),
            Value::Map(vec![(2.into(), 2.into())]),
            record("P", "a", 1),
            record("Q", "a", 1),
            record("P", "b", 1),
            record("P", "a", 2),
            array("a", 1),
            array("b", 1),
            array("a", 2),
            Value::Array(ArrayValue::from(vec![1_u8]).into()),
            objects(&[2, 1], items()),
            objects(&[1, 2], items()),
            objects(&[1, 2], vec![Value::Unit, "b".into()]),
        ]
    }

    #[test]
    fn values_are_equal_where_they_hold_the_same() {
        for (index, one) in all().iter().enumerate() {
            for (number, other) in all().iter().enumerate() {
                assert_eq!(one == other, index == number, "{one} and {other}");
            }
        }
        assert!(Value::List(all()) == Value::List(all()));
        assert!(Value::F64(f64::NAN) != Value::F64(f64::NAN));
        assert!(Value::F64(0.0) == Value::F64(-0.0));
    }

    #[test]
    fn names_and_dtypes_that_were_equal_once_are_not_compared_again() {
        let (mut comparison, two) = (Comparison::default(), [record("P", "a", 1), array("a", 1)]);
        let same = [record("P", "a", 1), array("a", 1)];
        let (two, same) = ([&two[0], &two[1], &two[0], &two[1]], [0, 1, 0, 1].map(|at| &same[at]));
        assert!(two.iter().zip(same).all(|(one, other)| comparison.values(one, other)));
        assert_eq!((comparison.names.len(), comparison.fields.len()), (1, 1));
    }
}
