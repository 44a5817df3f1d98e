//! Few bytes that describe much, by sharing it: what is given out and what is built for it is
//! counted each time. A counting allocator watches.

#![allow(clippy::unwrap_used, unreachable_pub, dead_code, reason = "helpers of tests")]

#[path = "support/counting.rs"]
mod counting;
#[path = "support/program.rs"]
mod program;

use canning_core::{Buffer, Can, CannedObject, Error, ErrorKind, Result, Value, visitor::Canner};
use canning_python::{Dialect, Limits, Object, buffer_aligns_with, pickle, view::View};
use counting::{Counting, count};
use program::{call, fields, get, global, int, keep, list, long, repeated, text, tuple};

#[global_allocator]
static COUNTING: Counting = Counting;

fn restore(header: &[u8], buffers: &[Vec<u8>], limits: Limits) -> Result<Object<'static>> {
    let buffers = buffers.iter().map(|bytes| Buffer::from(bytes.clone())).collect();
    Object::restore_with(Dialect::Pickle, header.to_vec().into(), buffers, limits)
}

#[track_caller]
fn is_limit(error: &Error, expected: &str) {
    let ErrorKind::Limit { what, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(*what, expected, "{error}");
}

const CONTENT: usize = 1 << 16;
const COUNT: usize = 400;

/// Pickles of [`CONTENT`] bytes, or of a name as long as they may be, that refer to them [`COUNT`]
/// times.
fn shared() -> Vec<(&'static str, Vec<u8>)> {
    let x = "x".repeat(CONTENT);
    let bytes = long(b'B', x.as_bytes());
    let again = |program: &[u8]| repeated(&[keep(0, program)], &get(0), COUNT);
    let made = |function: &[u8], args: &[u8]| {
        let made = call(&get(0), &get(1));
        repeated(&[keep(0, function), keep(1, args)], &made, COUNT)
    };
    let builtin = |name| global("builtins", name);
    let latin = tuple(&[text(&x), text("latin1")]);
    let mut surrogates = vec![0xed, 0xa0, 0x80];
    surrogates.extend(x.bytes());
    let name = "n".repeat(1000);
    let reference = global("ipyparallel.serialize.canning", "Reference");
    let reference = [reference, b")\x81}".to_vec(), text("name"), text(&x), b"sb".to_vec()];
    let dtype = global("numpy", "dtype");
    let of_text = |text: Vec<u8>| call(&dtype, &tuple(&[text]));
    let scalar = global("numpy._core.multiarray", "scalar");
    let strings = of_text(text(&format!("S{CONTENT}")));
    let unicode = of_text(text(&format!("U{}", CONTENT / 4)));
    let chars = long(b'B', &b"x\0\0\0".repeat(CONTENT / 4));
    let named = tuple(&[list(&[tuple(&[text(&x), text("f8")])])]);
    let one_of_bytes = tuple(std::slice::from_ref(&bytes));
    let record = |number: usize| {
        let other = text(&number.to_string());
        [&get(0)[..], b")\x81}(", &get(1), b"N", &other, b"Nub"].concat()
    };
    let records: Vec<u8> = (0..COUNT).flat_map(record).collect();
    vec![
        ("text", again(&text(&x))),
        ("bytes", again(&bytes)),
        ("bytes(b)", made(&builtin("bytes"), &one_of_bytes)),
        ("bytearray(b)", made(&builtin("bytearray"), &one_of_bytes)),
        ("encoded text", made(&global("_codecs", "encode"), &latin)),
        ("an integer", again(&long(0x8b, x.as_bytes()))),
        ("surrogates", again(&long(b'X', &surrogates))),
        ("a class", again(&global(&name, &name))),
        ("a reference", again(&reference.concat())),
        ("numpy.bytes_", again(&call(&scalar, &tuple(&[strings, bytes])))),
        ("numpy.str_", again(&call(&scalar, &tuple(&[unicode, chars])))),
        ("a dtype", again(&call(&dtype, &named))),
        ("dtypes", made(&dtype, &named)),
        (
            "names of fields",
            repeated(&[keep(0, &global("m", "C")), keep(1, &text(&x))], &records, 1),
        ),
        (
            "names of classes",
            repeated(&[keep(0, &global(&name, &name))], &[&get(0)[..], b")\x81"].concat(), COUNT),
        ),
    ]
}

#[test]
fn what_is_given_out_again_is_counted_however_it_is_referred_to() {
    let limits = Limits { expansion: CONTENT, ..Limits::default() };
    let is_refused = |what: &str, header: &[u8], buffers: &[Vec<u8>]| {
        assert!(header.len() < 3 * CONTENT / 2, "{what}: {}", header.len());
        let object = restore(header, buffers, limits).unwrap();
        let (result, count) = count(|| object.get::<Value, _>().map(drop));
        is_limit(&result.expect_err(what), "length of what is given out again");
        assert!(count.peak <= 8 * CONTENT, "{what} takes {count:?}");
    };
    for (what, header) in shared() {
        is_refused(what, &header, &[]);
    }
    // `NEXT_BUFFER`, and it again and again `READONLY_BUFFER`.
    let readonly = repeated(&[keep(0, b"\x97")], b"h\0\x98", COUNT);
    is_refused("a buffer", &readonly, &[vec![1; CONTENT]]);
}

#[test]
fn what_is_given_out_once_is_not_counted() {
    let limits = Limits { expansion: 0, ..Limits::default() };
    let x = "x".repeat(1000);
    for once in [
        text(&x),
        long(b'B', x.as_bytes()),
        long(0x8b, x.as_bytes()),
        call(&global("builtins", "bytearray"), &tuple(&[long(b'B', x.as_bytes())])),
        call(&global("_codecs", "encode"), &tuple(&[text(&x), text("latin1")])),
        global("collections", "OrderedDict"),
        [global("m", "C"), b")\x81}X\x04\0\0\0nameNsb".to_vec()].concat(),
    ] {
        let object = restore(&repeated(&[], &once, 1), &[], limits).unwrap();
        drop(object.get::<Value, _>().unwrap());
    }
    let object = restore(b"\x97.", &[vec![1; 1000]], limits).unwrap();
    assert_eq!(object.get::<Vec<u8>, _>().unwrap(), [1; 1000]);
}

#[test]
fn long_names_of_classes_are_refused() {
    let long = "n".repeat(1025);
    let stack_global = [text("m"), text(&long), b"\x93.".to_vec()].concat();
    for header in [[global("m", &long), b".".to_vec()].concat(), stack_global] {
        let error = restore(&header, &[], Limits::default()).unwrap_err();
        is_limit(&error, "length of the name of a class");
    }
}

/// A tuple of empty arrays of a buffer; slot 0 has `numpy.dtype`, 3 what `shared` is, of which
/// `dtype` makes a dtype for each array.
fn arrays(shared: &[u8], dtype: &[u8], count: usize) -> Vec<u8> {
    let before = [
        keep(0, &global("numpy", "dtype")),
        keep(1, &global("numpy", "ndarray")),
        keep(2, &tuple(&[int(0)])),
        keep(3, shared),
        keep(4, b"\x97"),
    ];
    let array = call(&get(1), &[&get(2)[..], dtype, &get(4), b"\x87"].concat());
    repeated(&before, &array, count)
}

/// `numpy.dtype(shared)`.
const OF_SHARED: &[u8] = b"h\0h\x03\x85R";

const TOO_MANY_FIELDS: &str = "number of fields of all dtypes";

#[test]
fn dtypes_of_shared_fields_are_counted_each_time() {
    let limits = Limits { visits: 1 << 12, ..Limits::default() };
    let header = arrays(&fields(500), OF_SHARED, 100);
    let most = 512 * limits.visits;

    // What the buffers should be like, before they are there.
    let (aligns, counted) = count(|| buffer_aligns_with(Dialect::Pickle, &header, limits));
    is_limit(&aligns.unwrap_err(), "number of objects met");
    assert!(counted.peak <= most + 256 * header.len(), "{counted:?}");

    let object = restore(&header, &[vec![]], limits).unwrap();
    let (value, counted) = count(|| object.get::<Value, _>().map(drop));
    assert!(matches!(value.unwrap_err().kind(), ErrorKind::Limit { .. }));
    assert!(counted.peak <= most, "{counted:?}");
    let (owned, counted) = count(|| object.into_owned());
    is_limit(&owned.unwrap_err(), "number of objects met");
    assert!(counted.peak <= most, "{counted:?}");

    // One dtype is that of all arrays.
    let dtype = call(&global("numpy", "dtype"), &tuple(&[fields(500)]));
    let header = arrays(&dtype, b"h\x03", 100);
    let (aligns, counted) =
        count(|| buffer_aligns_with(Dialect::Pickle, &header, Limits::default()));
    assert_eq!(aligns.unwrap(), [1]);
    assert!(counted.peak <= most, "{counted:?}");
}

#[test]
fn the_default_limits_bound_dtypes_by_the_objects_that_there_are() {
    let header = arrays(&fields(2000), OF_SHARED, 150);
    let error = buffer_aligns_with(Dialect::Pickle, &header, Limits::default()).unwrap_err();
    is_limit(&error, TOO_MANY_FIELDS);
    // Those that fail are counted, too: two fields have one name.
    let mut twice = fields(2000);
    twice.pop();
    let twice = [twice, tuple(&[text("f0"), text("u1")]), b"e".to_vec()].concat();
    let header = arrays(&twice, OF_SHARED, 150);
    let error = buffer_aligns_with(Dialect::Pickle, &header, Limits::default()).unwrap_err();
    is_limit(&error, TOO_MANY_FIELDS);
    // And long names.
    let name = list(&[tuple(&[text(&"x".repeat(1 << 18)), text("u1")])]);
    let header = arrays(&name, OF_SHARED, 100);
    let error = buffer_aligns_with(Dialect::Pickle, &header, Limits::default()).unwrap_err();
    is_limit(&error, TOO_MANY_FIELDS);
}

#[test]
fn a_shared_dtype_is_met_each_time() {
    let dtype = call(&global("numpy", "dtype"), &tuple(&[fields(500)]));
    let header = repeated(&[keep(0, &dtype)], &get(0), 100);
    let limits = Limits { visits: 10_000, ..Limits::default() };
    let object = restore(&header, &[], limits).unwrap();
    let (value, counted) = count(|| object.get::<Value, _>().map(drop));
    is_limit(&value.unwrap_err(), "number of objects met");
    assert!(counted.peak <= 512 * limits.visits, "{counted:?}");
}

/// A list of fields, each a subarray of 32 axes, whose shape is shared.
fn deep_fields(count: usize) -> Vec<u8> {
    let axes = tuple(&vec![b"K\x01".to_vec(); 32]);
    let field = |at: usize| tuple(&[text(&format!("f{at}")), text("u1"), get(9)]);
    let fields: Vec<_> = (0..count).map(field).collect();
    [keep(9, &axes), list(&fields)].concat()
}

#[test]
fn axes_of_subarrays_are_counted_and_kept_once() {
    let dtype = [
        keep(8, &deep_fields(500)),
        call(&global("numpy", "dtype"), &[get(8), b"\x85".to_vec()].concat()),
    ];
    let header = arrays(&dtype.concat(), b"h\x03", 100);
    let object = restore(&header, &[vec![]], Limits::default()).unwrap();
    let (value, counted) = count(|| object.get::<Value, _>());
    drop(value.unwrap());
    assert!(counted.peak <= 4 << 20, "{counted:?}");

    let limits = Limits { visits: 100_000, ..Limits::default() };
    let object = restore(&header, &[vec![]], limits).unwrap();
    is_limit(&object.get::<Value, _>().unwrap_err(), "number of objects met");
}

#[test]
fn shapes_of_subarrays_without_bytes_do_not_overflow() {
    let len = [&b"\x8a\x08"[..], &(1_u64 << 62).to_le_bytes()].concat();
    let shape = tuple(&[len.clone(), len]);
    let dtype = list(&[tuple(&[text("a"), text("S0"), shape]), tuple(&[text("b"), text("i1")])]);
    let args = tuple(&[tuple(&[int(0)]), dtype, b"C\0".to_vec()]);
    let header = [call(&global("numpy", "ndarray"), &args), b".".to_vec()].concat();
    let object = restore(&header, &[], Limits::default()).unwrap();
    let error = object.get::<Value, _>().unwrap_err();
    let expected = "impossible array layout: the dtype overflows the address space";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn strides_of_more_axes_than_there_can_be_are_not_collected() {
    let strides = tuple(&vec![int(0); 65]);
    let args = [tuple(&[int(0)]), text("u1"), b"C\0".to_vec(), int(0), strides];
    let header = [call(&global("numpy", "ndarray"), &tuple(&args)), b".".to_vec()].concat();
    let object = restore(&header, &[], Limits::default()).unwrap();
    assert!(matches!(object.view().unwrap(), View::Opaque(_)));
}

#[test]
fn equal_keys_of_equal_struct_dtypes_are_refused() {
    let scalar = global("numpy._core.multiarray", "scalar");
    let void = |name: &str| {
        let dtype =
            call(&global("numpy", "dtype"), &tuple(&[list(&[tuple(&[text(name), text("u1")])])]));
        call(&scalar, &tuple(&[dtype, b"C\x01a".to_vec()]))
    };
    let dict = |keys: &[&str]| {
        let entries = keys.iter().map(|name| [void(name), b"N".to_vec()].concat());
        [b"}(".to_vec(), entries.collect::<Vec<_>>().concat(), b"u.".to_vec()].concat()
    };
    let read = |keys| restore(&dict(keys), &[], Limits::default()).unwrap().get::<Value, _>();
    for twice in [&["a", "a"][..], &["a", "b", "b"], &["a", "b", "a"]] {
        let error = read(twice).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::DuplicateKey), "{error}");
    }
    assert_eq!(read(&["a", "b"]).unwrap().as_map().unwrap().len(), 2);
}

/// A list that is shorter or longer than it says.
struct Lies(usize);

impl Can for Lies {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.begin_list(2)?;
        for _ in 0..self.0 {
            canner.u64(1)?;
        }
        canner.end_list()
    }
}

#[test]
fn what_is_not_as_long_as_it_says_is_not_written() {
    assert!(pickle::can(&Lies(2)).is_ok());
    for len in [0, 1, 3] {
        let error = pickle::can(&Lies(len)).map(drop).unwrap_err();
        let ErrorKind::Length { expected: 2, found } = error.kind() else { panic!("{error}") };
        assert_eq!(*found, len);
    }
}
