//! What hostile headers and frames make a reader allocate: no more than a multiple of what was
//! sent. A counting allocator watches.

#![expect(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod support;

use std::{collections::BTreeMap, io::Read};

use canning_core::{Canned, CannedObject, Value};
use canning_wire::{CanOptions, ErrorKind, Limits, MessageReader, Object};
use support::{
    assemble::{Header, frame, head, hex, text},
    counting::{Count, Counting, count},
    invalid::skip,
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// Bytes that a header may make a reader allocate for each of its own, and besides.
const MULTIPLE: usize = 128;
const BESIDES: usize = 16 << 10;

/// Reads a header in several ways, each within the bound.
#[track_caller]
fn check(what: &str, header: Vec<u8>) {
    let limits = Limits { expanded_bytes: 1 << 10, ..Limits::default() };
    let len = header.len();
    let within = |way: &str, count: Count| {
        assert!(
            count.peak <= MULTIPLE * len + BESIDES,
            "{what}: {way} takes {count:?} for {len} bytes, {} for one",
            count.peak / len
        );
    };
    let (object, parsed) = count(|| Object::restore_with(header.into(), vec![], limits));
    within("parsing", parsed);
    let Ok(object) = object else { return };
    within("skipping", count(|| skip(&object)).1);
    if let Ok(value) = object.get::<Value, _>() {
        within("sending it on", count(|| drop(canning_wire::can(&value))).1);
    }
    within("Value", count(|| drop(object.get::<Value, _>())).1);
    within("a list", count(|| drop(object.get::<Vec<Vec<u8>>, _>())).1);
    within("texts", count(|| drop(object.get::<Vec<String>, _>())).1);
    within("a map", count(|| drop(object.get::<BTreeMap<u64, String>, _>())).1);
    within("an array", count(|| drop(object.get::<Vec<u8>, _>())).1);
    within("printing", count(|| drop(object.diagnose())).1);
}

/// A header whose body is `start` and then `times` times `item`.
fn repeat(start: &[u8], item: &[u8], times: usize) -> Header {
    let body = [start, &item.repeat(times)].concat();
    Header { body, ..Header::of_body("") }
}

/// A header whose body is a list of `times` times `item`.
fn list(item: &[u8], times: usize) -> Header {
    let start = [head(4, times as u64 + 1), vec![0]].concat();
    repeat(&start, item, times)
}

#[test]
fn lengths_and_counts_that_are_not_there() {
    // What follows the major type: 2^63-1, 2^40, 2^32-1, 2^20.
    for argument in ["b7fffffffffffffff", "b0000010000000000", "affffffff", "a00100000"] {
        for major in ["5", "7", "9", "b"] {
            let huge = format!("{major}{argument}");
            check("body", Header::of_body(&huge).build());
            check("text of names", Header::of_body("05").names(&format!("81 82 {huge}")).build());
            check("names", Header::of_body("05").names(&huge).build());
            check("dtypes", Header::of_body("05").dtypes(&huge).build());
            check("buffers", Header::of_body("05").buffers(&huge).build());
            check("fields", Header::of_body("05").names(&format!("81 82 61 50 {huge}")).build());
            check(
                "shape",
                Header::of_body(&format!("83 03 00 {huge}")).dtype_names(&["|u1"]).build(),
            );
        }
        let argument = format!("1{argument}");
        let array = |shape: &str| Header::of_body(&format!("83 03 00 {shape}"));
        check("length", array(&argument).dtype_names(&["|u1"]).build());
        check("empty", array(&format!("82 00 {argument}")).dtype_names(&["|u1"]).build());
        check("objects", Header::of_body(&format!("82 05 82 00 {argument}")).build());
        check(
            "fields by number",
            Header::of_body("81 08").names(&format!("81 82 61 50 {argument}")).build(),
        );
        let buffer = format!("81 82 {argument} 00");
        check("buffer", Header::of_body("83 04 00 01").buffers(&buffer).build());
    }
}

#[test]
fn nests_of_a_million() {
    let times = 1_000_000;
    let nest = |start: &str, end: &[u8]| {
        let mut header = repeat(&[], &hex(start), times);
        header.body.extend(end);
        header
    };
    for start in ["82 00", "82 01", "82 02", "82 08", "83 05 81 01", "a1 00"] {
        let names = "81 82 61 50 01";
        check(start, nest(start, &[0xf6]).names(names).build());
    }
    let dtype = [vec![0x81], hex("81 82 61 78").repeat(times), text("<f8")].concat();
    let name = [vec![0x81], hex("82").repeat(times), text("<f8")].concat();
    for table in [dtype, name] {
        let header = Header::of_body("05");
        check("dtypes", Header { dtypes: table.clone(), ..header }.build());
        let header = Header::of_body("05");
        check("names", Header { names: table, ..header }.build());
    }
}

#[test]
fn long_tables() {
    let times = 20_000_u64;
    let numbered = |prefix: &[u8], suffix: &[u8]| -> Vec<u8> {
        let mut table = head(4, times);
        for index in 0..times {
            table.extend(prefix);
            table.extend(text(&format!("{index:x}")));
            table.extend(suffix);
        }
        table
    };
    let header = || Header::of_body("05");
    let names = numbered(&hex("82"), &hex("00"));
    check("names", Header { names, ..header() }.build());
    let names = numbered(&hex("82 60 81"), &[]);
    check("names with a field", Header { names, ..header() }.build());
    let dtypes = numbered(&hex("81 82"), &text("|u1"));
    check("dtypes", Header { dtypes, ..header() }.build());
    let nest = hex("81 82 60").repeat(15);
    let dtypes = numbered(&[nest, hex("81 82")].concat(), &text("|u1"));
    check("nested dtypes", Header { dtypes, ..header() }.build());

    let fields = numbered(&hex("82"), &text("|u1"));
    let dtypes = [vec![0x81], fields.clone()].concat();
    check("a dtype of fields", Header { dtypes: dtypes.clone(), ..header() }.build());
    let arrays = list(&hex("83 03 00 00"), 20_000);
    check("arrays of it", Header { dtypes, ..arrays }.build());

    let fields = numbered(&[], &[]);
    let names = [hex("81 82 61 50"), fields].concat();
    check("a name of fields", Header { names, ..header() }.build());

    let long = text(&"long ".repeat(200_000));
    let names = [hex("81 82"), long, hex("00")].concat();
    let records = list(&hex("81 08"), 20_000);
    check("records of a long name", Header { names, ..records }.build());

    let buffers = [head(4, times), hex("82 01 00").repeat(times as usize)].concat();
    check("buffers", Header { buffers, ..header() }.build());
}

#[test]
fn long_lists() {
    let names = "82 82 61 50 00 82 61 51 01";
    for item in [
        "f6",
        "f4",
        "05",
        "60",
        "40",
        "81 00",
        "81 01",
        "82 01 f6",
        "82 00 f6",
        "82 02 f6",
        "a0",
        "a1 00 f6",
        "81 08",
        "82 09 f6",
        "82 05 81 00",
        "83 05 80 f6",
        "83 03 00 00",
        "83 03 00 80",
        "84 03 00 81 14 80",
        "83 03 00 83 00 00 00",
        "83 03 00 85 00 00 00 00 00",
    ] {
        let mut header = list(&hex(item), 60_000).names(names).dtype_names(&["|u1"]);
        if item.contains("80") && item.contains("03") {
            header.tail = vec![7; 60_000];
        }
        check(item, header.build());
    }
    let map: Vec<u8> =
        (0..60_000_u64).flat_map(|key| [head(0, key), vec![0x60]].concat()).collect();
    let body = [head(5, 60_000), map].concat();
    check("a map", Header { body, ..Header::of_body("") }.build());
}

/// A list of lists, to any depth.
#[derive(Debug, Canned)]
#[canned(transparent)]
struct Nest(Vec<Self>);

/// Each list announces as many items as there are bytes behind it, and has one item before the next
/// list: none may make room for what the others have announced already.
#[test]
fn long_lists_within_each_other() {
    let nest = |code: u8, before: &[u8], item: &[u8], items: usize| {
        let start = [head(4, items as u64 + 1), vec![code], before.to_vec()].concat();
        let body = [start.repeat(126), item.repeat(items)].concat();
        let header = Header { body, ..Header::of_body("") }.build();
        let bound = MULTIPLE * header.len() + BESIDES;
        let object = Object::restore(header.clone().into(), vec![]).unwrap();
        let (refused, count) = count(|| object.get::<Nest, _>().unwrap_err());
        assert!(count.peak <= bound, "{count:?} for {} bytes", header.len());
        check("lists within each other", header);
        refused.into_kind().to_string()
    };
    for items in [2000, 32_768] {
        for code in [0, 1] {
            nest(code, &hex("f6"), &hex("f6"), items);
        }
    }
    let refused = nest(0, &hex("81 00"), &hex("81 00"), 40_000);
    assert!(refused.ends_with("expected as many items as announced"), "{refused}");
}

/// The name of the field is a megabyte, and stands in the path of the error at every level.
#[test]
fn a_long_path_of_long_names() {
    let names = [hex("81 82 60 81"), text(&"x".repeat(1 << 20))].concat();
    let body = [hex("82 08").repeat(128), hex("ff")].concat();
    let header = Header { names, body, ..Header::of_body("") }.build();
    let bound = 4 * header.len() + BESIDES;
    let object = Object::restore(header.into(), vec![]).unwrap();
    let (refused, count) = count(|| object.get::<Value, _>().unwrap_err());
    assert!(count.peak <= bound, "{count:?}");
    let name = format!("{}…", "x".repeat(64));
    assert!(refused.to_string().starts_with(&format!("{name}.{name}.")));
}

#[test]
fn broadcast_arrays_unfold_only_as_far_as_allowed() {
    let bomb =
        Header::of_body("84 03 00 81 1b0000010000000000 80").dtype_names(&["|u1"]).tail("07");
    check("one", bomb.build());
    let many = list(&hex("84 03 00 81 18ff 80"), 10_000).dtype_names(&["|u1"]);
    let many = Header { tail: vec![7; 10_000], ..many };
    check("many", many.build());
    let object = Object::restore_with(
        many.build().into(),
        vec![],
        Limits { expanded_bytes: 1 << 10, ..Limits::default() },
    )
    .unwrap();
    let refused = object.get::<Vec<Vec<u8>>, _>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "[4]: length of broadcast arrays is 1275, above the limit of 1024"
    );
}

/// Where there were another list, for which there is no room, nothing could be said about it.
#[test]
fn buffers_are_taken_out_of_their_list_in_place() {
    let arrays = vec![[7_u8]; 10_000];
    let arrays: Vec<&[u8]> = arrays.iter().map(|array| &array[..]).collect();
    let mut object = CanOptions::new().inline_threshold(0).can(&arrays).unwrap();
    let (refused, count) = count(|| object.take::<u64, _>().is_err());
    assert!(refused && count.peak <= BESIDES, "{count:?}");
    assert_eq!(object.into_blobs().unwrap().len(), 10_001);
}

/// Gives what it has, and then ends.
struct Announced<'a>(&'a [u8]);

impl Read for Announced<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(bytes)
    }
}

fn read(bytes: &[u8], limits: Limits) -> (ErrorKind, Count) {
    let (kind, count) = count(|| {
        let mut reader = MessageReader::new(Announced(bytes), limits);
        reader.read_message().unwrap_err()
    });
    match kind.kind() {
        ErrorKind::Truncated { read } => (ErrorKind::Truncated { read: *read }, count),
        _ => (ErrorKind::Frame("refused"), count),
    }
}

#[test]
fn frames_that_announce_much_and_send_little() {
    let limits = Limits { believed_bytes: 64 << 10, ..Limits::default() };
    // What is believed, and again while it grows.
    let bound = |sent: usize| 4 * (64 << 10) + 4 * sent;
    let header = |len: &str| {
        Header::of_body(&format!("83 04 00 {len}"))
            .buffers(&format!("81 82 {len} 00"))
            .dtype_names(&["|u1"])
            .build()
    };
    let set = |bytes: &mut [u8], at: usize, value: u64| {
        bytes.get_mut(at..at + 8).unwrap().copy_from_slice(&value.to_le_bytes());
    };
    for (len, value) in [("1b0000007fffffff00", 0x7f_ffff_ff00), ("1a40000000", 1 << 30)] {
        let mut announced = frame(&[(header(len), vec![])]);
        let start = (announced.len() as u64).next_multiple_of(64);
        set(&mut announced, 24, start + value);
        announced.resize(announced.len().next_multiple_of(64), 0);
        for sent in [0, 100, 1 << 20] {
            let bytes = [announced.as_slice(), &vec![7; sent]].concat();
            let (kind, count) = read(&bytes, limits);
            assert!(matches!(kind, ErrorKind::Truncated { .. }), "{kind:?}");
            assert!(count.peak <= bound(sent), "{count:?} for {sent}");
        }
    }
    // A header of 200 MiB, of which nothing comes; and one of 2^40 bytes.
    for len in [200 << 20, 1 << 40] {
        let mut announced = frame(&[(header("01"), vec![])]);
        set(&mut announced, 24, 1 << 40);
        set(&mut announced, 32, len);
        let (_, count) = read(&announced, limits);
        assert!(count.peak <= bound(announced.len()), "{count:?} for {len}");
    }
    // A million objects, of which none comes.
    let mut announced = frame(&[]);
    set(&mut announced, 16, 1 << 20);
    set(&mut announced, 24, 1 << 40);
    let (_, count) = read(&announced, limits);
    assert!(count.peak <= bound(0), "{count:?}");
}

#[test]
fn many_small_objects_and_buffers() {
    let limits = Limits { believed_bytes: 4096, ..Limits::default() };
    let within = |what: &str, bytes: &[u8]| {
        let (result, count) = count(|| MessageReader::new(Announced(bytes), limits).read_message());
        result.unwrap().unwrap();
        assert!(
            count.peak <= MULTIPLE * bytes.len() + BESIDES,
            "{what}: {count:?} for {}",
            bytes.len()
        );
    };
    // Without padding, which would only make it cheaper.
    let unaligned = |header: Vec<u8>, buffers: usize, objects: usize| {
        let mut bytes = hex("89 43 41 4e 01 00 0000 00000000 00000000");
        bytes.extend((objects as u64).to_le_bytes());
        let len = 32 + objects * (8 + header.len() + buffers);
        bytes.extend((len as u64).to_le_bytes());
        (0..objects).for_each(|_| bytes.extend((header.len() as u64).to_le_bytes()));
        (0..objects).for_each(|_| {
            bytes.extend(&header);
            bytes.extend(vec![7; buffers]);
        });
        bytes
    };
    within("objects", &unaligned(Header::of_body("05").build(), 0, 50_000));
    let buffers = [head(4, 50_000), hex("82 01 00").repeat(50_000)].concat();
    let header = Header { buffers, ..Header::of_body("05") }.dtype_names(&["|u1"]);
    within("buffers", &unaligned(header.build(), 50_000, 1));
}
