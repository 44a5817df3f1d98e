//! Which canned objects get which buffers: what ipyparallel's `_restore_buffers` does.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests panic as tests do"
)]

use canning_core::{Buffer, ErrorKind};
use canning_python::{
    ipyparallel::deserialize_object,
    view::{Item, View},
};

/// A `CannedBytes` that waits for a buffer, after [`CLASS`].
const WAITS: &[u8] = b"h\0)\x81}\x8c\x07buffers]Nasb";

/// Puts the class into slot 0.
const CLASS: &[u8] = b"cipyparallel.serialize.canning\nCannedBytes\nq\x000";

/// Reads a header with buffers of one byte each, their number; gives the object's bytes in the
/// order of the container, and how many buffers are left.
fn read(body: &[u8], buffers: u8) -> Result<(Vec<Option<u8>>, usize), ErrorKind> {
    let header = [CLASS, body, b"."].concat();
    let buffers: Vec<_> = (0..buffers).map(|number| vec![number].into()).collect();
    let blobs = [Buffer::from(header)].into_iter().chain(buffers).collect();
    let (object, rest) = deserialize_object(blobs).map_err(|error| error.into_kind())?;
    let items: Vec<Item<'_>> = match object.view().unwrap() {
        View::List(items) | View::Tuple(items) | View::Set(items) => items.iter().collect(),
        View::Dict(entries) => entries.iter().map(|(_, value)| value).collect(),
        _ => vec![object.item().unwrap()],
    };
    let byte = |item: Item<'_>| match item.view() {
        Ok(View::Bytes(bytes)) => bytes.as_slice().and_then(|bytes| bytes.first().copied()),
        _ => None,
    };
    Ok((items.into_iter().map(byte).collect(), rest.len()))
}

/// Canned objects in a row.
fn waits(count: usize) -> Vec<u8> {
    WAITS.repeat(count)
}

#[test]
fn top_level_and_one_container_below() {
    assert_eq!(read(WAITS, 2).unwrap(), (vec![Some(0)], 1));
    for (start, end) in [("(", "t"), ("](", "e")] {
        let body = [start.as_bytes(), &waits(2), b"K\x01", &waits(1), end.as_bytes()].concat();
        assert_eq!(read(&body, 5).unwrap(), (vec![Some(0), Some(1), None, Some(2)], 2));
    }
    let set = [b"\x8f(", &waits(2)[..], b"\x90"].concat();
    assert_eq!(read(&set, 2).unwrap(), (vec![Some(0), Some(1)], 0));
    // As protocols 2 and 3 have a set.
    let set = [b"c__builtin__\nset\n](", &waits(2)[..], b"e\x85R"].concat();
    assert_eq!(read(&set, 2).unwrap(), (vec![Some(0), Some(1)], 0));
    // Further below nothing is restored, nor in a frozenset.
    let list = [b"](](", &waits(2)[..], b"ee"].concat();
    assert_eq!(read(&list, 2).unwrap(), (vec![None], 2));
    let set = [b"(", &waits(2)[..], b"\x91"].concat();
    assert_eq!(read(&set, 2).unwrap().1, 2);
}

#[test]
fn sixty_four_items_are_too_many() {
    let list = [b"](", &waits(63)[..], b"e"].concat();
    assert_eq!(read(&list, 64).unwrap(), ((0..63).map(Some).collect(), 1));
    let list = [b"](", &waits(64)[..], b"e"].concat();
    assert_eq!(read(&list, 64).unwrap(), (vec![None; 64], 64));
}

#[test]
fn dicts_by_their_sorted_keys() {
    let dict = |keys: &[&[u8]]| {
        let entries: Vec<_> = keys.iter().map(|key| [key, WAITS].concat()).collect();
        [b"}(", &entries.concat()[..], b"u"].concat()
    };
    let text = dict(&[b"\x8c\x01b", b"\x8c\x02aa", b"\x8c\x01a", b"\x8c\x02\xc3\xa9"]);
    assert_eq!(read(&text, 4).unwrap().0, [Some(2), Some(1), Some(0), Some(3)]);
    // 2.5, True, -1, 2^64, 0
    let numbers = dict(&[
        b"G\x40\x04\0\0\0\0\0\0",
        b"\x88",
        b"J\xff\xff\xff\xff",
        b"\x8a\x09\0\0\0\0\0\0\0\0\x01",
        b"K\0",
    ]);
    assert_eq!(read(&numbers, 5).unwrap().0, [Some(3), Some(2), Some(0), Some(4), Some(1)]);
    let tuples = dict(&[b"K\x01K\x02\x86", b"K\x01\x85", b"NK\x01\x86\x85"]);
    assert!(matches!(read(&tuples, 3), Err(ErrorKind::Unsupported(_))));
    let tuples = dict(&[b"K\x01K\x02\x86", b"K\x01\x85", b")"]);
    assert_eq!(read(&tuples, 3).unwrap().0, [Some(2), Some(1), Some(0)]);
    // Those that Python cannot sort, if it matters.
    let mixed = dict(&[b"K\x01", b"\x8c\x01a"]);
    assert!(matches!(read(&mixed, 2), Err(ErrorKind::Unsupported(_))));
    let mixed = [b"}(K\x01", WAITS, b"\x8c\x01aK\x02u"].concat();
    assert_eq!(read(&mixed, 1).unwrap().0, [Some(0), None]);
}

#[test]
fn dicts_by_keys_whose_order_only_python_knows() {
    // Python writes the entries in their order.
    let dates: [&[u8]; 3] =
        [b"cdatetime\ndate\nC\x04\x07\xe4\x01\x02\x85R", b"h\x01)R", b"h\x01NK\x01\x86R"];
    let dates = dates.map(|key| [b"cdatetime\ndate\nq\x010", key, WAITS].concat()).concat();
    let dict = [b"}(", &dates[..], b"u"].concat();
    assert_eq!(read(&dict, 3).unwrap().0, [Some(0), Some(1), Some(2)]);
    let tuples = [b"K\x01h\x01)R\x86", WAITS, b"K\x01h\x01)R\x86", WAITS, b"K\0h\x01)R\x86", WAITS];
    let dict = [b"}(cmodule\nClass\nq\x01)R", WAITS, &tuples.concat()[..], b"u"].concat();
    assert_eq!(read(&dict, 4).unwrap().0, [Some(0), Some(1), Some(2), Some(3)]);
    // Where it is not needed, it is not asked for.
    let tuples = [b"K\x02cmodule\nClass\n)R\x86", WAITS, b"K\x01N\x86", WAITS].concat();
    let dict = [b"}(", &tuples[..], b"u"].concat();
    assert_eq!(read(&dict, 2).unwrap().0, [Some(1), Some(0)]);
}

#[test]
fn keys_without_an_order_are_refused_in_any_mixture() {
    // A sort that notices a contradiction may panic.
    let keys: [&[u8]; 5] = [b"K\x03", b"\x8c\x01b", b"G\x7f\xf8\0\0\0\0\0\0", b"K\x01", b"C\x01a"];
    for seed in 1..2000_u64 {
        let mut state = seed;
        let mut entries = Vec::new();
        for _ in 0..63 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut key = keys[usize::try_from(state >> 33).unwrap() % keys.len()].to_vec();
            if key[0] == b'K' {
                key[1] = state.to_le_bytes()[6];
            }
            entries.extend([&key, WAITS].concat());
        }
        let dict = [b"}(", &entries[..], b"u"].concat();
        assert!(matches!(read(&dict, 63), Err(ErrorKind::Unsupported(_))), "{seed}");
    }
}

#[test]
fn keys_that_hold_each_other_often_are_refused_soon() {
    // Two tuples of ten tuples of ten tuples …: 10^15 numbers that are equal.
    let deep = |last: u8| {
        let wider = |inner: Vec<u8>| [b"(", &inner[..], &b"2".repeat(9), b"t"].concat();
        let deep = (0..15).fold(b"K\x01".to_vec(), |inner, _| wider(inner));
        [&deep[..], &[b'K', last], b"\x86", WAITS].concat()
    };
    let dict = [b"}(", &deep(1)[..], &deep(2), b"u"].concat();
    assert!(matches!(read(&dict, 2), Err(ErrorKind::Unsupported(_))));
}

#[test]
fn one_object_in_two_places_gets_one_buffer() {
    let twice = [b"](", WAITS, b"2e"].concat();
    assert_eq!(read(&twice, 2).unwrap(), (vec![Some(0), Some(0)], 1));
    // Two objects that share their list of buffers.
    let shared = b"](h\0)\x81}\x8c\x07buffers]q\x01Nasbh\0)\x81}\x8c\x07buffersh\x01sbe";
    assert_eq!(read(shared, 2).unwrap(), (vec![Some(0), Some(0)], 1));
}

#[test]
fn too_few_buffers_and_no_blobs() {
    let list = [b"](", &waits(2)[..], b"e"].concat();
    let error = read(&list, 1).unwrap_err();
    assert!(matches!(error, ErrorKind::BufferCount { expected: 2, found: 1 }), "{error}");
    assert!(deserialize_object(vec![]).is_err());
}
