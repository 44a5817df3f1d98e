//! NumPy's arrays.

use canning_core::Result;
use canning_python::{
    numpy::{ByteOrder, Dtype, DtypeKind},
    view::{ArrayView, ObjectArrayView, SubclassView, View},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    objects, repr,
    value::{Description, hex, set},
};

/// Describes an array that is memory.
pub(crate) fn memory(description: &mut Description<'_>, array: &ArrayView<'_>) -> Result<Value> {
    let nbytes = array.len_in_bytes();
    // Items may have no bytes, and be many.
    description.spend(nbytes.max(array.count().saturating_mul(64)))?;
    let mut told = head(array.dtype(), array.shape());
    let mut hash = Sha256::new();
    let (mut first, mut last) = (None, None);
    for item in array.items()? {
        hash.update(item);
        first = first.or(Some(item));
        last = Some(item);
    }
    told.insert("nbytes".into(), nbytes.into());
    told.insert("sha256_c_order".into(), hex(&hash.finalize()).into());
    for (name, item) in [("first", first), ("last", last)] {
        if let Some(repr) = item.and_then(|item| number(array.dtype(), item)) {
            told.insert(name.into(), repr.into());
        }
    }
    Ok(told.into())
}

/// Describes an array of objects.
pub(crate) fn objects<'o>(
    description: &mut Description<'o>,
    array: &ObjectArrayView<'o>,
) -> Result<Value> {
    let mut told = head(array.dtype(), array.shape());
    told.insert("tolist_repr".into(), objects::to_list(description, array)?.into());
    Ok(told.into())
}

/// Describes a `recarray`, a `MaskedArray` and the like.
pub(crate) fn subclass<'o>(
    description: &mut Description<'o>,
    subclass: &SubclassView<'o>,
) -> Result<Value> {
    let data = match subclass.data() {
        View::Array(array) => memory(description, array)?,
        View::ObjectArray(array) => objects(description, array)?,
        _ => Value::Null,
    };
    let class = subclass.class();
    let name = class.name().rsplit('.').next().unwrap_or_default();
    let mut told = json!({"type": "ndarray subclass", "class": name, "data": data});
    if let Some(mask) = subclass.mask() {
        set(&mut told, "mask", memory(description, mask)?);
    }
    Ok(told)
}

fn head(dtype: &Dtype, shape: &[usize]) -> Map<String, Value> {
    let mut told = Map::new();
    told.insert("type".into(), "ndarray".into());
    told.insert("shape".into(), shape.into());
    told.insert("dtype".into(), dtype.code().to_string().into());
    told.insert("itemsize".into(), dtype.item_size().into());
    told.insert("hasobject".into(), dtype.has_objects().into());
    if !dtype.fields().is_empty() {
        told.insert("fields".into(), fields(dtype));
    }
    told
}

fn fields(dtype: &Dtype) -> Value {
    let fields = dtype.fields().iter().map(|field| {
        let (base, shape) = field.dtype().subarray().unwrap_or((field.dtype(), &[]));
        let mut told = json!({
            "name": field.name(),
            "offset": field.offset(),
            "dtype": base.code().to_string(),
            "shape": shape,
        });
        if !base.fields().is_empty() {
            set(&mut told, "fields", fields(base));
        }
        told
    });
    fields.collect()
}

/// Prints an item, if it is a number that Python has.
fn number(dtype: &Dtype, item: &[u8]) -> Option<String> {
    match (dtype.kind(), item.len()) {
        (DtypeKind::Bool, 1) => Some(if item == [0] { "False" } else { "True" }.into()),
        (DtypeKind::Int, len @ 1..=8) => {
            let unused = 64 - 8 * u32::try_from(len).ok()?;
            Some(((bits(dtype, item) << unused).cast_signed() >> unused).to_string())
        }
        (DtypeKind::Uint, 1..=8) => Some(bits(dtype, item).to_string()),
        (DtypeKind::Float, 2..=8) => Some(repr::float(float(dtype, item)?)),
        (DtypeKind::Complex, 8 | 16) => {
            let (real, imaginary) = item.split_at_checked(item.len() / 2)?;
            Some(repr::complex(float(dtype, real)?, float(dtype, imaginary)?))
        }
        _ => None,
    }
}

fn float(dtype: &Dtype, item: &[u8]) -> Option<f64> {
    let bits = bits(dtype, item);
    match item.len() {
        2 => Some(half::f16::from_bits(bits.try_into().ok()?).into()),
        4 => Some(f32::from_bits(bits.try_into().ok()?).into()),
        8 => Some(f64::from_bits(bits)),
        _ => None,
    }
}

/// Up to eight bytes as a number.
fn bits(dtype: &Dtype, item: &[u8]) -> u64 {
    let join = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
    match dtype.byte_order() {
        ByteOrder::Big => item.iter().fold(0, join),
        ByteOrder::Little | ByteOrder::None => item.iter().rev().fold(0, join),
    }
}
