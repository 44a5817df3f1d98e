//! Values of every kind, nested at random.

use std::{collections::HashSet, sync::Arc};

use canning_core::{
    ArrayValue, Dtype, Field, FieldNames, ObjectArray, RecordName, RecordValue, Scalar,
    SharedBytes, StructDtype, Value,
    buffer::{ArrayLayout, Axis},
};
use proptest::{collection::vec, prelude::*, sample};

/// A value of at most five levels.
pub fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 64, 6, |inner| {
        let items = || vec(inner.clone(), 0..6);
        prop_oneof![
            items().prop_map(Value::List),
            vec(inner.clone(), 1..6).prop_map(Value::Tuple),
            vec((key(), inner.clone()), 0..6).prop_map(map),
            (0..4_u32, inner.clone()).prop_map(|(marks, value)| options(marks, value)),
            (name(), items()).prop_map(|(name, fields)| record(&name, fields)),
            (0..4_usize, inner).prop_map(|(len, value)| {
                let items = vec![value; len * 2];
                let array = ObjectArray::new(&[len, 1, 2], items).unwrap();
                Value::ObjectArray(array.into())
            }),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::None),
        Just(Value::Unit),
        any::<bool>().prop_map(Value::Bool),
        any::<i128>().prop_map(Value::Integer),
        (any::<i128>(), 0..128_u32).prop_map(|(value, shift)| Value::Integer(value >> shift)),
        any::<u128>().prop_map(Value::from),
        any::<f32>().prop_map(Value::F32),
        any::<f64>().prop_map(Value::F64),
        any::<String>().prop_map(Value::Text),
        vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        array().prop_map(Value::from),
    ]
}

fn key() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        any::<i64>().prop_map(Value::from),
        Just(Value::None),
    ]
}

fn map(entries: Vec<(Value, Value)>) -> Value {
    let mut seen = HashSet::new();
    let entries = entries.into_iter();
    Value::Map(entries.filter(|(key, _)| seen.insert(key.to_string())).collect())
}

/// Only before a `None` is a `Some` told from what it holds.
fn options(marks: u32, value: Value) -> Value {
    let is_marked = matches!(value, Value::None | Value::Some(_));
    let marks = if is_marked { marks } else { 0 };
    (0..marks).fold(value, |value, _| Value::Some(value.into()))
}

/// A name, its variant, and whether fields have names.
fn name() -> impl Strategy<Value = (String, Option<String>, bool)> {
    ("[A-Z][a-z]{0,3}", proptest::option::of("[A-C]"), any::<bool>())
}

fn record((name, variant, is_named): &(String, Option<String>, bool), fields: Vec<Value>) -> Value {
    let names = (0..fields.len()).map(|index| format!("f{index}").into());
    let name = RecordName {
        name: name.as_str().into(),
        variant: variant.as_deref().map(Into::into),
        fields: if *is_named {
            FieldNames::Named(names.collect())
        } else {
            FieldNames::Positional(fields.len())
        },
    };
    Value::Record(RecordValue::new(Arc::new(name), fields).unwrap().into())
}

fn array() -> impl Strategy<Value = ArrayValue> {
    (dtype(), layout(), any::<u8>()).prop_map(|(dtype, layout, first)| {
        let len = layout.stored_count() * dtype.item_size();
        let bytes = (0..len).map(|index| first.wrapping_add(index as u8));
        let bytes = SharedBytes::from_vec(bytes.collect::<Vec<u8>>());
        ArrayValue::from_parts(dtype, layout, bytes).unwrap()
    })
}

fn dtype() -> impl Strategy<Value = Dtype> {
    let scalar = sample::select(Scalar::ALL).prop_map(Dtype::Scalar);
    scalar.prop_recursive(3, 8, 3, |inner| {
        vec((inner, vec(1..4_usize, 0..3)), 1..4).prop_map(|fields| {
            let fields = fields.into_iter().enumerate();
            let fields =
                fields.map(|(index, (dtype, shape))| Field::new(format!("f{index}"), dtype, shape));
            Dtype::Struct(StructDtype::new(fields.collect()).unwrap())
        })
    })
}

fn layout() -> impl Strategy<Value = ArrayLayout> {
    let axes = |rank: usize| {
        let all: Vec<usize> = (0..rank).collect();
        sample::subsequence(all, 0..=rank).prop_shuffle()
    };
    vec(0..5_usize, 0..4)
        .prop_flat_map(move |shape| (Just(shape.clone()), axes(shape.len()), any::<u8>()))
        .prop_map(|(shape, axes, signs)| {
            let axes: Vec<Axis> = axes
                .into_iter()
                .map(|index| Axis { index, reversed: signs >> index & 1 == 1 })
                .collect();
            let axes = Some(axes).filter(|_| signs < 192);
            ArrayLayout::new(&shape, axes.as_deref()).unwrap()
        })
}
