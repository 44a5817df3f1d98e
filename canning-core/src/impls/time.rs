//! `Duration` and `SystemTime`: whole seconds, and nanoseconds on top.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::record::{field, uncan_two};
use crate::{
    error::{Error, ErrorKind, Result},
    object::{Can, Uncan},
    record::{Record, RecordFields},
    visitor::{Canner, Uncanner},
};

/// As a record of `secs` and `nanos`.
impl Can for Duration {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_record(&DURATION)?;
        canner.field(0)?;
        canner.u64(self.as_secs())?;
        canner.field(1)?;
        canner.u64(self.subsec_nanos().into())?;
        canner.end_record()
    }
}

impl<'b> Uncan<'b> for Duration {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let fields = uncanner.begin_record(&DURATION)?;
        let (secs, nanos) = uncan_two::<u64, _, u32, _, _>(uncanner, fields, &DURATION)?;
        Ok(Self::new(secs, below_a_second(nanos)?))
    }
}

/// As a record of `secs` since the start of 1970, negative before it, and `nanos` after that.
///
/// An error where it is more than an `i64` of seconds away.
impl Can for SystemTime {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let (secs, nanos) = match self.duration_since(UNIX_EPOCH) {
            Ok(since) => (i128::from(since.as_secs()), since.subsec_nanos()),
            Err(earlier) => {
                let before = earlier.duration();
                match before.subsec_nanos() {
                    0 => (-i128::from(before.as_secs()), 0),
                    nanos => (-i128::from(before.as_secs()) - 1, SECOND - nanos),
                }
            }
        };
        canner.begin_record(&SYSTEM_TIME)?;
        canner.field(0)?;
        canner.i64(secs.try_into().map_err(|_too_far| out_of_range("i64", secs))?)?;
        canner.field(1)?;
        canner.u64(nanos.into())?;
        canner.end_record()
    }
}

/// An error where this machine's clock does not reach.
impl<'b> Uncan<'b> for SystemTime {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let fields = uncanner.begin_record(&SYSTEM_TIME)?;
        let (secs, nanos) = uncan_two::<i64, _, u32, _, _>(uncanner, fields, &SYSTEM_TIME)?;
        let nanos = Duration::from_nanos(below_a_second(nanos)?.into());
        let whole = Duration::from_secs(secs.unsigned_abs());
        let time =
            if secs < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
        time.and_then(|time| time.checked_add(nanos))
            .ok_or_else(|| out_of_range("SystemTime", secs.into()))
    }
}

fn below_a_second(nanos: u32) -> Result<u32> {
    if nanos < SECOND {
        return Ok(nanos);
    }
    Err(out_of_range("the nanoseconds of a second", nanos.into()).in_field("nanos"))
}

#[cold]
fn out_of_range(expected: &'static str, found: i128) -> Error {
    Error::new(ErrorKind::IntegerRange { expected, found })
}

const SECOND: u32 = 1_000_000_000;

static DURATION: Record = record("Duration");
static SYSTEM_TIME: Record = record("SystemTime");

const fn record(name: &'static str) -> Record {
    Record {
        name,
        variant: None,
        variant_aliases: &[],
        fields: RecordFields::Named(const { &[field("secs"), field("nanos")] }),
        ignores_unknown: false,
    }
}
