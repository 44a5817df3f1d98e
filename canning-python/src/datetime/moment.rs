//! Days and times together.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use canning_core::{
    Can, Canned, Result, Uncan,
    visitor::{Canner, Uncanner},
};

use super::{Date, Time, Timedelta, checked};

/// A day and a time of it, and perhaps how far its clock is from UTC: `datetime.datetime`.
///
/// ```
/// use canning_python::datetime::{Date, DateTime, Time, Timedelta};
///
/// let (date, time) = (Date::new(2026, 11, 23).unwrap(), Time::new(9, 30, 0, 0).unwrap());
/// let naive = DateTime::new(date, time);
/// assert_eq!(naive.to_string(), "2026-11-23T09:30:00");
/// let berlin = naive.with_offset(Timedelta::new(0, 3600, 0).unwrap()).unwrap();
/// assert_eq!(berlin.to_string(), "2026-11-23T09:30:00+01:00");
/// let utc = DateTime::from_system_time(berlin.to_system_time().unwrap()).unwrap();
/// assert_eq!(utc.to_string(), "2026-11-23T08:30:00+00:00");
/// ```
///
/// Two are equal if all of their parts are, not if they are the same instant.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct DateTime(Raw);

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Raw {
    Naive(RawNaive),
    Aware(RawAware),
}

/// The numbers that the class is called with.
#[derive(Canned, Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[canned(rename = "datetime.datetime")]
struct RawNaive(u16, u8, u8, u8, u8, u8, u32);

/// The same and a zone.
#[derive(Canned, Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[canned(rename = "datetime.datetime")]
struct RawAware(u16, u8, u8, u8, u8, u8, u32, #[canned(default)] Option<Zone>);

/// An offset; the name that it may have is not kept.
#[derive(Canned, Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[canned(rename = "datetime.timezone")]
struct Zone(Timedelta);

/// As it is received.
#[derive(Canned)]
#[canned(rename = "datetime.datetime")]
struct Received(u16, u8, u8, u8, u8, u8, u32, #[canned(default)] Option<NamedZone>);

#[derive(Canned)]
#[canned(rename = "datetime.timezone")]
struct NamedZone(Timedelta, #[canned(default)] Option<String>);

const DAY: i128 = 86_400_000_000;

impl DateTime {
    /// A day and a time, by a clock of which nothing is known: a naive one.
    pub fn new(date: Date, time: Time) -> Self {
        Self(Raw::Naive(RawNaive(
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.microsecond(),
        )))
    }

    /// The same day and time, by a clock that is so much ahead of UTC; `None` for a day and more.
    pub fn with_offset(self, offset: Timedelta) -> Option<Self> {
        let RawNaive(year, month, day, hour, minute, second, micros) = self.naive();
        let zone = Some(Zone(offset));
        (offset.as_micros().abs() < DAY).then_some(Self(Raw::Aware(RawAware(
            year, month, day, hour, minute, second, micros, zone,
        ))))
    }

    fn naive(self) -> RawNaive {
        match self.0 {
            Raw::Naive(naive) => naive,
            Raw::Aware(RawAware(year, month, day, hour, minute, second, micros, _)) => {
                RawNaive(year, month, day, hour, minute, second, micros)
            }
        }
    }

    /// The day.
    pub fn date(self) -> Date {
        let RawNaive(year, month, day, ..) = self.naive();
        Date::new(year, month, day).expect("it was made of one")
    }

    /// The time of the day.
    pub fn time(self) -> Time {
        let RawNaive(_, _, _, hour, minute, second, micros) = self.naive();
        Time::new(hour, minute, second, micros).expect("it was made of one")
    }

    /// How much its clock is ahead of UTC; `None` for a naive one.
    pub fn offset(self) -> Option<Timedelta> {
        match self.0 {
            Raw::Aware(RawAware(.., Some(Zone(offset)))) => Some(offset),
            _ => None,
        }
    }

    /// The instant; a naive one is taken for UTC. `None` where the clock of this machine does not
    /// reach.
    pub fn to_system_time(self) -> Option<SystemTime> {
        let offset = self.offset().map_or(0, Timedelta::as_micros);
        let micros = self.date().days() * DAY + self.time().micros() - offset;
        let span = Duration::from_micros(u64::try_from(micros.unsigned_abs()).ok()?);
        if micros < 0 { UNIX_EPOCH.checked_sub(span) } else { UNIX_EPOCH.checked_add(span) }
    }

    /// The day and the time in UTC, with an offset of zero, rounded to the microsecond before it;
    /// `None` outside of the years 1 to 9999.
    pub fn from_system_time(time: SystemTime) -> Option<Self> {
        let nanos = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i128::try_from(since.as_nanos()).ok()?,
            Err(earlier) => -i128::try_from(earlier.duration().as_nanos()).ok()?,
        };
        let micros = nanos.div_euclid(1000);
        let date = Date::of_days(micros.div_euclid(DAY))?;
        let time = Time::of_micros(micros.rem_euclid(DAY))?;
        Self::new(date, time).with_offset(Timedelta::new(0, 0, 0)?)
    }
}

/// As `2026-11-23T08:01:02.000500+01:00`; without an offset where it has none.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date(), self.time())?;
        let Some(offset) = self.offset().map(Timedelta::as_micros) else { return Ok(()) };
        f.write_str(if offset < 0 { "-" } else { "+" })?;
        let seconds = offset.abs() / 1_000_000;
        write!(f, "{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        match (seconds % 60, offset.abs() % 1_000_000) {
            (0, 0) => Ok(()),
            (seconds, 0) => write!(f, ":{seconds:02}"),
            (seconds, micros) => write!(f, ":{seconds:02}.{micros:06}"),
        }
    }
}

impl Can for DateTime {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        match &self.0 {
            Raw::Naive(naive) => naive.can(canner),
            Raw::Aware(aware) => aware.can(canner),
        }
    }
}

impl<'b> Uncan<'b> for DateTime {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let Received(year, month, day, hour, minute, second, micros, zone) =
            Uncan::uncan(uncanner)?;
        let date = Date::new(year, month, day);
        let naive = date.zip(Time::new(hour, minute, second, micros));
        let naive = naive.map(|(date, time)| Self::new(date, time));
        let naive = checked(naive, "datetime.datetime")?;
        match zone {
            None => Ok(naive),
            Some(NamedZone(offset, _)) => checked(naive.with_offset(offset), "datetime.timezone"),
        }
    }
}
