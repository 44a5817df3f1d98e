//! What kind of value an object of Python's is to Rust.

use canning_core::visitor::Kind;

use super::{Next, time};
use crate::{
    numpy::{Dtype, DtypeKind},
    object::view::View,
};

pub(super) fn of(next: &Next<'_>) -> Kind {
    let view = match next {
        Next::View(view) => view,
        Next::Slice(_) | Next::Bytes(_) => return Kind::Bytes,
        Next::Text(_) => return Kind::Text,
    };
    match view {
        View::None => Kind::None,
        View::Bool(_) => Kind::Bool,
        View::Int(_) => Kind::Integer,
        View::BigInt(value) if value.to_i128().is_some() => Kind::Integer,
        View::BigInt(value) if value.to_u128().is_some() => Kind::BigInteger,
        View::Float(_) => Kind::F64,
        View::Str(_) => Kind::Text,
        View::Bytes(_) | View::ByteArray(_) | View::MemoryView(_) => Kind::Bytes,
        View::List(_) | View::Set(_) | View::FrozenSet(_) => Kind::List,
        View::Tuple(items) if items.is_empty() => Kind::Unit,
        View::Tuple(_) => Kind::Tuple,
        View::Dict(_) | View::OrderedDict(_) => Kind::Map,
        View::Array(_) | View::Complex(..) => Kind::Array,
        View::Opaque(object) if time::scalar(object).is_some() => Kind::Array,
        View::ObjectArray(_) => Kind::ObjectArray,
        View::Scalar(scalar) => of_scalar(scalar.dtype()),
        View::BigInt(_)
        | View::Surrogates(_)
        | View::Range(..)
        | View::Dtype(_)
        | View::Subclass(_)
        | View::Reference(_)
        | View::Function(_)
        | View::Global(_)
        | View::Opaque(_) => Kind::Record,
    }
}

/// A scalar of NumPy's that Rust has no number for is an array without axes.
fn of_scalar(dtype: &Dtype) -> Kind {
    match (dtype.kind(), dtype.item_size()) {
        (DtypeKind::Bool, _) => Kind::Bool,
        (DtypeKind::Int | DtypeKind::Uint, _) => Kind::Integer,
        (DtypeKind::Float, 4) => Kind::F32,
        (DtypeKind::Float, 8) => Kind::F64,
        (DtypeKind::Text, _) => Kind::Text,
        (DtypeKind::Bytes, _) => Kind::Bytes,
        _ => Kind::Array,
    }
}
