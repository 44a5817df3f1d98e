//! Reads what Python wrote, with protocols 2 to 5, in band and out of band, by ipyparallel, NumPy
//! 1.26 and NumPy 2, into types of Rust's. `python/make_golden_read.py` made the objects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helper functions of tests")]

#[path = "support/nd.rs"]
mod nd;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::{Duration, UNIX_EPOCH},
};

use canning_core::{Buffer, Canned, CannedObject, Element, Uncan, Value, buffer::Allocation};
use canning_python::{
    Dialect, Object,
    numpy::{Bytes, DatetimeD, DatetimeMs, LongComplex, LongDouble, Text, TimedeltaS, Void},
};
use half::f16;
use num_complex::Complex;

use nd::Nd;

/// Every object of a case, and how it was written.
fn each(case: &str, mut check: impl FnMut(&str, Object<'static>)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden_read");
    let mut seen = 0;
    for numpy in ["np1", "np2"] {
        for way in ["p2", "p3", "p4", "p5", "oob", "ipp"] {
            let name = format!("{case}.{numpy}.{way}");
            let bytes = fs::read(folder.join(&name)).unwrap();
            let mut blobs = Vec::new();
            let mut rest = bytes.as_slice();
            while let [len, more @ ..] = rest.as_chunks::<8>().0 {
                let len = usize::try_from(u64::from_le_bytes(*len)).unwrap();
                let _ = more;
                let mut blob = Allocation::zeroed(len, 8).unwrap();
                blob.as_mut_slice().copy_from_slice(&rest[8..8 + len]);
                blobs.push(Buffer::from(blob));
                rest = &rest[8 + len..];
            }
            let header = blobs.remove(0);
            let dialect = if way == "ipp" { Dialect::Ipyparallel } else { Dialect::Pickle };
            let object = Object::restore(dialect, header, blobs);
            check(&name, object.unwrap_or_else(|error| panic!("{name}: {error}")));
            seen += 1;
        }
    }
    assert_eq!(seen, 12);
}

/// As both `get` and `take` read it.
fn read<T>(name: &str, mut object: Object<'static>, check: impl Fn(T))
where
    T: for<'b> Uncan<'b>,
{
    check(object.get().unwrap_or_else(|error| panic!("{name}: {error}")));
    check(object.take().unwrap_or_else(|error| panic!("{name}: {error}")));
}

#[derive(Canned, Debug)]
struct Frame {
    step: u32,
    name: String,
    charge: Option<f64>,
    positions: Vec<[f64; 3]>,
    weights: Vec<f64>,
    forces: BTreeMap<String, Vec<f32>>,
    flags: Vec<bool>,
    pair: (String, u128),
    tags: BTreeSet<String>,
    z: Complex<f64>,
    raw: Vec<u8>,
    shape: Shape,
    kind: Shape,
    scalar: f32,
}

#[derive(Canned, Debug, PartialEq)]
enum Shape {
    Point,
    Circle(f64),
}

#[test]
fn dicts_become_structs() {
    each("frame", |name, object| {
        read(name, object, |frame: Frame| {
            assert_eq!((frame.step, frame.name.as_str(), frame.charge), (7, "größe", None));
            assert_eq!(frame.positions.len(), 200);
            assert_eq!(frame.positions[1], [3.0, 4.0, 5.0]);
            assert_eq!(frame.weights, [1.0, 2.5, 2.0]);
            assert_eq!(frame.forces["x"].last(), Some(&399.0));
            assert_eq!(frame.forces["y"], []);
            assert_eq!(frame.flags, [true, false, true, false, true]);
            assert_eq!(frame.pair, ("a".into(), 1 << 70));
            assert_eq!(frame.tags, BTreeSet::from(["a".into(), "b".into()]));
            assert_eq!(frame.z, Complex::new(1.0, -2.0));
            assert_eq!(frame.raw, b"\x00\xff");
            assert_eq!((frame.shape, frame.kind), (Shape::Circle(1.5), Shape::Point));
            assert!((frame.scalar - 0.5).abs() < f32::EPSILON);
        });
    });
}

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C, packed)]
struct Padded {
    a: i8,
    b: f64,
    s: Bytes<3>,
}

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C, packed)]
struct Nested {
    p: Point,
    m: DatetimeMs,
}

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C)]
struct Point {
    x: f32,
    y: [i16; 2],
}

#[derive(Canned, Debug)]
struct Dtypes {
    big: Vec<f64>,
    bytes: Vec<Bytes<3>>,
    text: Vec<Text<5>>,
    big_text: Vec<Text<5>>,
    chars: Vec<char>,
    void: Vec<Void<4>>,
    #[canned(default)]
    dates: Option<Vec<DatetimeMs>>,
    #[canned(default)]
    days: Option<Vec<DatetimeD>>,
    #[canned(default)]
    spans: Option<Vec<TimedeltaS>>,
    half: Vec<f16>,
    long: Vec<LongDouble>,
    complex: Vec<Complex<f32>>,
    big_complex: Vec<Complex<f64>>,
    long_complex: Vec<LongComplex>,
    bools: Vec<bool>,
    ints: Vec<i16>,
    aligned: Vec<Padded>,
    #[canned(default)]
    nested: Option<Vec<Nested>>,
    fortran: Nd<f64>,
    permuted: Nd<i32>,
    reversed: Vec<u8>,
    strided: Vec<u16>,
    broadcast: Nd<u8>,
    scalar: Nd<f64>,
    empty: Nd<f64>,
    objects: Nd<Value>,
}

#[test]
fn every_dtype_becomes_an_element() {
    each("dtypes", |name, object| {
        let is_whole = !name.ends_with("ipp");
        read(name, object, |all: Dtypes| {
            assert_eq!(all.big, (0..300).map(f64::from).collect::<Vec<_>>());
            let bytes: Vec<_> = all.bytes.iter().map(|item| item.as_bytes().to_vec()).collect();
            assert_eq!(bytes, [&b"He"[..], b"Xe", b""]);
            for text in [&all.text, &all.big_text] {
                let text: Vec<_> = text.iter().map(ToString::to_string).collect();
                assert_eq!(text, ["Köln", "Bonn"]);
            }
            assert_eq!(all.chars, ['a', 'ß']);
            assert_eq!(all.void, [Void::from(*b"abc\0"), Void::from(*b"defg")]);
            assert_eq!(all.half, [f16::from_f32(0.5), f16::from_f32(-2.0)]);
            assert!(all.long.iter().map(|item| item.of_x87()).eq([0.1, -3.0]));
            assert_eq!(all.complex, [Complex::new(1.0, 2.0)]);
            assert_eq!(all.big_complex, [Complex::new(1.0, 2.0)]);
            assert!((all.long_complex[0].parts().1.of_x87() - 2.0).abs() < f64::EPSILON);
            assert_eq!((all.bools, all.ints), (vec![true, false], vec![-1, 2]));
            let padded = |a, b, s: &[u8]| Padded { a, b, s: s.try_into().unwrap() };
            assert_eq!(
                all.aligned,
                [padded(1, 0.5, b"x"), padded(2, 1.5, b"yz"), padded(3, 2.5, b"abc")]
            );
            assert_eq!(all.fortran, Nd(vec![2, 3], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
            assert_eq!(all.permuted.0, [4, 2, 3]);
            assert_eq!(all.permuted.1[..6], [0, 4, 8, 12, 16, 20]);
            assert_eq!((all.reversed, all.strided), (vec![4, 3, 2, 1, 0], vec![1, 4, 7]));
            assert_eq!(all.broadcast, Nd(vec![2, 3], vec![0, 1, 2, 0, 1, 2]));
            assert_eq!(all.scalar, Nd(vec![], vec![1.5]));
            assert_eq!(all.empty, Nd(vec![0, 5], vec![]));
            assert_eq!(all.objects.0, [2, 2]);
            let objects: Vec<_> = all.objects.1.iter().map(ToString::to_string).collect();
            assert_eq!(objects, ["\"a\"", "1", "none", "2.5"]);

            assert_eq!(all.dates.is_some(), is_whole);
            if let (Some(dates), Some(days), Some(spans), Some(nested)) =
                (all.dates, all.days, all.spans, all.nested)
            {
                let start = UNIX_EPOCH + Duration::from_millis(1_582_979_696_789);
                assert_eq!((dates[0].to_system_time(), dates[1].is_nat()), (Some(start), true));
                assert_eq!(days, [DatetimeD::from_count(-1)]);
                assert_eq!(spans[0].to_duration(), Some(Duration::from_secs(90)));
                assert_eq!(spans[1].count(), -1);
                let point = |x, y| Point { x, y };
                let expected = [
                    Nested { p: point(1.0, [1, 2]), m: DatetimeMs::from_count(0) },
                    Nested { p: point(2.0, [3, 4]), m: DatetimeMs::NAT },
                ];
                assert_eq!(nested, expected);
            }
        });
    });
}

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "datetime.date")]
struct Date(u16, u8, u8);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "datetime")]
struct DateTime(u16, u8, u8, u8, u8, u8, u32, #[canned(default)] Option<Zone>);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "datetime.time")]
struct Time(u8, u8, u8, u32);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "timezone")]
struct Zone(Span);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "timedelta")]
struct Span(i32, u32, u32);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "decimal.Decimal")]
struct Decimal(String);

#[derive(Canned, Debug, PartialEq)]
struct Fraction(i64, i64);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "uuid.UUID")]
struct Uuid {
    int: u128,
}

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "range")]
struct Range(i64, i64, i64);

#[derive(Canned, Debug)]
#[canned(rename = "defaultdict")]
struct Default {
    entries: BTreeMap<u8, Vec<u8>>,
}

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "HTTPStatus")]
struct Status(u16);

#[derive(Canned, Debug, PartialEq)]
#[canned(rename = "types.SimpleNamespace")]
struct Namespace {
    a: u8,
    b: Vec<f64>,
}

#[derive(Canned, Debug)]
#[canned(rename = "MaskedArray")]
struct Masked {
    data: Vec<f64>,
    mask: Vec<bool>,
    fill_value: Nd<f64>,
}

#[derive(Canned, Debug)]
#[canned(rename = "int")]
struct Int(Vec<u8>);

#[derive(Canned, Debug)]
#[canned(rename = "str")]
struct Str(Vec<u8>);

#[derive(Canned, Debug)]
#[canned(rename = "dtype")]
struct DtypeName(String);

#[derive(Clone, Copy, Debug, Element, PartialEq)]
#[repr(C, packed)]
struct Row {
    a: i32,
    b: f64,
}

#[derive(Canned, Debug)]
struct Objects {
    date: Date,
    datetime: DateTime,
    utc: DateTime,
    time: Time,
    span: Span,
    decimal: Decimal,
    fraction: Fraction,
    uuid: Uuid,
    range: Range,
    ordered: BTreeMap<String, u8>,
    default: Default,
    status: Status,
    namespace: Namespace,
    surrogate: Str,
    huge: Int,
    function: Value,
    frozen: BTreeSet<u8>,
    bytearray: Vec<u8>,
    dtype: DtypeName,
    masked: Masked,
    record: Vec<Row>,
    matrix: Nd<u8>,
    numpy_text: String,
    numpy_bytes: Bytes<2>,
    numpy_date: DatetimeD,
    numpy_half: f32,
}

#[test]
fn objects_of_classes_become_records() {
    each("objects", |name, object| {
        read(name, object, |all: Objects| {
            assert_eq!(all.date, Date(2020, 2, 29));
            assert_eq!(all.datetime, DateTime(2020, 2, 29, 12, 34, 56, 789, None));
            let utc = Some(Zone(Span(0, 0, 0)));
            assert_eq!(all.utc, DateTime(2020, 2, 29, 12, 34, 56, 789, utc));
            assert_eq!(all.time, Time(12, 34, 56, 789));
            assert_eq!(all.span, Span(1, 2, 3));
            assert_eq!(all.decimal, Decimal("1.50".into()));
            assert_eq!(all.uuid, Uuid { int: 5 });
            assert_eq!(all.range, Range(1, 10, 3));
            assert_eq!(all.ordered, BTreeMap::from([("a".into(), 2), ("b".into(), 1)]));
            assert_eq!(all.default.entries, BTreeMap::from([(1, vec![2])]));
            assert_eq!(all.status, Status(200));
            assert_eq!(all.namespace, Namespace { a: 1, b: vec![2.5] });
            assert_eq!(all.surrogate.0, b"a\xed\xa0\x80");
            assert_eq!((all.huge.0.len(), all.huge.0.last()), (26, Some(&0xff)));
            assert_eq!(all.frozen, BTreeSet::from([1]));
            assert_eq!(all.bytearray, b"ab");
            assert_eq!(all.dtype.0, "<M8[25s]");
            assert_eq!((all.masked.data, all.masked.mask), (vec![1.0, 2.0], vec![false, true]));
            assert_eq!(all.masked.fill_value, Nd(vec![], vec![-1.0]));
            assert_eq!(all.record, [Row { a: 1, b: 2.5 }]);
            assert_eq!(all.matrix, Nd(vec![1, 2], vec![1, 2]));
            assert_eq!((all.numpy_text.as_str(), all.numpy_bytes.as_bytes()), ("ä", &b"ab"[..]));
            assert_eq!(all.numpy_date.count(), 18_321);
            assert!((all.numpy_half - 1.5).abs() < f32::EPSILON);
            assert_eq!(all.fraction, Fraction(1, 3));
            assert_eq!(all.function.to_string(), "global { module: \"builtins\", name: \"len\" }");
        });
    });
}

#[test]
fn everything_becomes_a_value() {
    for case in ["frame", "dtypes", "objects", "shared"] {
        each(case, |name, object| read(name, object, |value: Value| drop(value.to_string())));
    }
}

#[test]
fn pickles_in_buffers_are_read() {
    #[derive(Canned, Debug)]
    struct Nested {
        texts: Vec<String>,
        empty: Nd<f64>,
        numbers: Vec<f64>,
    }
    each("nested", |name, object| {
        read(name, object, |all: Nested| {
            assert_eq!((all.texts.len(), all.texts[199].as_str()), (200, "text 199"));
            assert_eq!(all.empty, Nd(vec![0], vec![]));
            assert!(all.numbers.iter().copied().eq((0..200).map(f64::from)));
        });
    });
    each("nested", |_name, object| {
        let texts: BTreeMap<&str, Value> = object.get().unwrap();
        assert_eq!(texts.len(), 3);
    });
}

#[test]
fn shared_arrays_are_received_each_time() {
    each("shared", |name, object| {
        let expected: Vec<f64> = (0..300).map(f64::from).collect();
        read(name, object, |arrays: Vec<Vec<f64>>| {
            assert_eq!((&arrays[0], &arrays[1]), (&expected, &expected));
            assert_eq!(arrays[2].len(), 150);
        });
    });
}
