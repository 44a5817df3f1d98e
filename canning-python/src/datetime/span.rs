//! Spans of time.

use std::{fmt, time::Duration};

use canning_core::{
    Can, Canned, Result, Uncan,
    visitor::{Canner, Uncanner},
};

use super::{OutOfRange, checked};

/// A span of time, to the microsecond, up to a billion days to either side: `datetime.timedelta`.
///
/// ```
/// use std::time::Duration;
///
/// use canning_python::datetime::Timedelta;
///
/// let span = Timedelta::try_from(Duration::from_millis(90_500))?;
/// assert_eq!((span.days(), span.seconds(), span.microseconds()), (0, 90, 500_000));
/// assert_eq!(span.to_string(), "PT1M30.5S");
/// let before = Timedelta::from_micros(-1).unwrap();
/// assert_eq!((before.days(), before.seconds(), before.microseconds()), (-1, 86_399, 999_999));
/// assert!(Duration::try_from(before).is_err());
/// # Ok::<(), canning_python::datetime::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timedelta(RawSpan);

/// Days, seconds, microseconds, as yet unchecked.
#[derive(Canned, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[canned(rename = "datetime.timedelta")]
struct RawSpan(i32, u32, u32);

const CLASS: &str = "datetime.timedelta";
const DAY: i128 = 86_400_000_000;

impl Timedelta {
    /// The span of so many days, and seconds of a day and microseconds of a second on top; `None`
    /// where they are more than that.
    pub fn new(days: i32, seconds: u32, microseconds: u32) -> Option<Self> {
        let fits = days.unsigned_abs() <= 999_999_999;
        (fits && seconds < 86_400 && microseconds < 1_000_000).then_some(Self(RawSpan(
            days,
            seconds,
            microseconds,
        )))
    }

    /// The span of so many microseconds; `None` beyond a billion days.
    pub fn from_micros(micros: i128) -> Option<Self> {
        let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
        let days = i32::try_from(days).ok()?;
        Self::new(days, u32::try_from(seconds).ok()?, u32::try_from(micros).ok()?)
    }

    /// How many whole days, negative for a negative span.
    pub fn days(self) -> i32 {
        self.0.0
    }

    /// How many seconds on top of the days, below 86,400.
    pub fn seconds(self) -> u32 {
        self.0.1
    }

    /// How many microseconds on top of the seconds, below 1,000,000.
    pub fn microseconds(self) -> u32 {
        self.0.2
    }

    /// All of it in microseconds.
    pub fn as_micros(self) -> i128 {
        let seconds = i128::from(self.seconds()) * 1_000_000 + i128::from(self.microseconds());
        i128::from(self.days()) * DAY + seconds
    }
}

/// Rounds down to the microsecond.
impl TryFrom<Duration> for Timedelta {
    type Error = OutOfRange;

    fn try_from(span: Duration) -> Result<Self, OutOfRange> {
        let micros = i128::try_from(span.as_micros()).ok();
        micros.and_then(Self::from_micros).ok_or(OutOfRange { class: CLASS })
    }
}

/// Fails for a negative span.
impl TryFrom<Timedelta> for Duration {
    type Error = OutOfRange;

    fn try_from(span: Timedelta) -> Result<Self, OutOfRange> {
        let out_of_range = |_| OutOfRange { class: "positive span" };
        let seconds = span.as_micros().div_euclid(1_000_000);
        let seconds = u64::try_from(seconds).map_err(out_of_range)?;
        Ok(Self::new(seconds, span.microseconds() * 1000))
    }
}

/// As ISO 8601 has it: `P1DT2H3M4.5S`, `-PT1S`, `PT0S`.
impl fmt::Display for Timedelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_span(f, self.as_micros() * 1000)
    }
}

/// Nanoseconds as ISO 8601 has a span.
pub(crate) fn write_span(f: &mut fmt::Formatter<'_>, nanos: i128) -> fmt::Result {
    f.write_str(if nanos < 0 { "-P" } else { "P" })?;
    let nanos = nanos.unsigned_abs();
    let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    if days > 0 {
        write!(f, "{days}D")?;
    }
    if rest == 0 && nanos == 0 {
        return f.write_str(if days > 0 { "" } else { "T0S" });
    }
    f.write_str("T")?;
    for (count, unit) in [(rest / 3600, "H"), (rest / 60 % 60, "M")] {
        if count > 0 {
            write!(f, "{count}{unit}")?;
        }
    }
    match (rest % 60, nanos) {
        (0, 0) => Ok(()),
        (seconds, 0) => write!(f, "{seconds}S"),
        (seconds, nanos) => {
            let digits = format!("{nanos:09}");
            write!(f, "{seconds}.{}S", digits.trim_end_matches('0'))
        }
    }
}

impl Can for Timedelta {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.0.can(canner)
    }
}

impl<'b> Uncan<'b> for Timedelta {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let RawSpan(days, seconds, micros) = Uncan::uncan(uncanner)?;
        checked(Self::new(days, seconds, micros), CLASS)
    }
}
