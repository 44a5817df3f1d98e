//! Ranges and `Bound`.

use std::ops::{Bound, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use super::record::{field, uncan_one, uncan_two};
use crate::{
    derived::can_field,
    error::Result,
    object::{Can, Uncan},
    record::{Enum, Record, RecordField, RecordFields},
    visitor::{Canner, Uncanner},
};

impl<T: Can<V>, V> Can<V> for Range<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_fields([&self.start, &self.end], canner, &RANGE)
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for Range<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let fields = uncanner.begin_record(&RANGE)?;
        uncan_two(uncanner, fields, &RANGE).map(|(start, end)| start..end)
    }
}

/// Its bounds only: of a range that was iterated to its end, std does not say what they are.
impl<T: Can<V>, V> Can<V> for RangeInclusive<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_fields([self.start(), self.end()], canner, &RANGE_INCLUSIVE)
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for RangeInclusive<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let fields = uncanner.begin_record(&RANGE_INCLUSIVE)?;
        uncan_two(uncanner, fields, &RANGE_INCLUSIVE).map(|(start, end)| start..=end)
    }
}

macro_rules! half_open {
    ($($range:ident $record:ident $field:ident;)*) => {$(
        impl<T: Can<V>, V> Can<V> for $range<T> {
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                can_fields([&self.$field], canner, &$record)
            }
        }

        impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for $range<T> {
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let fields = uncanner.begin_record(&$record)?;
                uncan_one(uncanner, fields, &$record).map(|$field| Self { $field })
            }
        }
    )*};
}

half_open! {
    RangeFrom RANGE_FROM start;
    RangeTo RANGE_TO end;
    RangeToInclusive RANGE_TO_INCLUSIVE end;
}

impl Can for RangeFull {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_record(&RANGE_FULL)?;
        canner.end_record()
    }
}

impl<'b> Uncan<'b> for RangeFull {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.begin_record(&RANGE_FULL)?;
        uncanner.end_record()?;
        Ok(Self)
    }
}

impl<T: Can<V>, V> Can<V> for Bound<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        match self {
            Self::Included(bound) => can_fields([bound], canner, INCLUDED),
            Self::Excluded(bound) => can_fields([bound], canner, EXCLUDED),
            Self::Unbounded => {
                canner.begin_record(UNBOUNDED)?;
                canner.end_record()
            }
        }
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for Bound<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        match uncanner.begin_variant(&BOUND)? {
            (0, fields) => uncan_one(uncanner, fields, INCLUDED).map(Self::Included),
            (1, fields) => uncan_one(uncanner, fields, EXCLUDED).map(Self::Excluded),
            _ => {
                uncanner.end_record()?;
                Ok(Self::Unbounded)
            }
        }
    }
}

fn can_fields<'a, T, V, C, const N: usize>(
    values: [&'a T; N],
    canner: &mut C,
    record: &'static Record,
) -> Result<()>
where
    T: Can<V>,
    C: Canner<'a>,
{
    canner.begin_record(record)?;
    for (index, value) in values.into_iter().enumerate() {
        can_field(value, canner, index, record)?;
    }
    canner.end_record()
}

static RANGE: Record = record("Range", &[field("start"), field("end")]);
static RANGE_INCLUSIVE: Record = record("RangeInclusive", &[field("start"), field("end")]);
static RANGE_FROM: Record = record("RangeFrom", &[field("start")]);
static RANGE_TO: Record = record("RangeTo", &[field("end")]);
static RANGE_TO_INCLUSIVE: Record = record("RangeToInclusive", &[field("end")]);
static RANGE_FULL: Record =
    Record { fields: RecordFields::Positional(0), ..record("RangeFull", &[]) };
static BOUND: Enum = Enum { name: "Bound", variants: &BOUNDS, other: None };
static BOUNDS: [Record; 3] = [bound("Included", 1), bound("Excluded", 1), bound("Unbounded", 0)];
static INCLUDED: &Record = &BOUNDS[0];
static EXCLUDED: &Record = &BOUNDS[1];
static UNBOUNDED: &Record = &BOUNDS[2];

const fn record(name: &'static str, fields: &'static [RecordField]) -> Record {
    Record {
        name,
        variant: None,
        variant_aliases: &[],
        fields: RecordFields::Named(fields),
        ignores_unknown: false,
    }
}

const fn bound(name: &'static str, fields: usize) -> Record {
    Record { variant: Some(name), fields: RecordFields::Positional(fields), ..record("Bound", &[]) }
}
