//! Element types that stand for dtypes which only NumPy has.

pub use self::{
    text::{Bytes, Text, TooLong, Void},
    time::{
        Datetime, DatetimeD, DatetimeH, DatetimeM, DatetimeMs, DatetimeNs, DatetimeS, DatetimeUs,
        Timedelta, TimedeltaD, TimedeltaH, TimedeltaM, TimedeltaMs, TimedeltaNs, TimedeltaS,
        TimedeltaUs,
    },
    units::Inexact,
    wide::{LongComplex, LongDouble},
};

mod text;
mod time;
mod units;
mod wide;
