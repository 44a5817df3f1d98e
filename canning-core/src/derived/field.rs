//! Fields of records, in order and by name.

use crate::{
    error::{Error, ErrorKind, Result},
    object::{Can, Uncan},
    record::{Enum, Record, RecordFields},
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

/// Cans a field whose arrays and text stay in the header.
///
/// # Errors
///
/// As [`Can::can`].
#[inline]
pub fn can_field_inline<'a, T, V, C>(
    value: &'a T,
    canner: &mut C,
    index: usize,
    record: &'static Record,
) -> Result<()>
where
    T: Can<V> + ?Sized,
    C: Canner<'a>,
{
    can_field_with(canner, index, record, |canner| {
        canner.begin_inline()?;
        value.can(canner)?;
        canner.end_inline()
    })
}

/// Cans a field in its own way, and names it where that fails.
///
/// # Errors
///
/// Those of `can`.
#[inline]
pub fn can_field_with<'a, C: Canner<'a>>(
    canner: &mut C,
    index: usize,
    record: &'static Record,
    can: impl FnOnce(&mut C) -> Result<()>,
) -> Result<()> {
    canner.field(index)?;
    match can(canner) {
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

/// Uncans a field in its own way, and names it where that fails.
///
/// # Errors
///
/// Those of `uncan`.
#[inline]
pub fn uncan_field_with<'b, T, U: Uncanner<'b>>(
    uncanner: &mut U,
    index: usize,
    record: &'static Record,
    uncan: impl FnOnce(&mut U) -> Result<T>,
) -> Result<T> {
    match uncan(uncanner) {
        Ok(value) => Ok(value),
        Err(error) => Err(in_field(error, record, index)),
    }
}

/// Uncans a field that came by name into its place.
///
/// # Errors
///
/// As [`Uncan::uncan`]; and when the field came before.
pub fn set_field<'b, T, V, U>(
    place: &mut Option<T>,
    uncanner: &mut U,
    index: usize,
    record: &'static Record,
) -> Result<()>
where
    T: Uncan<'b, V>,
    U: Uncanner<'b>,
{
    set_field_with(place, uncanner, index, record, T::uncan)
}

/// Uncans a field that came by name into its place, in its own way.
///
/// # Errors
///
/// Those of `uncan`; and when the field came before.
pub fn set_field_with<'b, T, U: Uncanner<'b>>(
    place: &mut Option<T>,
    uncanner: &mut U,
    index: usize,
    record: &'static Record,
    uncan: impl FnOnce(&mut U) -> Result<T>,
) -> Result<()> {
    if place.is_some() {
        return Err(ErrorKind::DuplicateField {
            name: field_name(record, index).unwrap_or_default().into(),
        }
        .into());
    }
    *place = Some(uncan_field_with(uncanner, index, record, uncan)?);
    Ok(())
}

/// Gives a field that has no default.
///
/// # Errors
///
/// When it did not come.
pub fn required<T>(place: Option<T>, index: usize, record: &'static Record) -> Result<T> {
    place.ok_or_else(|| missing_field(record, index))
}

/// Runs what is rarely needed, out of the way of what is often needed.
#[cold]
#[inline(never)]
pub fn cold<T>(run: impl FnOnce() -> T) -> T {
    run()
}

/// The error of a variant that cannot be written.
#[cold]
#[must_use]
pub fn unsupported(what: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported(what))
}

/// The error of a number that a format gave and that no field has.
#[cold]
#[must_use]
pub fn no_field(index: usize) -> Error {
    let name = format!("{index}").into();
    Error::new(ErrorKind::UnknownField { name })
}

/// The error of a number that a format gave and that no variant has.
#[cold]
#[must_use]
pub fn no_variant(variants: &'static Enum, index: usize) -> Error {
    Error::new(ErrorKind::UnknownVariant {
        record: variants.name,
        found: format!("{index}").into(),
    })
}

/// Puts the name of a field in front of the path of an error.
#[cold]
fn in_field(error: Error, record: &'static Record, index: usize) -> Error {
    match record.fields {
        RecordFields::Named(_) => match field_name(record, index) {
            Some(name) => error.in_field(name),
            None => error,
        },
        RecordFields::Positional(_) => error.in_item(index),
    }
}

/// The error of a field that is missing and has no default.
#[cold]
fn missing_field(record: &'static Record, index: usize) -> Error {
    Error::new(match record.fields {
        RecordFields::Named(_) => {
            ErrorKind::MissingField { name: field_name(record, index).unwrap_or_default() }
        }
        RecordFields::Positional(expected) => ErrorKind::Length { expected, found: index },
    })
}

fn field_name(record: &'static Record, index: usize) -> Option<&'static str> {
    match record.fields {
        RecordFields::Named(fields) => fields.get(index).map(|field| field.name),
        RecordFields::Positional(_) => None,
    }
}
