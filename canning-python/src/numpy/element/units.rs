//! From one unit of time to another, and as text.

use std::{error, fmt};

use super::time::{
    DatetimeD, DatetimeH, DatetimeM, DatetimeMs, DatetimeNs, DatetimeS, DatetimeUs, TimedeltaD,
    TimedeltaH, TimedeltaM, TimedeltaMs, TimedeltaNs, TimedeltaS, TimedeltaUs, nanos_in, nanos_of,
};
use crate::{
    civil,
    datetime::write_span,
    numpy::{TimeBase, TimeUnit},
};

/// A time is no whole number of the units asked for, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inexact;

impl fmt::Display for Inexact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is not exact in that unit")
    }
}

impl error::Error for Inexact {}

/// The same time in another unit.
fn convert(count: i64, from: TimeUnit, to: TimeUnit) -> Option<i64> {
    if count == i64::MIN {
        return Some(count);
    }
    let (nanos, unit) = (nanos_of(count, from)?, nanos_in(to)?);
    let count = i64::try_from(nanos / unit).ok()?;
    (nanos % unit == 0 && count != i64::MIN).then_some(count)
}

/// Conversions between each and each.
macro_rules! conversions {
    ($first:ident $($rest:ident)+) => {
        $(
            conversions!(@ $first $rest);
            conversions!(@ $rest $first);
        )+
        conversions!($($rest)+);
    };
    ($last:ident) => {};
    (@ $from:ident $to:ident) => {
        /// Where it is exact; "not a time" stays that.
        impl TryFrom<$from> for $to {
            type Error = Inexact;

            fn try_from(time: $from) -> Result<Self, Inexact> {
                let count = convert(time.count(), $from::UNIT, $to::UNIT);
                count.map(Self::from_count).ok_or(Inexact)
            }
        }
    };
}

conversions! { DatetimeD DatetimeH DatetimeM DatetimeS DatetimeMs DatetimeUs DatetimeNs }
conversions! { TimedeltaD TimedeltaH TimedeltaM TimedeltaS TimedeltaMs TimedeltaUs TimedeltaNs }

macro_rules! displays {
    ($write:ident #[$doc:meta] $($name:ident)*) => {$(
        #[$doc]
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match nanos_of(self.count(), Self::UNIT) {
                    Some(nanos) => $write(f, nanos, Self::UNIT.base()),
                    None => f.write_str("NaT"),
                }
            }
        }
    )*};
}

displays! {
    write_date
    /// As NumPy prints it, to the unit: `2026-11-23T08:01:02.345`; `NaT`.
    DatetimeD DatetimeH DatetimeM DatetimeS DatetimeMs DatetimeUs DatetimeNs
}

displays! {
    write_span_of
    /// As ISO 8601 has it: `PT1M30.5S`, `-P1D`; `NaT`.
    TimedeltaD TimedeltaH TimedeltaM TimedeltaS TimedeltaMs TimedeltaUs TimedeltaNs
}

fn write_span_of(f: &mut fmt::Formatter<'_>, nanos: i128, _: TimeBase) -> fmt::Result {
    write_span(f, nanos)
}

fn write_date(f: &mut fmt::Formatter<'_>, nanos: i128, unit: TimeBase) -> fmt::Result {
    const DAY: i128 = 86_400_000_000_000;
    let (year, month, day) = civil::of_days(nanos.div_euclid(DAY));
    let width = if year < 0 { 5 } else { 4 };
    write!(f, "{year:0width$}-{month:02}-{day:02}")?;
    let nanos = nanos.rem_euclid(DAY);
    let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    if unit >= TimeBase::Hour {
        write!(f, "T{:02}", seconds / 3600)?;
    }
    if unit >= TimeBase::Minute {
        write!(f, ":{:02}", seconds / 60 % 60)?;
    }
    if unit >= TimeBase::Second {
        write!(f, ":{:02}", seconds % 60)?;
    }
    match unit {
        TimeBase::Milli => write!(f, ".{:03}", nanos / 1_000_000),
        TimeBase::Micro => write!(f, ".{:06}", nanos / 1000),
        TimeBase::Nano => write!(f, ".{nanos:09}"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_converted_where_that_is_exact() {
        let day = DatetimeD::from_count(-1);
        assert_eq!(DatetimeNs::try_from(day), Ok(DatetimeNs::from_count(-86_400_000_000_000)));
        let nanos = DatetimeNs::from_count(1_500_000);
        assert_eq!(DatetimeUs::try_from(nanos), Ok(DatetimeUs::from_count(1500)));
        assert_eq!(DatetimeMs::try_from(nanos), Err(Inexact));
        assert_eq!(DatetimeNs::try_from(DatetimeD::from_count(i64::MAX)), Err(Inexact));
        assert!(DatetimeS::try_from(DatetimeNs::NAT).unwrap().is_nat());
        let hour = TimedeltaS::from_count(3600);
        assert_eq!(TimedeltaH::try_from(hour), Ok(TimedeltaH::from_count(1)));
    }

    #[test]
    fn text_is_that_of_numpy() {
        let ns = DatetimeNs::from_count(1_600_000_000_123_000_000);
        assert_eq!(ns.to_string(), "2020-09-13T12:26:40.123000000");
        assert_eq!(DatetimeMs::from_count(-1).to_string(), "1969-12-31T23:59:59.999");
        assert_eq!(DatetimeS::from_count(0).to_string(), "1970-01-01T00:00:00");
        assert_eq!(DatetimeM::from_count(61).to_string(), "1970-01-01T01:01");
        assert_eq!(DatetimeH::from_count(25).to_string(), "1970-01-02T01");
        assert_eq!(DatetimeD::from_count(-719_529).to_string(), "-0001-12-31");
        assert_eq!(DatetimeD::from_count(-719_528).to_string(), "0000-01-01");
        assert_eq!(DatetimeUs::NAT.to_string(), "NaT");
        let _ = DatetimeD::from_count(i64::MAX).to_string();
        assert_eq!(TimedeltaMs::from_count(-90_500).to_string(), "-PT1M30.5S");
        assert_eq!(TimedeltaD::from_count(3).to_string(), "P3D");
        assert_eq!(TimedeltaNs::from_count(0).to_string(), "PT0S");
    }
}
