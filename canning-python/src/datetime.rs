//! The types of Python's `datetime`.
//!
//! | Rust | Python |
//! | --- | --- |
//! | [`Date`] | `datetime.date` |
//! | [`Time`] | `datetime.time` without a zone |
//! | [`DateTime`] | `datetime.datetime`: naive, or with a `datetime.timezone` |
//! | [`Timedelta`] | `datetime.timedelta` |
//!
//! They are records with the names of these classes, so that every format carries them, and
//! pickles make the objects themselves of them. What the classes would not take is refused on
//! receipt: the 30th of February. A zone is its offset from UTC, as in `datetime.timezone`; its
//! name is dropped, and zones with rules, as those of `zoneinfo`, are refused. So are times that
//! are the second of two equal ones (`fold=1`).
//!
//! For arrays of dates see [`numpy`](crate::numpy): `datetime64` and `timedelta64`.
//!
//! # Examples
//!
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//!
//! use canning_core::{Canned, CannedObject};
//! use canning_python::{
//!     datetime::{Date, DateTime, Timedelta},
//!     pickle,
//! };
//!
//! #[derive(Canned)]
//! struct Shift {
//!     day: Date,
//!     begin: DateTime,
//!     length: Timedelta,
//! }
//!
//! let begin = UNIX_EPOCH + Duration::from_secs(1_795_420_800);
//! let shift = Shift {
//!     day: Date::new(2026, 11, 23).unwrap(),
//!     begin: DateTime::from_system_time(begin).unwrap(),
//!     length: Duration::from_secs(5400).try_into()?,
//! };
//! // {'day': datetime.date(2026, 11, 23), 'begin': datetime.datetime(2026, 11, 23, 8, 0, …), …}
//! let object = pickle::can(&shift)?;
//! let back: Shift = object.get()?;
//! assert_eq!(back.day.to_string(), "2026-11-23");
//! assert_eq!(back.begin.to_string(), "2026-11-23T08:00:00+00:00");
//! assert_eq!(back.begin.to_system_time(), Some(begin));
//! assert_eq!(back.length.to_string(), "PT1H30M");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::{error, fmt};

pub(crate) use self::span::write_span;
pub use self::{
    date::{Date, Time},
    moment::DateTime,
    span::Timedelta,
};

mod date;
mod moment;
mod span;

/// A date, a time or a span is beyond what its type has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutOfRange {
    /// The class of Python's whose range it is.
    pub class: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no such {}", self.class)
    }
}

impl error::Error for OutOfRange {}

fn checked<T>(made: Option<T>, class: &'static str) -> canning_core::Result<T> {
    made.ok_or_else(|| canning_core::Error::custom(OutOfRange { class }))
}
