//! Core's dtypes as NumPy's `dtype` takes them.

use std::borrow::Cow;

use canning_core::{Dtype, ErrorKind, Field, Result, Scalar, StructDtype};

use super::TimeBase;
use crate::{
    pickle::opcode as op,
    write::{Global, Writer},
};

/// Writes what `numpy.dtype(…)` takes: text as `<f8`, or a list of fields.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] for a field with an empty name: NumPy would give it another.
pub(crate) fn dtype(dtype: &Dtype, writer: &mut Writer) -> Result<()> {
    match short(dtype) {
        Short::Text(text) => {
            writer.name(&text);
            Ok(())
        }
        Short::Foreign(name, scalar, shape) => {
            writer.ops(&[op::EMPTY_LIST]);
            field(name, &Dtype::Scalar(scalar), shape, writer)?;
            writer.op(op::APPEND);
            Ok(())
        }
        Short::Fields(structure) => {
            writer.ops(&[op::EMPTY_LIST, op::MARK]);
            for part in structure.fields() {
                if part.name().is_empty() {
                    return Err(ErrorKind::Unsupported("a dtype's field without a name").into());
                }
                field(part.name(), part.dtype(), part.shape(), writer)?;
            }
            writer.op(op::APPENDS);
            Ok(())
        }
    }
}

/// Whether NumPy's notation is a list of fields, and not text.
pub(crate) fn is_list(dtype: &Dtype) -> bool {
    !matches!(short(dtype), Short::Text(_))
}

fn field(name: &str, of: &Dtype, shape: &[usize], writer: &mut Writer) -> Result<()> {
    writer.name(name);
    dtype(of, writer)?;
    if shape.is_empty() {
        writer.op(op::TUPLE2);
    } else {
        writer.sizes(shape);
        writer.op(op::TUPLE3);
    }
    Ok(())
}

/// How a dtype is written.
enum Short<'d> {
    Text(Cow<'static, str>),
    /// One that NumPy does not have: a struct of one field, of this name.
    Foreign(&'static str, Scalar, &'static [usize]),
    Fields(&'d StructDtype),
}

fn short(dtype: &Dtype) -> Short<'_> {
    match dtype {
        Dtype::Scalar(Scalar::I128) => Short::Foreign("canning:i128", Scalar::U64, &[2]),
        Dtype::Scalar(Scalar::U128) => Short::Foreign("canning:u128", Scalar::U64, &[2]),
        Dtype::Scalar(Scalar::Bf16) => Short::Foreign("canning:bf16", Scalar::U16, &[]),
        Dtype::Scalar(scalar) => Short::Text(Cow::Borrowed(scalar.name())),
        Dtype::Struct(structure) => match structure.fields() {
            [only] => match numpys_own(only) {
                Some(text) => Short::Text(Cow::Owned(text)),
                None => Short::Fields(structure),
            },
            _ => Short::Fields(structure),
        },
        _ => unreachable!("core has scalars and structs"),
    }
}

/// The name of a dtype that core knows as a struct of one field, as `numpy:S`.
fn numpys_own(field: &Field) -> Option<String> {
    let name = field.name().strip_prefix("numpy:")?;
    let Dtype::Scalar(scalar) = field.dtype() else {
        return None;
    };
    match (name, scalar, field.shape()) {
        ("S" | "V", Scalar::U8, [len]) => Some(format!("|{name}{len}")),
        ("U", Scalar::U32, [len]) => Some(format!("<U{len}")),
        ("f16", Scalar::U8, [16]) | ("c32", Scalar::U8, [32]) => Some(format!("<{name}")),
        (_, Scalar::I64, []) if is_time(name) => Some(format!("<{name}")),
        _ => None,
    }
}

/// The class and the unit of a single date or span of this dtype, if it is one with a plain unit.
pub(crate) fn time(dtype: &Dtype) -> Option<(Global, &str)> {
    let Dtype::Struct(structure) = dtype else { return None };
    let [only] = structure.fields() else { return None };
    numpys_own(only)?;
    let name = only.name().strip_prefix("numpy:")?;
    let (class, unit) = match name.strip_prefix("M8[") {
        Some(unit) => (Global::Datetime64, unit),
        None => (Global::Timedelta64, name.strip_prefix("m8[")?),
    };
    let unit = unit.strip_suffix(']')?;
    let base = TimeBase::of_name(unit)?;
    (base != TimeBase::Generic).then_some((class, unit))
}

/// Whether it is `M8` or `m8`, perhaps with a unit: `M8[ns]`, `m8[25s]`.
fn is_time(name: &str) -> bool {
    let Some(unit) = name.strip_prefix("M8").or_else(|| name.strip_prefix("m8")) else {
        return false;
    };
    if unit.is_empty() {
        return true;
    }
    let inner = unit.strip_prefix('[').and_then(|unit| unit.strip_suffix(']'));
    inner.is_some_and(|inner| {
        !inner.is_empty()
            && inner.chars().all(|char| char.is_ascii_alphanumeric() || char == '/' || char == 'μ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &'static str, of: Scalar, shape: &'static [usize]) -> Option<String> {
        let field = Field::new(name, of.into(), shape);
        match short(&Dtype::Struct(StructDtype::new(vec![field]).unwrap())) {
            Short::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    #[test]
    fn numpys_own_dtypes_get_their_names_back() {
        assert_eq!(text("numpy:S", Scalar::U8, &[10]).unwrap(), "|S10");
        assert_eq!(text("numpy:V", Scalar::U8, &[7]).unwrap(), "|V7");
        assert_eq!(text("numpy:U", Scalar::U32, &[5]).unwrap(), "<U5");
        assert_eq!(text("numpy:M8[ns]", Scalar::I64, &[]).unwrap(), "<M8[ns]");
        assert_eq!(text("numpy:m8[25s]", Scalar::I64, &[]).unwrap(), "<m8[25s]");
        assert_eq!(text("numpy:M8", Scalar::I64, &[]).unwrap(), "<M8");
        assert_eq!(text("numpy:f16", Scalar::U8, &[16]).unwrap(), "<f16");
        assert_eq!(text("numpy:c32", Scalar::U8, &[32]).unwrap(), "<c32");
    }

    #[test]
    fn what_only_looks_like_one_stays_a_struct() {
        assert_eq!(text("numpy:S", Scalar::U8, &[]), None);
        assert_eq!(text("numpy:S", Scalar::I8, &[10]), None);
        assert_eq!(text("numpy:M8[ns], f8", Scalar::I64, &[]), None);
        assert_eq!(text("numpy:M8[]", Scalar::I64, &[]), None);
        assert_eq!(text("numpy:M8[ns]", Scalar::U64, &[]), None);
        assert_eq!(text("S", Scalar::U8, &[10]), None);
    }
}
