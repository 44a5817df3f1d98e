//! Receiving the records that stand for structs of std: in order, or by name.

use crate::{
    derived::{required, set_field, uncan_field},
    error::Result,
    object::Uncan,
    record::{Fields, Record, RecordField},
    visitor::Uncanner,
};

/// A field without other names.
pub(super) const fn field(name: &'static str) -> RecordField {
    RecordField { name, aliases: &[] }
}

/// The fields and the end of a record or variant of one field.
pub(super) fn uncan_one<'b, A, VA, U>(
    uncanner: &mut U,
    fields: Fields,
    record: &'static Record,
) -> Result<A>
where
    A: Uncan<'b, VA>,
    U: Uncanner<'b>,
{
    let mut only = None;
    match fields {
        Fields::InOrder => only = Some(uncan_field(uncanner, 0, record)?),
        Fields::ByName => {
            while let Some(index) = uncanner.next_field()? {
                set_field(&mut only, uncanner, index, record)?;
            }
        }
    }
    uncanner.end_record()?;
    required(only, 0, record)
}

/// The fields and the end of a record of two fields.
pub(super) fn uncan_two<'b, A, VA, B, VB, U>(
    uncanner: &mut U,
    fields: Fields,
    record: &'static Record,
) -> Result<(A, B)>
where
    A: Uncan<'b, VA>,
    B: Uncan<'b, VB>,
    U: Uncanner<'b>,
{
    let (mut first, mut second) = (None, None);
    match fields {
        Fields::InOrder => {
            first = Some(uncan_field(uncanner, 0, record)?);
            second = Some(uncan_field(uncanner, 1, record)?);
        }
        Fields::ByName => {
            while let Some(index) = uncanner.next_field()? {
                if index == 0 {
                    set_field(&mut first, uncanner, index, record)?;
                } else {
                    set_field(&mut second, uncanner, index, record)?;
                }
            }
        }
    }
    uncanner.end_record()?;
    let first = required(first, 0, record)?;
    let second = required(second, 1, record)?;
    Ok((first, second))
}
