//! Time, ranges, addresses and paths.

#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use std::{
    borrow::Cow,
    fmt::Debug,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
    ops::Bound,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use canning_core::{
    Can, Enum, Error, FieldNames, RecordName, RecordValue, UncanOwned, Value, visitor::Canner,
};

fn round_trip<T: Can<V> + UncanOwned<V> + PartialEq + Debug, V>(value: T) -> String {
    let tree = Value::of(&value).unwrap();
    assert_eq!(tree.read::<T, V>().unwrap(), value);
    tree.to_string()
}

fn refusal<T: UncanOwned<V> + Debug, V>(sent: impl Into<Value>) -> String {
    sent.into().read::<T, V>().unwrap_err().to_string()
}

fn time(name: &str, fields: [(&str, i64); 2]) -> Value {
    let names = fields.map(|(name, _)| name.into());
    let name =
        RecordName { name: name.into(), variant: None, fields: FieldNames::Named(names.into()) };
    let fields = fields.map(|(_, value)| value.into());
    RecordValue::new(name, fields.into()).unwrap().into()
}

#[test]
fn duration_is_seconds_and_nanoseconds() {
    round_trip(Duration::MAX);
    assert_eq!(round_trip(Duration::from_millis(1500)), "Duration { secs: 1, nanos: 500000000 }");
    let swapped = time("Duration", [("nanos", 5), ("secs", 1)]);
    assert_eq!(swapped.read::<Duration, _>().unwrap(), Duration::new(1, 5));
    for (fields, error) in [
        (
            [("secs", 1), ("nanos", 1_000_000_000)],
            "nanos: integer 1000000000 does not fit the nanoseconds of a second",
        ),
        ([("secs", -1), ("nanos", 0)], "secs: integer -1 does not fit u64"),
        ([("secs", 1), ("micros", 0)], "unknown field `micros`"),
        ([("secs", 1), ("secs", 0)], "duplicate field `secs`"),
    ] {
        assert_eq!(refusal::<Duration, _>(time("Duration", fields)), error);
    }
    let other = time("Instant", [("secs", 1), ("nanos", 0)]);
    assert_eq!(refusal::<Duration, _>(other), "expected record `Duration`, found `Instant`");
}

#[test]
fn time_before_the_epoch_counts_nanoseconds_forward() {
    assert_eq!(round_trip(UNIX_EPOCH), "SystemTime { secs: 0, nanos: 0 }");
    assert_eq!(
        round_trip(UNIX_EPOCH - Duration::from_millis(1)),
        "SystemTime { secs: -1, nanos: 999000000 }"
    );
    assert_eq!(
        round_trip(UNIX_EPOCH - Duration::from_secs(3)),
        "SystemTime { secs: -3, nanos: 0 }"
    );
    assert_eq!(
        round_trip(UNIX_EPOCH - Duration::from_millis(3500)),
        "SystemTime { secs: -4, nanos: 500000000 }"
    );
    round_trip(UNIX_EPOCH + Duration::new(1 << 40, 7));
    for secs in [i64::MIN, i64::MAX] {
        // Whether the clock reaches so far depends on the system; it must not panic.
        let _ = time("SystemTime", [("secs", secs), ("nanos", 1)]).read::<SystemTime, _>();
    }
}

#[test]
fn ranges_are_records() {
    assert_eq!(round_trip(1..5), "Range { start: 1, end: 5 }");
    assert_eq!(round_trip('a'..='z'), "RangeInclusive { start: \"a\", end: \"z\" }");
    assert_eq!(round_trip(1.5..), "RangeFrom { start: 1.5 }");
    assert_eq!(round_trip(..7_u8), "RangeTo { end: 7 }");
    assert_eq!(round_trip(..=7_u8), "RangeToInclusive { end: 7 }");
    assert_eq!(round_trip(..), "RangeFull");
    assert_eq!(refusal::<std::ops::RangeFull, _>(1), "expected record, found integer");
    assert_eq!(round_trip(Bound::Included(1)), "Bound::Included(1)");
    assert_eq!(round_trip(Bound::Excluded(1)), "Bound::Excluded(1)");
    assert_eq!(round_trip(Bound::<u8>::Unbounded), "Bound::Unbounded");
    let range = Value::of(&(1..5)).unwrap();
    assert_eq!(
        range.read::<std::ops::RangeInclusive<i32>, _>().unwrap_err().to_string(),
        "expected record `RangeInclusive`, found `Range`"
    );
    assert_eq!(
        range.read::<std::ops::Range<bool>, _>().unwrap_err().to_string(),
        "start: expected bool, found integer"
    );
    assert_eq!(
        range.read::<Bound<u8>, _>().unwrap_err().to_string(),
        "expected variant, found record"
    );
}

#[test]
fn unknown_variant_is_refused_by_name() {
    static FOREIGN: Enum = Enum {
        name: "Bound",
        variants: &[canning_core::Record {
            name: "Bound",
            variant: Some("Open"),
            variant_aliases: &[],
            fields: canning_core::RecordFields::Positional(0),
            ignores_unknown: false,
        }],
        other: None,
    };
    struct Foreign;
    impl Can for Foreign {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<(), Error> {
            canner.begin_record(&FOREIGN.variants[0])?;
            canner.end_record()
        }
    }
    assert_eq!(
        refusal::<Bound<u8>, _>(Value::of(&Foreign).unwrap()),
        "enum `Bound` has no variant `Open`"
    );
}

#[test]
fn addresses_are_text_and_tuples() {
    let v6 = "fe80::1".parse::<Ipv6Addr>().unwrap();
    assert_eq!(round_trip(Ipv4Addr::LOCALHOST), "\"127.0.0.1\"");
    assert_eq!(round_trip(v6), "\"fe80::1\"");
    assert_eq!(round_trip(IpAddr::from(v6)), "\"fe80::1\"");
    let v4 = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 80);
    assert_eq!(round_trip(v4), "(\"127.0.0.1\", 80)");
    assert_eq!(round_trip(SocketAddr::from(v4)), "(\"127.0.0.1\", 80)");
    let v6 = SocketAddrV6::new(v6, 80, 7, 2);
    assert_eq!(round_trip(v6), "(\"fe80::1\", 80, 7, 2)");
    assert_eq!(round_trip(SocketAddr::from(v6)), "(\"fe80::1\", 80, 7, 2)");
}

#[test]
fn what_is_no_address_is_refused() {
    assert_eq!(refusal::<Ipv4Addr, _>("::1"), "text is not an IPv4 address");
    assert_eq!(refusal::<Ipv6Addr, _>("1.2.3.4"), "text is not an IPv6 address");
    assert_eq!(refusal::<IpAddr, _>("localhost"), "text is not an IP address");
    let tuple = |items: &[Value]| Value::Tuple(items.to_vec());
    assert_eq!(
        refusal::<SocketAddr, _>(tuple(&["::1".into(), 80.into()])),
        "[0]: text is not an IPv4 address"
    );
    assert_eq!(
        refusal::<SocketAddr, _>(tuple(&["1.2.3.4".into(), 65536.into()])),
        "[1]: integer 65536 does not fit u16"
    );
    assert_eq!(refusal::<SocketAddr, _>(tuple(&[Value::Unit])), "expected length 2, found 1");
    assert_eq!(
        refusal::<SocketAddrV6, _>(tuple(&["::1".into(), 80.into()])),
        "expected length 4, found 2"
    );
}

#[test]
fn paths_are_text() {
    let path = PathBuf::from("/tmp/ä");
    assert_eq!(round_trip(path.clone()), "\"/tmp/ä\"");
    round_trip(path.clone().into_boxed_path());
    let tree = Value::of(path.as_path()).unwrap();
    assert_eq!(tree.read::<&Path, _>().unwrap(), path);
    assert!(matches!(tree.read().unwrap(), Cow::<Path>::Borrowed(read) if read == path));
}

#[cfg(unix)]
#[test]
fn path_that_is_not_text_is_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let path = Path::new(OsStr::from_bytes(b"/tmp/\xff"));
    assert_eq!(Value::of(&(1, path)).unwrap_err().to_string(), "[1]: path is not UTF-8");
}
