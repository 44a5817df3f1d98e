//! A field of a struct's dtype.

use std::{borrow::Cow, fmt};

use super::Dtype;

/// A field of a struct's dtype.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    name: Cow<'static, str>,
    dtype: Cow<'static, Dtype>,
    shape: Cow<'static, [usize]>,
}

impl Field {
    /// Describes a field of `shape` items (empty for one item) of `dtype`.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        dtype: Dtype,
        shape: impl Into<Cow<'static, [usize]>>,
    ) -> Self {
        Self { name: name.into(), dtype: Cow::Owned(dtype), shape: shape.into() }
    }

    /// The same at compile time; for `#[derive(Element)]`.
    pub const fn of_static(
        name: &'static str,
        dtype: &'static Dtype,
        shape: &'static [usize],
    ) -> Self {
        Self { name: Cow::Borrowed(name), dtype: Cow::Borrowed(dtype), shape: Cow::Borrowed(shape) }
    }

    /// The field's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The dtype of its items.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// The shape of a `[T; N]` field; empty for a single item.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(super) const fn align(&self) -> usize {
        match &self.dtype {
            Cow::Borrowed(dtype) => dtype.align(),
            Cow::Owned(dtype) => dtype.align(),
        }
    }

    const fn name_bytes(&self) -> &[u8] {
        match &self.name {
            Cow::Borrowed(name) => name.as_bytes(),
            Cow::Owned(name) => name.as_bytes(),
        }
    }

    pub(super) const fn has_name_of(&self, other: &Self) -> bool {
        let (mut these, mut those) = (self.name_bytes(), other.name_bytes());
        if these.len() != those.len() {
            return false;
        }
        while let ([this, these_rest @ ..], [that, those_rest @ ..]) = (these, those) {
            if *this != *that {
                return false;
            }
            (these, those) = (these_rest, those_rest);
        }
        true
    }

    pub(super) const fn checked_size(&self) -> Option<usize> {
        let mut size = match &self.dtype {
            Cow::Borrowed(dtype) => dtype.item_size(),
            Cow::Owned(dtype) => dtype.item_size(),
        };
        let mut shape = match &self.shape {
            Cow::Borrowed(shape) => *shape,
            Cow::Owned(shape) => shape.as_slice(),
        };
        while let [len, rest @ ..] = shape {
            size = match size.checked_mul(*len) {
                Some(size) => size,
                None => return None,
            };
            shape = rest;
        }
        Some(size)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "('{}', ", self.name.escape_debug())?;
        match self.dtype.as_ref() {
            Dtype::Scalar(scalar) => write!(f, "'{}'", scalar.name())?,
            Dtype::Struct(structure) => structure.fmt(f)?,
        }
        match self.shape.as_ref() {
            [] => {}
            [one] => write!(f, ", ({one},)")?,
            [first, rest @ ..] => {
                write!(f, ", ({first}")?;
                rest.iter().try_for_each(|len| write!(f, ", {len}"))?;
                f.write_str(")")?;
            }
        }
        f.write_str(")")
    }
}
