//! Receiving the records that stand for structs of std: in order, or by name.

use crate::{
    __private::{missing_field, uncan_field},
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
                only = Some(uncan_field(uncanner, index, record)?);
            }
        }
    }
    uncanner.end_record()?;
    only.ok_or_else(|| missing_field(record, 0))
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
                    first = Some(uncan_field(uncanner, index, record)?);
                } else {
                    second = Some(uncan_field(uncanner, index, record)?);
                }
            }
        }
    }
    uncanner.end_record()?;
    let first = first.ok_or_else(|| missing_field(record, 0))?;
    let second = second.ok_or_else(|| missing_field(record, 1))?;
    Ok((first, second))
}
