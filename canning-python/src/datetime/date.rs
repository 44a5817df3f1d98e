//! Days and times of a day.

use std::fmt;

use canning_core::{
    Can, Canned, Result, Uncan,
    visitor::{Canner, Uncanner},
};

use super::checked;
use crate::civil;

/// A day of the years 1 to 9999: `datetime.date`.
///
/// ```
/// use canning_python::datetime::Date;
///
/// let day = Date::new(2024, 2, 29).unwrap();
/// assert_eq!((day.year(), day.month(), day.day()), (2024, 2, 29));
/// assert_eq!(day.to_string(), "2024-02-29");
/// assert_eq!(Date::new(2023, 2, 29), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Date(RawDate);

/// Year, month, day, as yet unchecked.
#[derive(Canned, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[canned(rename = "datetime.date")]
struct RawDate(u16, u8, u8);

impl Date {
    /// The day of a year, a month and a day, both from 1; `None` where there is none.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_year = (1..=9999).contains(&year);
        (is_year && civil::is_date((year.into(), month, day)))
            .then_some(Self(RawDate(year, month, day)))
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.0.0
    }

    /// The month, from 1.
    pub fn month(self) -> u8 {
        self.0.1
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.0.2
    }

    pub(super) fn days(self) -> i128 {
        civil::to_days((self.year().into(), self.month(), self.day()))
    }

    pub(super) fn of_days(days: i128) -> Option<Self> {
        let (year, month, day) = civil::of_days(days);
        Self::new(u16::try_from(year).ok()?, month, day)
    }
}

/// As `2026-11-23`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl Can for Date {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.0.can(canner)
    }
}

impl<'b> Uncan<'b> for Date {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let RawDate(year, month, day) = Uncan::uncan(uncanner)?;
        checked(Self::new(year, month, day), "datetime.date")
    }
}

/// A time of a day, to the microsecond: `datetime.time` without a zone.
///
/// ```
/// use canning_python::datetime::Time;
///
/// let time = Time::new(8, 1, 2, 500).unwrap();
/// assert_eq!((time.hour(), time.microsecond()), (8, 500));
/// assert_eq!(time.to_string(), "08:01:02.000500");
/// assert_eq!(Time::new(24, 0, 0, 0), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Time(RawTime);

/// Hour, minute, second, microsecond, as yet unchecked.
#[derive(Canned, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[canned(rename = "datetime.time")]
struct RawTime(u8, u8, u8, u32);

impl Time {
    /// The time of an hour, a minute, a second and a microsecond; `None` where there is none.
    pub fn new(hour: u8, minute: u8, second: u8, microsecond: u32) -> Option<Self> {
        let is_time = hour < 24 && minute < 60 && second < 60 && microsecond < 1_000_000;
        is_time.then_some(Self(RawTime(hour, minute, second, microsecond)))
    }

    /// The hour, below 24.
    pub fn hour(self) -> u8 {
        self.0.0
    }

    /// The minute, below 60.
    pub fn minute(self) -> u8 {
        self.0.1
    }

    /// The second, below 60.
    pub fn second(self) -> u8 {
        self.0.2
    }

    /// The microsecond, below 1,000,000.
    pub fn microsecond(self) -> u32 {
        self.0.3
    }

    pub(super) fn micros(self) -> i128 {
        let minutes = i128::from(self.hour()) * 60 + i128::from(self.minute());
        (minutes * 60 + i128::from(self.second())) * 1_000_000 + i128::from(self.microsecond())
    }

    /// Of microseconds since midnight.
    pub(super) fn of_micros(micros: i128) -> Option<Self> {
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        let small = |number| u8::try_from(number).ok();
        let (hour, minute) = (small(seconds / 3600)?, small(seconds / 60 % 60)?);
        Self::new(hour, minute, small(seconds % 60)?, u32::try_from(micros).ok()?)
    }
}

/// As `08:01:02`, with six digits more where it is no whole second.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour(), self.minute(), self.second())?;
        match self.microsecond() {
            0 => Ok(()),
            micros => write!(f, ".{micros:06}"),
        }
    }
}

impl Can for Time {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.0.can(canner)
    }
}

impl<'b> Uncan<'b> for Time {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let RawTime(hour, minute, second, micros) = Uncan::uncan(uncanner)?;
        checked(Self::new(hour, minute, second, micros), "datetime.time without a zone")
    }
}
