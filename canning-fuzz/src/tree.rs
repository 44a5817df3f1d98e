//! Values of every kind, nested: what any object is without its type.

use std::{collections::HashSet, sync::Arc};

use arbitrary::{Arbitrary, Result, Unstructured};
use canning_core::{
    ArrayValue, Dtype, Field, FieldNames, ObjectArray, RecordName, RecordValue, Scalar,
    SharedBytes, StructDtype, Value,
    buffer::{ArrayLayout, Axis},
};

/// A value of at most so many levels, that a header can hold.
pub(crate) fn value(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let kinds = if depth == 0 { 10 } else { 17 };
    Ok(match u.int_in_range(0..=kinds)? {
        0 => Value::None,
        1 => Value::Unit,
        2 => Value::Bool(u.arbitrary()?),
        3 => Value::Integer(i128::from(i64::arbitrary(u)?) << u.int_in_range(0..=60)?),
        4 => Value::from(u.arbitrary::<u128>()?),
        5 => Value::F32(u.arbitrary()?),
        6 => Value::F64(u.arbitrary()?),
        7 => Value::Text(u.arbitrary()?),
        8 => Value::Bytes(u.arbitrary()?),
        9 | 10 => Value::from(array(u)?),
        11 => Value::List(values(u, depth)?),
        12 => {
            let mut items = values(u, depth)?;
            items.push(Value::None);
            Value::Tuple(items)
        }
        13 => map(u, depth)?,
        14 => options(u, depth)?,
        15 => {
            let len = u.int_in_range(0..=2)?;
            let items = vec![value(u, depth - 1)?; len * 2];
            Value::ObjectArray(ObjectArray::new(&[len, 1, 2], items).unwrap().into())
        }
        _ => record(u, depth)?,
    })
}

fn values(u: &mut Unstructured<'_>, depth: usize) -> Result<Vec<Value>> {
    let len = u.int_in_range(0..=5)?;
    (0..len).map(|_| value(u, depth - 1)).collect()
}

fn map(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let mut seen = HashSet::new();
    let mut entries = Vec::new();
    for item in values(u, depth)? {
        let key = match u.int_in_range(0..=2)? {
            0 => Value::Text(u.arbitrary()?),
            1 => Value::from(u.arbitrary::<i64>()?),
            _ => Value::None,
        };
        if seen.insert(key.to_string()) {
            entries.push((key, item));
        }
    }
    Ok(Value::Map(entries))
}

/// Only before a `None` is a `Some` told from what it holds.
fn options(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let marks = u.int_in_range(0..=depth.min(4))?;
    Ok((0..marks).fold(Value::None, |value, _| Value::Some(value.into())))
}

fn record(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let fields = values(u, depth)?;
    let names = match u.arbitrary()? {
        true => {
            let names = (0..fields.len()).map(|index| format!("f{index}").into());
            FieldNames::Named(names.collect())
        }
        false => FieldNames::Positional(fields.len()),
    };
    let name = *u.choose(&["Point", "Tree", "Lenient", "", "a.B"])?;
    let variant = *u.choose(&[None, Some("Leaf"), Some("é")])?;
    let name = RecordName { name: name.into(), variant: variant.map(Into::into), fields: names };
    Ok(Value::Record(RecordValue::new(Arc::new(name), fields).unwrap().into()))
}

fn array(u: &mut Unstructured<'_>) -> Result<ArrayValue> {
    let (dtype, layout) = (dtype(u, 2)?, layout(u)?);
    let first: u8 = u.arbitrary()?;
    let len = layout.stored_count() * dtype.item_size();
    let bytes: Vec<u8> = (0..len).map(|index| first.wrapping_add(index as u8)).collect();
    Ok(ArrayValue::from_parts(dtype, layout, SharedBytes::from_vec(bytes)).unwrap())
}

fn dtype(u: &mut Unstructured<'_>, depth: usize) -> Result<Dtype> {
    if depth == 0 || u.ratio(3, 4)? {
        return Ok(Dtype::Scalar(*u.choose(Scalar::ALL)?));
    }
    let len = u.int_in_range(1..=3)?;
    let fields = (0..len).map(|index| {
        let rank = u.int_in_range(0..=2)?;
        let shape: Vec<usize> = (0..rank).map(|_| u.int_in_range(1..=3)).collect::<Result<_>>()?;
        Ok(Field::new(format!("f{index}"), dtype(u, depth - 1)?, shape))
    });
    Ok(Dtype::Struct(StructDtype::new(fields.collect::<Result<_>>()?).unwrap()))
}

/// Axes in any order and direction, some of them broadcast.
fn layout(u: &mut Unstructured<'_>) -> Result<ArrayLayout> {
    let rank = u.int_in_range(0..=4)?;
    let shape: Vec<usize> = (0..rank).map(|_| u.int_in_range(0..=4)).collect::<Result<_>>()?;
    let mut axes = Vec::new();
    for index in 0..rank {
        if u.ratio(5, 6)? {
            let at = u.int_in_range(0..=axes.len())?;
            axes.insert(at, Axis { index, reversed: u.ratio(1, 3)? });
        }
    }
    let axes = if u.arbitrary()? { Some(axes) } else { None };
    Ok(ArrayLayout::new(&shape, axes.as_deref()).unwrap())
}
