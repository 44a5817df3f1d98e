//! Dates and spans of time, by their units.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use canning_core::Element;

use crate::numpy::{TimeBase, TimeUnit};

/// A date of NumPy's, `M8[…]`: so many units since the start of 1970.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime, UNIX_EPOCH};
///
/// use canning_core::CannedObject;
/// use canning_python::numpy::DatetimeMs;
///
/// let start = UNIX_EPOCH + Duration::from_millis(1_600_000_000_123);
/// let dates = vec![DatetimeMs::from_system_time(start).unwrap(), DatetimeMs::NAT];
/// // In Python `array(['2020-09-13T12:26:40.123', 'NaT'], dtype='datetime64[ms]')`.
/// let object = canning_python::pickle::can(&dates)?;
/// let back: Vec<DatetimeMs> = object.get()?;
/// assert_eq!(back[0].to_system_time(), Some(start));
/// assert!(back[1].is_nat());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub trait Datetime: Element {
    /// The unit.
    const UNIT: TimeUnit;

    /// "Not a time".
    const NAT: Self;

    /// The date of so many units.
    fn from_count(count: i64) -> Self;

    /// How many units it is; [`i64::MIN`] for "not a time".
    fn count(self) -> i64;

    /// Whether it is "not a time".
    fn is_nat(self) -> bool {
        self.count() == i64::MIN
    }

    /// The time; `None` for "not a time", and where the clock of this machine does not reach.
    fn to_system_time(self) -> Option<SystemTime> {
        let nanos = nanos_of(self.count(), Self::UNIT)?;
        let span = duration(nanos.unsigned_abs())?;
        if nanos < 0 { UNIX_EPOCH.checked_sub(span) } else { UNIX_EPOCH.checked_add(span) }
    }

    /// The date of a time, rounded to the unit before it; `None` where it does not fit.
    fn from_system_time(time: SystemTime) -> Option<Self> {
        let nanos = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i128::try_from(since.as_nanos()).ok()?,
            Err(earlier) => -i128::try_from(earlier.duration().as_nanos()).ok()?,
        };
        count_of(nanos, Self::UNIT).map(Self::from_count)
    }
}

/// A span of time of NumPy's, `m8[…]`: so many units.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use canning_python::numpy::TimedeltaS;
///
/// let minute = TimedeltaS::from_duration(Duration::from_secs(60)).unwrap();
/// assert_eq!(minute.count(), 60);
/// assert_eq!(minute.to_duration(), Some(Duration::from_secs(60)));
/// assert_eq!(TimedeltaS::from_count(-1).to_duration(), None);
/// ```
pub trait Timedelta: Element {
    /// The unit.
    const UNIT: TimeUnit;

    /// "Not a time".
    const NAT: Self;

    /// The span of so many units.
    fn from_count(count: i64) -> Self;

    /// How many units it is; [`i64::MIN`] for "not a time".
    fn count(self) -> i64;

    /// Whether it is "not a time".
    fn is_nat(self) -> bool {
        self.count() == i64::MIN
    }

    /// The span; `None` for "not a time", and for a negative one.
    fn to_duration(self) -> Option<Duration> {
        let nanos = nanos_of(self.count(), Self::UNIT)?;
        duration(u128::try_from(nanos).ok()?)
    }

    /// The units of a span, rounded down; `None` where they do not fit.
    fn from_duration(span: Duration) -> Option<Self> {
        let nanos = i128::try_from(span.as_nanos()).ok()?;
        count_of(nanos, Self::UNIT).map(Self::from_count)
    }
}

macro_rules! times {
    ($trait:ident: $($(#[$doc:meta])* $name:ident $base:ident $dtype:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Element, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[repr(C)]
        pub struct $name {
            #[canned(rename = $dtype)]
            count: i64,
        }

        impl $name {
            /// The unit.
            pub const UNIT: TimeUnit = TimeUnit::one(TimeBase::$base);

            /// "Not a time".
            pub const NAT: Self = Self { count: i64::MIN };

            /// That of so many units.
            pub const fn from_count(count: i64) -> Self {
                Self { count }
            }

            /// How many units it is; [`i64::MIN`] for "not a time".
            pub const fn count(self) -> i64 {
                self.count
            }

            /// Whether it is "not a time".
            pub const fn is_nat(self) -> bool {
                self.count == i64::MIN
            }
        }

        impl $trait for $name {
            const UNIT: TimeUnit = TimeUnit::one(TimeBase::$base);
            const NAT: Self = Self { count: i64::MIN };

            fn from_count(count: i64) -> Self {
                Self { count }
            }

            fn count(self) -> i64 {
                self.count
            }
        }
    )*};
}

times! {
    Datetime:
    /// `M8[D]`: days since 1970. See [`Datetime`].
    DatetimeD Day "numpy:M8[D]";
    /// `M8[h]`: hours since 1970. See [`Datetime`].
    DatetimeH Hour "numpy:M8[h]";
    /// `M8[m]`: minutes since 1970. See [`Datetime`].
    DatetimeM Minute "numpy:M8[m]";
    /// `M8[s]`: seconds since 1970. See [`Datetime`].
    DatetimeS Second "numpy:M8[s]";
    /// `M8[ms]`: milliseconds since 1970. See [`Datetime`].
    DatetimeMs Milli "numpy:M8[ms]";
    /// `M8[us]`: microseconds since 1970. See [`Datetime`].
    DatetimeUs Micro "numpy:M8[us]";
    /// `M8[ns]`: nanoseconds since 1970. See [`Datetime`].
    DatetimeNs Nano "numpy:M8[ns]";
}

times! {
    Timedelta:
    /// `m8[D]`: days. See [`Timedelta`].
    TimedeltaD Day "numpy:m8[D]";
    /// `m8[h]`: hours. See [`Timedelta`].
    TimedeltaH Hour "numpy:m8[h]";
    /// `m8[m]`: minutes. See [`Timedelta`].
    TimedeltaM Minute "numpy:m8[m]";
    /// `m8[s]`: seconds. See [`Timedelta`].
    TimedeltaS Second "numpy:m8[s]";
    /// `m8[ms]`: milliseconds. See [`Timedelta`].
    TimedeltaMs Milli "numpy:m8[ms]";
    /// `m8[us]`: microseconds. See [`Timedelta`].
    TimedeltaUs Micro "numpy:m8[us]";
    /// `m8[ns]`: nanoseconds. See [`Timedelta`].
    TimedeltaNs Nano "numpy:m8[ns]";
}

macro_rules! own_methods {
    (Datetime: $($name:ident)*) => {$(
        impl $name {
            /// As [`Datetime::to_system_time`].
            pub fn to_system_time(self) -> Option<SystemTime> {
                Datetime::to_system_time(self)
            }

            /// As [`Datetime::from_system_time`].
            pub fn from_system_time(time: SystemTime) -> Option<Self> {
                Datetime::from_system_time(time)
            }
        }
    )*};
    (Timedelta: $($name:ident)*) => {$(
        impl $name {
            /// As [`Timedelta::to_duration`].
            pub fn to_duration(self) -> Option<Duration> {
                Timedelta::to_duration(self)
            }

            /// As [`Timedelta::from_duration`].
            pub fn from_duration(span: Duration) -> Option<Self> {
                Timedelta::from_duration(span)
            }
        }
    )*};
}

own_methods! { Datetime: DatetimeD DatetimeH DatetimeM DatetimeS DatetimeMs DatetimeUs DatetimeNs }

own_methods! {
    Timedelta: TimedeltaD TimedeltaH TimedeltaM TimedeltaS TimedeltaMs TimedeltaUs TimedeltaNs
}

pub(super) fn nanos_of(count: i64, unit: TimeUnit) -> Option<i128> {
    if count == i64::MIN {
        return None;
    }
    i128::from(count).checked_mul(nanos_in(unit)?)
}

/// Rounds down; the smallest count is "not a time".
fn count_of(nanos: i128, unit: TimeUnit) -> Option<i64> {
    let count = nanos.div_euclid(nanos_in(unit)?);
    i64::try_from(count).ok().filter(|count| *count != i64::MIN)
}

/// The length of a unit; `None` where it is none, or a fraction.
pub(super) fn nanos_in(unit: TimeUnit) -> Option<i128> {
    let base = match unit.base() {
        TimeBase::Week => 604_800_000_000_000,
        TimeBase::Day => 86_400_000_000_000,
        TimeBase::Hour => 3_600_000_000_000,
        TimeBase::Minute => 60_000_000_000,
        TimeBase::Second => 1_000_000_000,
        TimeBase::Milli => 1_000_000,
        TimeBase::Micro => 1000,
        TimeBase::Nano => 1,
        _ => return None,
    };
    Some(i128::from(unit.count()) * base)
}

fn duration(nanos: u128) -> Option<Duration> {
    let secs = u64::try_from(nanos / 1_000_000_000).ok()?;
    let nanos = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(secs, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numpy::Dtype;

    #[test]
    fn dtypes_are_those_that_numpys_become() {
        fn check<T: Element>(code: &str, unit: TimeUnit) {
            let dtype: Dtype = code.parse().unwrap();
            assert_eq!(dtype.time_unit(), Some(unit));
            assert_eq!(*T::DTYPE, *dtype.to_core().unwrap().dtype());
        }
        check::<DatetimeNs>("M8[ns]", DatetimeNs::UNIT);
        check::<DatetimeD>("M8[D]", DatetimeD::UNIT);
        check::<DatetimeM>("M8[m]", DatetimeM::UNIT);
        check::<TimedeltaUs>("m8[us]", TimedeltaUs::UNIT);
        check::<TimedeltaH>("m8[h]", TimedeltaH::UNIT);
    }

    #[test]
    fn times_before_1970_are_rounded_down() {
        let before = UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(DatetimeS::from_system_time(before).unwrap().count(), -1);
        assert_eq!(DatetimeNs::from_system_time(before).unwrap().to_system_time(), Some(before));
        let day = DatetimeD::from_count(-1).to_system_time();
        assert_eq!(day, Some(UNIX_EPOCH - Duration::from_secs(86_400)));
    }

    #[test]
    fn what_does_not_fit_is_none() {
        assert_eq!(DatetimeNs::NAT.to_system_time(), None);
        assert_eq!(TimedeltaNs::NAT.to_duration(), None);
        assert!(TimedeltaNs::NAT.is_nat());
        assert_eq!(TimedeltaNs::from_duration(Duration::MAX), None);
        assert_eq!(TimedeltaD::from_count(i64::MAX).to_duration(), None);
        let _ = DatetimeD::from_count(i64::MAX).to_system_time();
        let _ = DatetimeD::from_count(i64::MIN + 1).to_system_time();
    }
}
