//! The bytes of attacks: what each asks for, that it is refused or harmless, and that the reader
//! takes no more memory than a multiple of what was sent. A counting allocator watches.

#![allow(
    clippy::indexing_slicing,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

#[path = "support/described.rs"]
mod support;

use std::time::{Duration, Instant};

use canning_core::{Buffer, CannedObject as _, ErrorKind, Result, Value};
use canning_python::{
    Dialect, Limits, Object, buffer_aligns,
    ipyparallel::{deserialize_object, unpack_apply_message},
    view::{Item, View},
};
use proptest::prelude::*;
use support::{
    counting::{Count, Counting, count},
    description,
    vectors::{Case, folders},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes that a header may make a reader allocate for each of its own, and besides.
const MULTIPLE: usize = 256;
const BESIDES: usize = 16 << 10;

/// Bytes that each object that is met may take in a `Value`.
const EACH: usize = 512;

/// How many objects are looked at, of what was read.
const LOOKS: usize = 2000;

fn restore(header: &[u8], limits: Limits) -> Result<Object<'_>> {
    Object::restore_with(Dialect::Pickle, Buffer::borrowed(header), vec![], limits)
}

/// Reads a header in both dialects, looks at what it is, and puts it together as a `Value`, within
/// the bounds.
#[track_caller]
fn read(header: &[u8], buffers: &[Vec<u8>]) {
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        let len = header.len() + buffers.iter().map(Vec::len).sum::<usize>();
        let within = |way: &str, count: Count| {
            let bound = MULTIPLE * len + BESIDES;
            let start = header.get(..64).unwrap_or(header).escape_ascii();
            assert!(count.peak <= bound, "{way} takes {count:?} for {len} bytes, {start}");
        };
        let given: Vec<_> = buffers.iter().map(|bytes| Buffer::borrowed(bytes)).collect();
        // What refers to nothing twice meets no more objects than it has bytes, but the few that
        // are there before.
        let limits = Limits { visits: len + 100, expansion: len, ..Limits::default() };
        let restore = || Object::restore_with(dialect, Buffer::borrowed(header), given, limits);
        let (object, restored) = count(restore);
        within("reading", restored);
        let Ok(object) = object else { continue };
        within("looking", count(|| look(&object)).1);
        let (_, got) = count(|| object.get::<Value, _>().map(drop));
        let bound = EACH * limits.visits + 2 * limits.expansion + BESIDES;
        assert!(got.peak <= bound, "getting takes {got:?} for {len} bytes");
    }
}

/// Looks at what an object holds, without recursion.
fn look(object: &Object<'_>) {
    let mut items: Vec<Item<'_>> = object.item().into_iter().collect();
    for _ in 0..LOOKS {
        let Some(view) = items.pop().map(Item::view) else { return };
        // What is too much is not looked at.
        let room = 64_usize.saturating_sub(items.len());
        match view {
            Ok(View::List(held) | View::Tuple(held) | View::Set(held) | View::FrozenSet(held)) => {
                items.extend(held.iter().take(room));
            }
            Ok(View::Dict(held) | View::OrderedDict(held)) => {
                items.extend(held.iter().flat_map(|(key, value)| [key, value]).take(room));
            }
            Ok(View::Opaque(held) | View::Function(held)) => {
                let _ = held.class();
                let entries = held.entries().iter().flat_map(|(key, value)| [key, value]);
                let all = held.args().iter().chain(held.items().iter()).chain(entries);
                items.extend(all.chain(held.state()).take(room));
            }
            Ok(View::ObjectArray(array)) => items.extend(array.items().iter().take(room)),
            Ok(View::Array(array)) => {
                let _ = array.items().map(|items| items.take(LOOKS).count());
            }
            _ => {}
        }
    }
}

/// Describes it, which looks at everything, and gives what is refused.
#[track_caller]
fn refused_when_described(header: &[u8]) -> ErrorKind {
    description::of_object(vec![header.to_vec()]).expect_err("is refused").into_kind()
}

#[track_caller]
fn is_limit(kind: &ErrorKind, expected: &str) {
    assert!(matches!(kind, ErrorKind::Limit { what, .. } if *what == expected), "{kind}");
}

/// As many times one after the other.
fn times(count: usize, bytes: &[u8]) -> Vec<u8> {
    bytes.repeat(count)
}

#[test]
fn nests_of_a_million() {
    let n = 1 << 20;
    let lists = [times(n, b"]"), times(n - 1, b"a"), b".".into()].concat();
    let tuples = [b"N".into(), times(n, b"\x85"), b".".into()].concat();
    let dicts = [times(n, b"}N"), b"N".into(), times(n, b"s"), b".".into()].concat();
    let sets = [times(n, b"("), b"N".into(), times(n, b"\x91"), b".".into()].concat();
    let calls =
        [b"cm\nf\n\x940".into(), times(n, b"h\0"), b")".into(), times(n, b"\x85R"), b".".into()];
    let chains = [b"cm\nf\n".into(), times(n, b")R"), b".".into()].concat();
    let states = [b"cm\nf\n\x94".into(), times(n, b"h\0)R"), times(n, b"b"), b".".into()].concat();
    for nest in [lists, tuples, dicts, sets, calls.concat(), chains, states] {
        read(&nest, &[]);
        match restore(&nest, Limits::default()) {
            Ok(object) => is_limit(object.get::<Value, _>().unwrap_err().kind(), "depth"),
            // `states` gives the class itself a state, which takes none.
            Err(error) => assert!(matches!(error.kind(), ErrorKind::Malformed { .. }), "{error}"),
        }
    }
}

#[test]
fn a_hundred_bytes_of_two_to_the_fiftieth() {
    // Each tuple holds the one before it twice.
    let mut bomb = b"N\x94".to_vec();
    for slot in 0..50 {
        bomb.extend([b'h', slot, 0x86, 0x94]);
    }
    bomb.push(b'.');
    assert_eq!(bomb.len(), 203);
    read(&bomb, &[]);
    is_limit(&refused_when_described(&bomb), "number of objects, or of 4 KiB, to describe");
    // With lists, whose items come later.
    let lists = [
        b"]\x94".into(),
        (0..50)
            .flat_map(|slot| [b']', 0x94, b'(', b'h', slot, b'h', slot, b'e'])
            .collect::<Vec<_>>(),
        b".".into(),
    ];
    let lists = lists.concat();
    read(&lists, &[]);
}

#[test]
fn lengths_that_are_not_there() {
    for length in [u64::MAX, i64::MAX as u64, 1 << 40, 0xffff_ffff, 1 << 20, 256] {
        for opcode in [0x8d, 0x8e, 0x96] {
            let header = [&[0x80, 5, opcode][..], &length.to_le_bytes(), b"abc."].concat();
            let error = restore(&header, Limits::default()).expect_err("is not there");
            assert!(matches!(error.kind(), ErrorKind::Malformed { offset: 11, .. }), "{error}");
            read(&header, &[]);
        }
        for opcode in [b'X', b'B', 0x8b] {
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            let header = [&[opcode][..], &length.to_le_bytes(), b"abc."].concat();
            restore(&header, Limits::default()).expect_err("is not there");
            read(&header, &[]);
        }
        // A frame is a hint.
        let header = [&[0x80, 4, 0x95][..], &length.to_le_bytes(), b"N."].concat();
        restore(&header, Limits::default()).expect("no frame is needed");
    }
    for opcode in [0x8c, b'C', 0x8a] {
        read(&[opcode, 255, b'.'], &[]);
    }
}

#[test]
fn a_million_buffers_that_are_not_there() {
    let n = 1 << 20;
    let header = [b"\x80\x05(", &times(n, b"\x97")[..], b"t."].concat();
    read(&header, &[]);
    read(&header, &[vec![1; 8], vec![2; 8]]);
    let error = restore(&header, Limits::default()).expect_err("no buffers");
    assert!(
        matches!(error.kind(), ErrorKind::BufferCount { expected, found: 0 } if *expected == n),
        "{error}"
    );
    let (aligns, took) = count(|| buffer_aligns(Dialect::Pickle, &header));
    assert_eq!(aligns.unwrap().len(), n);
    assert!(took.peak <= MULTIPLE * n, "{took:?}");
}

/// `LONG1`: an integer of any length, the lowest byte first.
fn long(bytes: &[u8]) -> Vec<u8> {
    [&[0x8a, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

#[test]
fn shapes_of_integers_that_are_no_lengths() {
    let max = long(&[&[0xff; 8][..], &[0]].concat());
    let half = long(&[&[0; 7][..], &[0x80, 0]].concat());
    let most = long(&[&[0xff; 7][..], &[0x7f]].concat());
    let (minus, lowest) = (long(&[0xff]), long(&[0, 0, 0, 0, 0, 0, 0, 0x80]));
    let far_below = long(&[0, 0, 0, 0, 0, 0, 0, 0, 0x80]);
    let (none, two) = (b"K\0".to_vec(), b"K\x02".to_vec());
    for (lens, overflows) in [
        ([&max, &two], false),
        ([&half, &none], false),
        ([&half, &two], false),
        ([&minus, &two], false),
        ([&minus, &minus], false),
        ([&lowest, &none], false),
        ([&far_below, &two], false),
        ([&most, &two], true),
        ([&most, &most], true),
        ([&two, &most], true),
    ] {
        let shape = [b"(", &lens[0][..], lens[1], b"t"].concat();
        let called = [&b"cnumpy\nndarray\n("[..], &shape, b"\x8c\x02f8C\x08abcdefghtR."].concat();
        let given = [
            &b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01"[..],
            &shape,
            b"cnumpy\ndtype\n\x8c\x02f8\x85R\x89C\x08abcdefghtb.",
        ]
        .concat();
        for header in [called, given] {
            read(&header, &[]);
            let object = restore(&header, Limits::default()).unwrap();
            match object.view() {
                // It is none of the arrays that are known here.
                Ok(View::Opaque(_)) => assert!(!overflows, "{lens:?}"),
                Err(error) => {
                    assert!(overflows, "{lens:?}: {error}");
                    let expected = "impossible array layout: the shape overflows";
                    assert_eq!(error.to_string(), expected);
                }
                Ok(other) => panic!("{lens:?}: {other:?}"),
            }
            object.get::<Vec<f64>, _>().expect_err("is no array");
        }
    }
}

#[test]
fn negative_lengths() {
    for length in [-1, i32::MIN] {
        let header = [&[0x80, 5, 0x8b][..], &length.to_le_bytes(), b"abc."].concat();
        let error = restore(&header, Limits::default()).expect_err("is negative");
        assert_eq!(
            error.to_string(),
            "malformed header at byte 2: expected a length that is not negative"
        );
    }
}

#[test]
fn integers_of_a_million_bytes() {
    let n: u32 = 1 << 20;
    let mut header = [&[0x8b][..], &n.to_le_bytes(), &times(n as usize, b"\x7f"), b"."].concat();
    read(&header, &[]);
    is_limit(&refused_when_described(&header), "number of digits of an integer");
    // All of it is the sign: it is -1.
    header[5..5 + n as usize].fill(0xff);
    read(&header, &[]);
    let object = restore(&header, Limits::default()).unwrap();
    assert!(matches!(object.view(), Ok(View::Int(-1))));
}

#[test]
fn memo_slots_far_beyond() {
    for slot in [u32::MAX, 1 << 31, (1 << 24) + 1] {
        let header = [&b"Nr"[..], &slot.to_le_bytes(), b"."].concat();
        let error = restore(&header, Limits::default()).expect_err("too far");
        is_limit(error.kind(), "memo slot");
        read(&header, &[]);
    }
    // Each slot that may be used costs the same, wherever it is.
    let mut header = b"N".to_vec();
    for slot in 0..1000_u32 {
        header.push(b'r');
        header.extend(((1 << 24) - 1 - 7919 * slot).to_le_bytes());
    }
    header.push(b'.');
    read(&header, &[]);
    restore(&header, Limits::default()).expect("is within the limit");
    let gaps: Vec<u8> = (0..50).flat_map(|slot| [b'q', 5 * slot]).collect();
    read(&[b"N".into(), gaps, b".".into()].concat(), &[]);
}

#[test]
fn objects_beyond_the_limit() {
    let header = [b"(".into(), times(1000, b"]"), b"t.".into()].concat();
    let limits = |objects| Limits { objects, ..Limits::default() };
    is_limit(restore(&header, limits(1000)).unwrap_err().kind(), "number of objects");
    restore(&header, limits(1005)).expect("four are there before, and the tuple");
    // What there is one of does not count.
    let header = [b"(".into(), times(1000, b"N\x88\x89)"), b"t.".into()].concat();
    restore(&header, limits(5)).expect("one tuple");
}

#[test]
fn text_made_bytes_again_and_again() {
    let text = "ÿ".repeat(1000);
    let mut header = b"c_codecs\nencode\nq\0X".to_vec();
    header.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    header.extend(text.as_bytes());
    header.extend(b"\x8c\x06latin1\x86q\x0100(");
    header.extend(times(1000, b"h\0h\x01R"));
    header.extend(b"t.");
    // The thousand bytes are made once.
    read(&header, &[]);
    let limits = |made_bytes| Limits { made_bytes, ..Limits::default() };
    restore(&header, limits(1000)).expect("as many are allowed");
    is_limit(restore(&header, limits(999)).unwrap_err().kind(), "number of bytes made");
}

#[test]
fn what_holds_itself() {
    let recursive: [&[u8]; 6] = [
        b"]\x94h\x00a.",
        b"}\x94h\x00h\x00s.",
        b"]\x94h\x00\x85a0h\x00\x85.",
        b"\x8f\x94(h\x00\x90.",
        b"cm\nf\n)R\x94h\x00b.",
        b"cm\nf\n)R\x94h\x00ah\x00h\x00s.",
    ];
    for header in recursive {
        read(header, &[]);
        let described = description::of_object(vec![header.to_vec()]).unwrap().to_string();
        assert!(described.contains("recursive"), "{described}");
    }
    // An array of objects that holds itself.
    let array = b"\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R\x94\
        (K\x01K\x01\x85cnumpy\ndtype\n\x8c\x02O8\x89\x88\x87R(K\x03\x8c\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3ftb\x89]h\x00atb.";
    read(array, &[]);
    description::of_object(vec![array.to_vec()]).expect("is an array");
}

#[test]
fn states_for_what_takes_none() {
    for object in ["N", "\u{88}", "K\u{1}", "]", "}", ")", "\u{8c}\u{1}a", "cm\nC\n", "C\u{1}a"] {
        let object: Vec<u8> = object.chars().map(|char| u8::try_from(char).unwrap()).collect();
        for opcodes in [&b"}b."[..], b"Nb.", b"NNs.", b"(NNu.", b"(Ne.", b"Na.", b"(N\x90."] {
            let header = [&object, opcodes].concat();
            read(&header, &[]);
        }
        let built = [b"\x80\x05", &object[..], b"}b."].concat();
        let error = restore(&built, Limits::default()).expect_err("takes no state");
        assert!(error.to_string().ends_with("expected an instance that takes a state"), "{error}");
    }
}

#[test]
fn every_opcode_on_an_empty_stack() {
    for opcode in 0..=255 {
        for rest in [&b""[..], b".", b"\0\0\0\0\0\0\0\0\0.", b"\x01\n\n.", b"("] {
            for start in [&b""[..], b"(", b"N(", b"]((", b"(((N"] {
                read(&[start, &[opcode], rest].concat(), &[]);
            }
        }
    }
}

#[test]
fn a_call_of_os_system_is_only_a_name() {
    let path = std::env::temp_dir().join(format!("canning-was-here-{}", std::process::id()));
    let command = format!("touch {}", path.display());
    let length = u32::try_from(command.len()).unwrap().to_le_bytes();
    let header = [&b"cos\nsystem\nX"[..], &length, command.as_bytes(), b"\x85R."].concat();
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        let object = Object::restore(dialect, Buffer::borrowed(&header), vec![]).unwrap();
        let View::Opaque(call) = object.view().unwrap() else { panic!("is not known") };
        assert_eq!(call.class().unwrap().unwrap().to_string(), "os.system");
        let View::Str(arg) = call.args().get(0).unwrap().view().unwrap() else { panic!("a text") };
        assert_eq!(arg, command);
    }
    description::of_object(vec![header.clone()]).unwrap();
    unpack_apply_message(vec![header.into(), b"}.".to_vec().into()]).expect_err("no table");
    assert!(!path.exists());
}

/// A `CannedArray` whose buffer is said to be a pickle.
fn pickled(buffer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(buffer.len()).unwrap().to_le_bytes();
    let class = b"cipyparallel.serialize.canning\nCannedArray\n)\x81}(\x8c\x07pickled\x88";
    [&class[..], b"\x8c\x07buffers]B", &length, buffer, b"aub."].concat()
}

#[test]
fn pickles_in_pickles() {
    let mut chain = b"N.".to_vec();
    for _ in 0..1000 {
        chain = pickled(&chain);
    }
    // Only the first one is read: the next is not an array that ipyparallel would uncan.
    read(&chain, &[]);
    let (object, _) = deserialize_object(vec![chain.into()]).unwrap();
    assert!(matches!(object.view(), Ok(View::Opaque(_))));

    // The same one for many arrays is read once.
    let inner = [b"(".into(), times(1000, b"]"), b"t.".into()].concat();
    let length = u32::try_from(inner.len()).unwrap().to_le_bytes();
    let state = b"(\x8c\x07pickled\x88\x8c\x07buffers]h\x01au";
    let mut many =
        [&b"cipyparallel.serialize.canning\nCannedArray\nq\0B"[..], &length, &inner].concat();
    many.extend(b"q\x01(");
    many.extend(times(1000, &[&b"h\0)\x81}"[..], state, b"b"].concat()));
    many.extend(b"t.");
    read(&many, &[]);

    // A pickle in a pickle has no buffers, and is refused as any other is.
    for inner in [&b"\x97."[..], b"", b"P1\n.", b"N"] {
        deserialize_object(vec![pickled(inner).into()]).expect_err("no pickle");
    }
}

#[test]
fn canned_objects_that_wait_for_too_many_buffers() {
    let canned = |nones: usize| {
        let nones = times(nones, b"N");
        let class = b"cipyparallel.serialize.canning\nCannedBytes\n)\x81}\x8c\x07buffers](";
        [&class[..], &nones, b"esb."].concat()
    };
    let error = deserialize_object(vec![canned(1).into()]).expect_err("no buffer");
    assert!(matches!(error.kind(), ErrorKind::BufferCount { expected: 1, found: 0 }), "{error}");
    deserialize_object(vec![canned(3).into(), vec![0].into(), vec![1].into()]).expect_err("two");
    read(&canned(1 << 16), &[vec![], vec![]]);
    // It may be many: they are there.
    let blobs = (0..1 << 12).map(|_| Vec::new().into());
    let blobs = [canned(1 << 12).into()].into_iter().chain(blobs).collect();
    let (_, rest) = deserialize_object(blobs).unwrap();
    assert!(rest.is_empty());
}

#[test]
fn a_long_name_of_many_arguments_is_copied_once() {
    let mut table = b"}(\x8c\x05nargsK\0\x8c\x09narg_bufsK\0\x8c\x07kw_keys](X\0\0\x10\0".to_vec();
    table.extend(vec![b'x'; 1 << 20]);
    table.extend([&[b'2'; 1000][..], b"eu."].concat());
    let blobs = vec![Buffer::borrowed(b"cm\nf\n."), Buffer::borrowed(&table)];
    let (unpacked, count) = count(|| unpack_apply_message(blobs));
    assert!(matches!(unpacked.unwrap_err().kind(), ErrorKind::DuplicateKey));
    assert!(count.peak < 2 << 20, "{count:?}");
}

#[test]
fn apply_messages_that_lie() {
    let table = |nargs: i32, blobs: i32, names: &[u8]| {
        let start = [&b"}(\x8c\x05nargsJ"[..], &nargs.to_le_bytes()].concat();
        let next = [&b"\x8c\x09narg_bufsJ"[..], &blobs.to_le_bytes()].concat();
        [&start, &next, &b"\x8c\x07kw_keys"[..], names, b"u."].concat()
    };
    let unpack = |table: Vec<u8>, blobs: &[&[u8]]| {
        let rest = blobs.iter().map(|blob| Buffer::borrowed(blob));
        let blobs = [Buffer::borrowed(b"cm\nf\n."), table.into()].into_iter().chain(rest).collect();
        unpack_apply_message(blobs).map(|message| (message.args.len(), message.kwargs.len()))
    };
    let names = b"](\x8c\x01a\x8c\x01be";
    assert_eq!(unpack(table(1, 1, names), &[b"N.", b"N.", b"N."]).unwrap(), (1, 2));
    assert_eq!(unpack(table(0, 0, b")"), &[]).unwrap(), (0, 0));
    let lies: [(Vec<u8>, &[&[u8]], &str); 10] = [
        (
            table(-1, 0, b"]"),
            &[],
            "info: malformed header at byte 0: expected a number of arguments, nargs",
        ),
        (
            table(0, -1, b"]"),
            &[],
            "info: malformed header at byte 0: expected a number of blobs, narg_bufs",
        ),
        (table(0, i32::MAX, b"]"), &[], "info: expected 2147483647 buffers, found 0"),
        (table(i32::MAX, 0, b"]"), &[], "args[0]: expected 1 buffer, found 0"),
        (table(2, 1, b"]"), &[b"N."], "args[1]: expected 1 buffer, found 0"),
        (table(0, 1, b"]"), &[b"N."], "args: expected 0 buffers, found 1"),
        (table(0, 0, names), &[b"N."], "kwargs.b: expected 1 buffer, found 0"),
        (table(0, 0, b"]"), &[b"N."], "kwargs: expected 0 buffers, found 1"),
        (
            table(0, 0, b"](NNe"),
            &[],
            "info: malformed header at byte 0: expected a list of names, kw_keys",
        ),
        (table(0, 0, b"](\x8c\x01a\x8c\x01ae"), &[b"N.", b"N."], "info: duplicate key"),
    ];
    for (table, blobs, expected) in lies {
        assert_eq!(unpack(table, blobs).expect_err(expected).to_string(), expected);
    }
    assert!(unpack_apply_message(vec![]).is_err());
    assert!(unpack_apply_message(vec![Buffer::borrowed(b"N.")]).is_err());
    // Many arguments take time in proportion.
    let n = 1 << 16;
    let blobs = vec![&b"N."[..]; n];
    let n = i32::try_from(n).unwrap();
    assert_eq!(unpack(table(n, n, b"]"), &blobs).unwrap().0, blobs.len());
}

/// The time to read a header and put it together as a `Value`: the least of three.
fn time(header: &[u8]) -> Duration {
    let run = || {
        let start = Instant::now();
        let object = restore(header, Limits::default()).unwrap();
        drop(object.get::<Value, _>().unwrap());
        start.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap()
}

/// As many integers from 0 on.
fn numbers(count: u32) -> impl Iterator<Item = [u8; 5]> {
    (0..count).map(|number| {
        let [a, b, c, d] = number.to_le_bytes();
        [b'J', a, b, c, d]
    })
}

#[test]
fn four_times_as_much_takes_about_four_times_as_long() {
    type Make = fn(u32) -> Vec<u8>;
    let memo: Make = |n| {
        let puts = (0..n).flat_map(|slot| [&b"]r"[..], &slot.to_le_bytes()].concat());
        let gets = (0..n).rev().flat_map(|slot| [&b"j"[..], &slot.to_le_bytes()].concat());
        [b"(".to_vec(), puts.collect(), gets.collect(), b"t.".to_vec()].concat()
    };
    let dict: Make = |n| {
        let entries = numbers(n).flat_map(|key| [&key[..], b"N"].concat());
        [b"}(".to_vec(), entries.collect(), b"u.".to_vec()].concat()
    };
    let keys: Make = |n| {
        let entries = (0..n)
            .flat_map(|key| [&b"\x8c\x08"[..], format!("{key:08}").as_bytes(), b"N"].concat());
        [b"}(".to_vec(), entries.collect(), b"u.".to_vec()].concat()
    };
    let set: Make =
        |n| [b"\x8f(".to_vec(), numbers(n).flatten().collect(), b"\x90.".to_vec()].concat();
    let shared: Make = |n| [&b"](NNNe\x940("[..], &times(n as usize, b"h\0"), b"t."].concat();
    let appended: Make = |n| [&b"]"[..], &times(n as usize, b"Na"), b"."].concat();
    let tuples: Make = |n| [b"(".to_vec(), times(n as usize, b"K\x01N\x86"), b"t.".into()].concat();
    for (what, make) in [
        ("memo", memo),
        ("dict", dict),
        ("keys of text", keys),
        ("set", set),
        ("shared lists", shared),
        ("appended", appended),
        ("tuples", tuples),
    ] {
        let (short, long) = (make(1 << 14), make(1 << 16));
        let ratio = || time(&long).as_secs_f64() / time(&short).as_secs_f64();
        // What compares each with every other takes sixteen times as long. Where others keep the
        // machine busy, what is longer may wait longer, too, but not each time.
        let is_fair = (0..5).any(|_| {
            let ratio = ratio();
            eprintln!("{what}: {ratio:.1} times as long");
            ratio < 12.0
        });
        assert!(is_fair, "{what} takes far longer than in proportion");
    }
}

/// The small ones of the vectors.
fn small_cases() -> Vec<Case> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let cases = folders(&root).into_iter().flat_map(|family| folders(&family));
    let cases = cases.map(|folder| Case::read(&folder));
    cases.filter(|case| case.blobs.first().is_some_and(|header| header.len() <= 400)).collect()
}

#[test]
fn truncated_and_changed_vectors_never_panic() {
    let cases = small_cases();
    assert!(cases.len() > 200);
    // Every third is enough, while the bytes of many are alike.
    for (number, case) in cases.iter().step_by(3).enumerate() {
        let [header, buffers @ ..] = case.blobs.as_slice() else { panic!("a header") };
        for end in 0..header.len() {
            let cut = &header[..end];
            let given = buffers.iter().map(|bytes| Buffer::borrowed(bytes)).collect();
            Object::restore(Dialect::Pickle, Buffer::borrowed(cut), given).expect_err("truncated");
            read(cut, buffers);
        }
        // Every byte becomes others; for some of the cases, all.
        let changes = if number % 64 == 0 { (1..=255).collect() } else { vec![1, 0x20, 0x80] };
        let mut changed = header.clone();
        for at in 0..header.len() {
            for change in &changes {
                changed[at] = header[at] ^ change;
                read(&changed, buffers);
            }
            changed[at] = header[at];
        }
    }
}

/// Cuts and joins pickles, and changes bytes.
fn mutated() -> impl Strategy<Value = (Vec<u8>, Vec<Vec<u8>>)> {
    let cases: Vec<_> = small_cases().into_iter().map(|case| case.blobs).collect();
    let opcodes = b"(.012GJKMNRXabcehjqrstu)]}\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\
        \x90\x91\x92\x93\x94\x95\x96\x97\x98BC";
    let byte = prop_oneof![any::<u8>(), prop::sample::select(opcodes.to_vec())];
    let edit = (any::<prop::sample::Index>(), 0_usize..4, prop::collection::vec(byte, 0..4));
    let edits = prop::collection::vec(edit, 1..4);
    let case = prop::sample::select(cases);
    (case.clone(), case, any::<bool>(), edits).prop_map(|(case, other, join, edits)| {
        let mut blobs = case.into_iter();
        let mut header = blobs.next().unwrap_or_default();
        if join {
            header.pop();
            header.extend(&other[0]);
        }
        for (at, removed, added) in edits {
            let at = at.index(header.len() + 1);
            let end = header.len().min(at + removed);
            header.splice(at..end, added);
        }
        (header, blobs.collect())
    })
}

/// Programs of whole opcodes, with the names and numbers that readers know.
fn programs() -> impl Strategy<Value = Vec<u8>> {
    let opcodes: [&[u8]; 52] = [
        b"N",
        b"\x88",
        b"\x89",
        b"K\x01",
        b"K\x02",
        b"J\xff\xff\xff\xff",
        b"M\0\xff",
        b")",
        b"]",
        b"}",
        b"\x8f",
        b"(",
        b"t",
        b"\x85",
        b"\x86",
        b"\x87",
        b"a",
        b"e",
        b"s",
        b"u",
        b"\x90",
        b"\x91",
        b"R",
        b"R",
        b"\x81",
        b"\x92",
        b"b",
        b"b",
        b"0",
        b"1",
        b"2",
        b"\x94",
        b"h\0",
        b"h\x01",
        b"\x97",
        b"\x98",
        b"\x8c\x02f8",
        b"\x8c\x01O",
        b"\x8c\x01<",
        b"\x8c\x01C",
        b"C\x08abcdefgh",
        b"C\x01b",
        b"\x8c\x07buffers",
        b"\x8c\x07pickled",
        b"cnumpy\ndtype\n",
        b"cnumpy\nndarray\n",
        b"cnumpy.core.numeric\n_frombuffer\n",
        b"cnumpy.core.multiarray\n_reconstruct\n",
        b"cnumpy.core.multiarray\nscalar\n",
        b"c_codecs\nencode\n",
        b"cipyparallel.serialize.canning\nCannedArray\n",
        b"cbuiltins\nset\n",
    ];
    let opcodes: Vec<_> = opcodes.into_iter().map(<[u8]>::to_vec).collect();
    let opcodes = prop::collection::vec(prop::sample::select(opcodes), 1..60);
    // What is left on the stack becomes a tuple.
    opcodes.prop_map(|opcodes| [b"(".into(), opcodes.concat(), b"t.".into()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn mutated_pickles_never_panic_nor_take_more_than_their_share((header, buffers) in mutated()) {
        read(&header, &buffers);
        let mut blobs = vec![header];
        blobs.extend(buffers);
        let _ = description::of_object(blobs.clone());
        let _ = description::of_message(blobs);
    }

    #[test]
    fn programs_never_panic_nor_take_more_than_their_share(header in programs()) {
        let buffers = [vec![1; 8], vec![2; 16]];
        read(&header, &buffers);
        let _ = description::of_object(vec![header.clone(), vec![1; 8], vec![2; 16]]);
        let _ = description::of_object(vec![header]);
    }
}
