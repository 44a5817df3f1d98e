//! What little describes much of: objects, names and dtypes that are referred to again and again.
//! Each attack is a few bytes for each time; a counting allocator watches what comes of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests panic")]

#[path = "support/counting.rs"]
#[expect(unreachable_pub, reason = "shared with other tests")]
mod counting;

use canning_core::{Buffer, CannedObject, ErrorKind, Result, Value};
use canning_python::{Dialect, Limits, Object};
use counting::{Counting, count};

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes that each object that is met may take in a `Value`, and besides.
const EACH: usize = 512;
const BESIDES: usize = 16 << 10;

/// Bytes of dtypes that unfold, for all of an object.
const DTYPES: usize = 16 << 20;

const VISITS: usize = 20_000;

fn text(text: &[u8]) -> Vec<u8> {
    let len = u32::try_from(text.len()).unwrap();
    [b"X".as_slice(), &len.to_le_bytes(), text].concat()
}

fn global(module: &str, name: &str) -> Vec<u8> {
    format!("c{module}\n{name}\n").into()
}

/// What comes first is kept in the memo, and let go; then a tuple of as many others.
fn again(first: &[u8], each: &[u8], times: usize) -> Vec<u8> {
    [b"\x80\x05", first, b"\x940(", &each.repeat(times), b"t."].concat()
}

fn restore(header: &[u8], limits: Limits) -> Object<'_> {
    Object::restore_with(Dialect::Pickle, Buffer::borrowed(header), vec![], limits).unwrap()
}

/// Puts it together as a `Value`, and says whether; within what the limits allow.
#[track_caller]
fn get(what: &str, header: &[u8]) -> Result<()> {
    let limits = Limits { visits: VISITS, expansion: 64 << 10, ..Limits::default() };
    let object = restore(header, limits);
    let (value, count) = count(|| object.get::<Value, _>().map(drop));
    // The first time that bytes are given out, they are those of the header.
    let bound = EACH * limits.visits + 2 * limits.expansion + 4 * header.len() + BESIDES;
    eprintln!("{what}: {} bytes, at most {} KiB", header.len(), count.peak >> 10);
    assert!(count.peak <= bound, "{what}: {count:?} for {} bytes", header.len());
    value
}

#[track_caller]
fn is_limit(what: &str, value: Result<()>) {
    let error = value.expect_err(what);
    assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{what}: {error}");
}

/// `t = (None, None)`, then `t = (t, t)` again and again.
fn doubled_tuples(levels: u8) -> Vec<u8> {
    let pairs = (0..levels).flat_map(|slot| [b'h', slot, 0x86, 0x94]);
    [b"\x80\x05N\x94".to_vec(), pairs.collect(), b".".to_vec()].concat()
}

#[test]
fn eighty_nine_bytes_of_two_million_tuples() {
    let header = doubled_tuples(21);
    assert_eq!(header.len(), 89);
    let met = (1 << 22) - 1;
    let limits = Limits { visits: met, ..Limits::default() };
    let (value, took) = count(|| restore(&header, limits).get::<Value, _>());
    let value = value.expect("as many are allowed");
    assert!(took.peak > 100 << 20, "it does unfold: {took:?}");
    assert!(took.peak < EACH * met, "{took:?}");
    drop(value);
    let limits = Limits { visits: 100_000, ..limits };
    is_limit("fewer", restore(&header, limits).get::<Value, _>().map(drop));
    // By default two levels more fit, and no third.
    is_limit("24 levels", get("shared tuples", &doubled_tuples(24)));
}

#[test]
fn what_is_long_counts_each_time() {
    let long = "x".repeat(1 << 20);
    let reference = global("ipyparallel.serialize.canning", "Reference");
    let reference = [&reference[..], b")\x81}", &text(b"name"), &text(long.as_bytes()), b"sb"];
    let integer = [&b"\x8b"[..], &(1_u32 << 20).to_le_bytes(), &vec![1; 1 << 20]].concat();
    let surrogates = text(&b"\xed\xa0\x80".repeat(1 << 18));
    let scalar = [global("numpy.core.multiarray", "scalar"), text(b"S1048576"), b"B".to_vec()];
    let scalar = [&scalar.concat()[..], &(1_u32 << 20).to_le_bytes(), &vec![1; 1 << 20]].concat();
    // Longer ones are refused.
    let class = global("module", &long[..1024]);
    let attributes = [&b"}"[..], &text(long.as_bytes()), b"Ns"].concat();
    for (what, first, each) in [
        ("integers", integer, &b"h\0"[..]),
        ("surrogates", surrogates, b"h\0"),
        ("text", text(long.as_bytes()), b"h\0"),
        ("references", reference.concat(), b"h\0"),
        ("names of classes", class.clone(), b"h\0"),
        ("objects of a class", class, b"h\0)R"),
        ("attributes", attributes, b"cm\nC\n)Rh\0b"),
        ("scalars of bytes", [scalar, b"\x86R".to_vec()].concat(), b"h\0"),
    ] {
        is_limit(what, get(what, &again(&first, each, 5000)));
    }
}

/// `numpy.ndarray(shape, dtype, b'')`, of the dtype in slot 0.
fn array_of_slot_0(shape: &[u8]) -> Vec<u8> {
    [&global("numpy", "ndarray")[..], b"(", shape, b"h\0C\0tR"].concat()
}

#[test]
fn arrays_count_the_names_and_axes_that_each_of_them_gets() {
    let long = "x".repeat(1 << 20);
    let field = [&b"]"[..], &text(long.as_bytes()), &text(b"f8"), b"\x86a"].concat();
    is_limit("a long name", get("a long name", &again(&field, &array_of_slot_0(b"K\0\x85"), 5000)));
    let axes = [&b"("[..], &b"K\0".repeat(64), b"t"].concat();
    let arrays = again(&text(b"f8"), &array_of_slot_0(&axes), 5000);
    is_limit("many axes", get("many axes", &arrays));
    let flat = again(&text(b"f8"), &array_of_slot_0(b"(K\0K\0K\0t"), 5000);
    get("few axes", &flat).expect("is within the limits");
}

#[test]
fn plain_objects_take_less_than_their_share() {
    let date = [&global("datetime", "date")[..], b"C\x04\x07\xe4\x02\x1d\x85R"].concat();

    for (what, each) in [
        ("empty lists", &b"]"[..]),
        ("lists of one", b"]Na"),
        ("tuples of one", b"N\x85"),
        ("dicts of one", b"}NNs"),
        ("text", b"\x8c\x01x"),
        ("bytes", b"C\x01x"),
        ("large integers", b"\x8a\x11\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x7f"),
        ("classes", b"cm\nC\n"),
        ("objects", b"cm\nC\n)R"),
        ("ranges", b"cbuiltins\nrange\nK\0K\x05K\x01\x87R"),
        ("dates", &date),
        ("arrays", &[&array_of_slot_0(b"K\0\x85")[..]].concat()),
    ] {
        get(what, &again(&text(b"f8"), each, 1500)).expect(what);
    }
}

/// Each struct has the one before it twice.
fn doubled_dtypes(levels: u8) -> Vec<u8> {
    let levels = (0..levels).flat_map(|slot| {
        let field = |name| [&text(name)[..], b"h", &[slot, 0x86]].concat();
        [b"](", &field(b"a")[..], &field(b"b"), b"e\x94"].concat()
    });
    [text(b"f8"), b"\x94".to_vec(), levels.collect()].concat()
}

#[test]
fn dtypes_that_unfold_are_bounded_for_all_of_an_object() {
    // Each of a thousand dtypes has all that was unfolded before.
    let dtype = [&global("numpy", "dtype")[..], b"](", &text(b"x"), b"h\x0e\x86e\x85R"].concat();
    let long = text(&[b'x'; 1 << 20]);
    let named = [&global("numpy", "dtype")[..], b"](h\0", &text(b"f8"), b"\x86e\x85R"].concat();
    let wide = [b"\x80\x05(", &doubled_dtypes(14)[..], &dtype.repeat(1000), b"t."].concat();
    let long = again(&long, &named, 1000);
    for (what, header) in [("fields", wide), ("long names", long)] {
        let object = restore(&header, Limits::default());
        let (looked, count) = count(|| {
            let canning_python::view::View::Tuple(items) = object.view()? else {
                panic!("a tuple")
            };
            items.iter().try_for_each(|item| item.view().map(drop))
        });
        eprintln!("{what}: {} bytes, at most {} KiB", header.len(), count.peak >> 10);
        let error = looked.expect_err(what);
        let ErrorKind::Limit { what: named, .. } = error.kind() else { panic!("{what}: {error}") };
        assert_eq!(*named, "number of fields of all dtypes");
        assert!(count.peak < DTYPES, "{what}: {count:?} for {} bytes", header.len());
    }
}

#[test]
fn alignments_of_many_arrays_of_one_wide_dtype_are_bounded() {
    let arrays = array_of_slot_0(b"K\0\x85").repeat(5000);
    let fields: Vec<u8> = (0..100)
        .flat_map(|field| [text(format!("{field}").as_bytes()), b"\x8c\x02f8\x86".into()].concat())
        .collect();
    let header = [b"\x80\x05](", &fields[..], b"e\x940(", &arrays, b"t."].concat();
    let limits = Limits { visits: 200_000, ..Limits::default() };
    let error = canning_python::buffer_aligns_with(Dialect::Pickle, &header, limits);
    is_limit("alignments", error.map(drop));
}
