//! Dates, times and spans of Python's `datetime`.
//!
//! Asks real Python, too, where the variable `CANNING_PYTHON` names an interpreter; `cargo xtask
//! python` sets it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    env,
    io::Write,
    process::{Command, Stdio},
    time::{Duration, UNIX_EPOCH},
};

use canning_core::{Can, CannedObject, Uncan, Value};
use canning_python::{
    Dialect, Object,
    datetime::{Date, DateTime, Time, Timedelta},
    ipyparallel,
    numpy::{DatetimeD, DatetimeNs, TimedeltaS},
    pickle,
};

/// What Python's `pickle.dumps(value, 4)` gives, without the frame.
fn from_python<T: for<'b> Uncan<'b>>(header: &[u8]) -> Result<T, String> {
    let object = Object::restore(Dialect::Pickle, header.to_vec().into(), vec![]).unwrap();
    object.get::<T, _>().map_err(|error| error.to_string())
}

fn class(name: &str, args: &[u8]) -> Vec<u8> {
    let len = u8::try_from(name.len()).unwrap();
    [b"\x80\x04\x8c\x08datetime\x8c", &[len][..], name.as_bytes(), b"\x93", args, b"R."].concat()
}

fn round_trip<T>(value: &T) -> T
where
    T: Can + for<'b> Uncan<'b>,
{
    let back = ipyparallel::can(value).unwrap().get::<T, _>().unwrap();
    drop(back);
    pickle::can(value).unwrap().get::<T, _>().unwrap()
}

#[test]
fn python_writes_them() {
    let date = class("date", b"C\x04\x07\xea\x0b\x17\x85");
    assert_eq!(from_python(&date), Ok(Date::new(2026, 11, 23).unwrap()));
    let time = class("time", b"C\x06\x08\x01\x02\0\x01\0\x85");
    assert_eq!(from_python(&time), Ok(Time::new(8, 1, 2, 256).unwrap()));
    let span = class("timedelta", b"J\xff\xff\xff\xffK\x05K\0\x87");
    assert_eq!(from_python(&span), Ok(Timedelta::new(-1, 5, 0).unwrap()));
    let naive = class("datetime", b"C\x0a\x07\xea\x0b\x17\x08\x01\x02\0\0\0\x85");
    let naive: DateTime = from_python(&naive).unwrap();
    assert_eq!(naive.to_string(), "2026-11-23T08:01:02");
    assert_eq!(naive.offset(), None);
    let zone = b"\x8c\x08datetime\x8c\x08timezone\x93\x8c\x08datetime\x8c\x09timedelta\x93K\0M\x10\x0eK\0\x87R";
    for named in [&b"\x85R"[..], b"\x8c\x03CET\x86R"] {
        let args = [&b"C\x0a\x07\xea\x0b\x17\x08\x01\x02\0\0\0"[..], zone, named, b"\x86"].concat();
        let aware: DateTime = from_python(&class("datetime", &args)).unwrap();
        assert_eq!(aware.to_string(), "2026-11-23T08:01:02+01:00");
        assert_eq!(round_trip(&aware), aware);
    }
    assert_eq!(
        from_python::<DateTime>(&class("date", b"C\x04\x07\xea\x0b\x17\x85")).unwrap_err(),
        "expected record `datetime.datetime`, found `datetime.date`"
    );
    let no_date = class("date", b"C\x04\x07\xea\x02\x1e\x85");
    assert_eq!(from_python::<Date>(&no_date).unwrap_err(), "there is no such datetime.date");
}

#[test]
fn they_come_back_from_every_format() {
    let date = Date::new(1, 1, 1).unwrap();
    let time = Time::new(23, 59, 59, 999_999).unwrap();
    assert_eq!(round_trip(&date), date);
    assert_eq!(round_trip(&time), time);
    let moment = DateTime::new(date, time);
    assert_eq!(round_trip(&moment), moment);
    let west = moment.with_offset(Timedelta::from_micros(-5_400_000_001).unwrap()).unwrap();
    assert_eq!(round_trip(&west), west);
    assert_eq!(west.to_string(), "0001-01-01T23:59:59.999999-01:30:00.000001");
    let span = Timedelta::new(-999_999_999, 0, 1).unwrap();
    assert_eq!(round_trip(&span), span);
}

#[test]
fn they_are_the_times_of_std() {
    let time = UNIX_EPOCH - Duration::from_nanos(1);
    let moment = DateTime::from_system_time(time).unwrap();
    assert_eq!(moment.to_string(), "1969-12-31T23:59:59.999999+00:00");
    assert_eq!(moment.to_system_time(), Some(UNIX_EPOCH - Duration::from_micros(1)));
    assert_eq!(DateTime::from_system_time(UNIX_EPOCH + Duration::from_secs(1 << 40)), None);
    let moment = DateTime::new(Date::new(2024, 2, 29).unwrap(), Time::new(0, 0, 1, 0).unwrap());
    let expected = UNIX_EPOCH + Duration::from_secs(1_709_164_801);
    assert_eq!(moment.to_system_time(), Some(expected));
    assert_eq!(moment.with_offset(Timedelta::new(1, 0, 0).unwrap()), None);

    let span = Timedelta::try_from(Duration::new(86_401, 5999)).unwrap();
    assert_eq!(span, Timedelta::new(1, 1, 5).unwrap());
    assert_eq!(Duration::try_from(span), Ok(Duration::new(86_401, 5000)));
    assert!(Timedelta::try_from(Duration::MAX).is_err());
    assert!(Duration::try_from(Timedelta::from_micros(-1).unwrap()).is_err());
    assert_eq!(span.to_string(), "P1DT1.000005S");
    assert_eq!(Timedelta::from_micros(0).unwrap().to_string(), "PT0S");
    assert_eq!(Timedelta::new(-1, 0, 0).unwrap().to_string(), "-P1D");
}

#[test]
fn a_single_date_of_numpys_is_a_scalar() {
    let value = (DatetimeNs::from_count(-5), TimedeltaS::from_count(7), DatetimeD::NAT);
    for object in [pickle::can(&value).unwrap(), ipyparallel::can(&value).unwrap()] {
        assert_eq!(object.get::<(DatetimeNs, TimedeltaS, DatetimeD), _>().unwrap(), value);
        let untyped = object.get::<Value, _>().unwrap();
        let again = pickle::can(&untyped).unwrap();
        assert_eq!(again.get::<(DatetimeNs, TimedeltaS, DatetimeD), _>().unwrap(), value);
    }
    let error = pickle::can(&value.0).unwrap().get::<DatetimeD, _>().unwrap_err();
    assert!(error.to_string().ends_with("found [('numpy:M8[ns]', '<i8')]"), "{error}");
    if let Ok(python) = env::var("CANNING_PYTHON") {
        let script = "import pickle, sys
for time in pickle.loads(sys.stdin.buffer.read()): print(type(time).__name__, time.dtype, time)";
        let header = pickle::can(&value).unwrap().into_blobs()[0].as_slice().unwrap().to_vec();
        let mut child = Command::new(python)
            .args(["-W", "error", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&header).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "datetime64 datetime64[ns] 1969-12-31T23:59:59.999999995\n\
             timedelta64 timedelta64[s] 7 seconds\ndatetime64 datetime64[D] NaT\n"
        );
    }
}

/// Python prints what it was sent, and sends it back in a protocol.
#[test]
fn python_takes_them_and_gives_them_back() {
    const SCRIPT: &str = "
import pickle, sys
value = pickle.loads(sys.stdin.buffer.read())
sys.stderr.write(repr(value).replace('datetime.', ''))
sys.stdout.buffer.write(pickle.dumps(value, int(sys.argv[1])))
";
    let Ok(python) = env::var("CANNING_PYTHON") else {
        assert!(env::var_os("CANNING_PYTHON_REQUIRED").is_none(), "`CANNING_PYTHON` is not set");
        eprintln!("skipped: `CANNING_PYTHON` names no interpreter");
        return;
    };
    let date = Date::new(2026, 11, 23).unwrap();
    let time = Time::new(8, 1, 2, 300).unwrap();
    let naive = DateTime::new(date, time);
    let utc = naive.with_offset(Timedelta::new(0, 0, 0).unwrap()).unwrap();
    let west = naive.with_offset(Timedelta::new(-1, 70_000, 0).unwrap()).unwrap();
    let value = (date, time, vec![naive, utc, west], Timedelta::new(-2, 3, 4).unwrap());
    let header = pickle::can(&value).unwrap().into_blobs()[0].as_slice().unwrap().to_vec();
    for protocol in ["2", "3", "4", "5"] {
        let mut child = Command::new(&python)
            .args(["-c", SCRIPT, protocol])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&header).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "(date(2026, 11, 23), time(8, 1, 2, 300), [datetime(2026, 11, 23, 8, 1, 2, 300), \
             datetime(2026, 11, 23, 8, 1, 2, 300, tzinfo=timezone.utc), \
             datetime(2026, 11, 23, 8, 1, 2, 300, tzinfo=timezone(timedelta(days=-1, \
             seconds=70000)))], timedelta(days=-2, seconds=3, microseconds=4))"
        );
        let back = Object::restore(Dialect::Pickle, output.stdout.into(), vec![]).unwrap();
        let back: (Date, Time, Vec<DateTime>, Timedelta) = back.get().unwrap();
        assert_eq!(back, value, "protocol {protocol}");
    }
}
