//! Whether the second reader and canning read the same.

use canning_core::{ArrayValue, FieldNames, RecordValue, Value};

use super::reader::Tree;

/// Whether both hold the same value. A `Some` that needs no mark is not there in a tree; and
/// floats of both widths are one thing in generic CBOR.
pub fn is_same(tree: &Tree, value: &Value) -> bool {
    match (tree, value) {
        (Tree::None, Value::None) | (Tree::Unit, Value::Unit) => true,
        (Tree::Some(tree), Value::Some(value)) => is_same(tree, value),
        (tree, Value::Some(value)) => is_same(tree, value),
        (Tree::Bool(tree), Value::Bool(value)) => tree == value,
        (Tree::Integer(negative, tree), Value::Integer(value)) => {
            *negative == (*value < 0)
                && *tree == if *negative { !value } else { *value }.cast_unsigned()
        }
        (Tree::Integer(false, tree), Value::BigInteger(value)) => tree == value,
        (Tree::Float(tree), Value::F32(value)) => is_same_float(*tree, f64::from(*value)),
        (Tree::Float(tree), Value::F64(value)) => is_same_float(*tree, *value),
        (Tree::Text(tree), Value::Text(value)) => tree == value,
        (Tree::Bytes(tree), Value::Bytes(value)) => tree == value,
        (Tree::List(trees), Value::List(values)) => are_same(trees, values),
        (Tree::Tuple(trees), Value::Tuple(values)) => are_same(trees, values),
        (Tree::Unit, Value::Tuple(values)) => values.is_empty(),
        (Tree::Map(trees), Value::Map(values)) => {
            trees.len() == values.len()
                && trees
                    .iter()
                    .zip(values)
                    .all(|(tree, value)| is_same(&tree.0, &value.0) && is_same(&tree.1, &value.1))
        }
        (Tree::Record { .. }, Value::Record(value)) => is_same_record(tree, value),
        (Tree::Array { .. }, Value::Array(value)) => is_same_array(tree, value),
        (Tree::Objects(shape, trees), Value::ObjectArray(value)) => {
            is_same_shape(shape, value.shape()) && are_same(trees, value.items())
        }
        _ => false,
    }
}

fn are_same(trees: &[Tree], values: &[Value]) -> bool {
    trees.len() == values.len()
        && trees.iter().zip(values).all(|(tree, value)| is_same(tree, value))
}

fn is_same_float(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

fn is_same_shape(a: &[u64], b: &[usize]) -> bool {
    a.iter().copied().eq(b.iter().map(|len| *len as u64))
}

fn is_same_record(tree: &Tree, value: &RecordValue) -> bool {
    let Tree::Record { name, variant, names, fields } = tree else {
        return false;
    };
    let found = value.name();
    let are_names_same = match (names, &found.fields) {
        (Some(names), FieldNames::Named(found)) => {
            names.iter().map(String::as_str).eq(found.iter().map(|name| &**name))
        }
        (None, FieldNames::Positional(len)) => *len == fields.len(),
        _ => false,
    };
    are_names_same
        && **name == *found.name
        && variant.as_deref() == found.variant.as_deref()
        && are_same(fields, value.fields())
}

fn is_same_array(tree: &Tree, value: &ArrayValue) -> bool {
    let Tree::Array { dtype, shape, axes, bytes } = tree else {
        return false;
    };
    let found = value.layout().axes().map(|axes| {
        let signed = axes.iter().map(|axis| {
            let index = axis.index.cast_signed() as i64;
            if axis.reversed { !index } else { index }
        });
        signed.collect::<Vec<_>>()
    });
    dtype.notation() == value.dtype().to_string()
        && is_same_shape(shape, value.shape())
        && *axes == found
        && bytes.as_slice() == value.bytes().as_slice()
}
