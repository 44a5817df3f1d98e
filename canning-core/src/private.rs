//! Names that the code of the derive macros uses; not public API.

pub use std::{
    default::Default,
    option::Option::{self, None, Some},
    result::Result::{Err, Ok},
};

#[cfg(feature = "serde")]
pub use crate::plain::{Plain, can_plain, uncan_plain};
pub use crate::{
    array::{can_element, uncan_element},
    dtype::{Dtype, Field, StructDtype},
    element::{Elem, Element, InnerShape, Validate},
    error::{Error, ErrorKind, Result},
    object::{Can, Own, Uncan},
    record::{Enum, Fields, Record, RecordField, RecordFields},
    visitor::{Canner, Uncanner},
};

/// Cans a field, and names it where that fails.
///
/// # Errors
///
/// As [`Can::can`].
#[inline]
pub fn can_field<'a, T, V, C>(
    value: &'a T,
    canner: &mut C,
    index: usize,
    record: &'static Record,
) -> Result<()>
where
    T: Can<V> + ?Sized,
    C: Canner<'a>,
{
    canner.field(index)?;
    match value.can(canner) {
        Ok(()) => Ok(()),
        Err(error) => Err(in_field(error, record, index)),
    }
}

/// Uncans a field, and names it where that fails.
///
/// # Errors
///
/// As [`Uncan::uncan`].
#[inline]
pub fn uncan_field<'b, T, V, U>(
    uncanner: &mut U,
    index: usize,
    record: &'static Record,
) -> Result<T>
where
    T: Uncan<'b, V>,
    U: Uncanner<'b>,
{
    match T::uncan(uncanner) {
        Ok(value) => Ok(value),
        Err(error) => Err(in_field(error, record, index)),
    }
}

/// Puts the name of a field in front of the path of an error.
#[cold]
#[must_use]
pub fn in_field(error: Error, record: &'static Record, index: usize) -> Error {
    match record.fields {
        RecordFields::Named(fields) => match fields.get(index) {
            Some(field) => error.in_field(field.name),
            None => error,
        },
        RecordFields::Positional(_) => error.in_item(index),
    }
}

/// The error of a field that is missing and has no default.
#[cold]
#[must_use]
pub fn missing_field(record: &'static Record, index: usize) -> Error {
    match record.fields {
        RecordFields::Named(fields) => match fields.get(index) {
            Some(field) => Error::new(ErrorKind::MissingField { name: field.name }),
            None => unreachable!("the derive numbers the fields of the record it writes"),
        },
        RecordFields::Positional(expected) => Error::new(ErrorKind::Length {
            expected,
            found: index,
        }),
    }
}
