//! What hostile headers make plain types allocate. A counting allocator watches.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

#[path = "../../canning-wire/tests/support/counting.rs"]
#[allow(missing_docs, unreachable_pub, reason = "a part of the tests of another crate")]
mod counting;

use std::{collections::BTreeMap, fmt};

use canning_core::{CannedObject, plain::Plain};
use canning_wire::Object;
use counting::{Counting, count};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};

#[global_allocator]
static COUNTING: Counting = Counting;

/// A header of this body without tables and tail.
fn header(body: &[u8]) -> Vec<u8> {
    let start = b"\xd9\xd9\xf7\x89\x01\x00";
    [start, &head(0, body.len())[..], b"\x80\x80\x80", body, b"\x40\x40"].concat()
}

/// The head of a length from 256 on.
fn head(major: u8, len: usize) -> Vec<u8> {
    match u16::try_from(len) {
        Ok(len) => [&[major << 5 | 25][..], &len.to_be_bytes()].concat(),
        Err(_) => [&[major << 5 | 26][..], &u32::try_from(len).unwrap().to_be_bytes()].concat(),
    }
}

/// Reads it as a plain type: within 128 bytes for each of its own, and 16 KiB. Says what is wrong with
/// it.
#[track_caller]
fn check<T: DeserializeOwned>(what: &str, body: &[u8]) -> Option<String> {
    let header = header(body);
    let bound = 128 * header.len() + (16 << 10);
    let object = Object::restore(header.into(), vec![]).unwrap();
    let (result, count) = count(|| object.get::<Plain<T>, _>().map(drop));
    assert!(count.peak <= bound, "{what}: {count:?}, and not {bound}");
    result.err().map(|error| error.into_kind().to_string())
}

/// How a list of so many items begins.
fn begin_list(items: usize) -> Vec<u8> {
    [&head(4, items + 1)[..], b"\x00"].concat()
}

fn long_text() -> Vec<u8> {
    [head(3, 70_000), b"x".repeat(70_000)].concat()
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "it is only received")]
enum Untagged {
    Number(u8),
    Text(String),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "it is only received")]
struct Flat {
    a: Option<u8>,
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}

/// Takes all fields there are.
#[derive(Debug)]
struct Whole;

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("Whole", &[], Self)
    }
}

impl<'de> Visitor<'de> for Whole {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields of text")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<&str, &str>()?.is_some() {}
        Ok(self)
    }
}

#[derive(Debug, Deserialize)]
#[serde(transparent)]
#[allow(dead_code, reason = "it is only received")]
struct Nest(Vec<Nest>);

#[test]
fn long_keys_within_keys() {
    let maps = b"\xa1".repeat(120);
    let values = b"\xf6".repeat(120);
    let numbers = [begin_list(5000), b"\x00".repeat(5000)].concat();
    for (what, key) in [("numbers", numbers), ("text", long_text())] {
        let body = [&maps[..], &key, &values].concat();
        let refused = check::<Untagged>(what, &body).unwrap();
        assert!(refused.contains("untagged"), "{refused}");
        // As the value of a field that the struct does not have.
        check::<Flat>(what, &[b"\xa1\x61z", &body[..]].concat()).unwrap();
    }
}

#[test]
fn many_keys() {
    let keys = (0x1_0000..0x1_8000_u32).flat_map(|key| {
        let [a, b, c, d] = key.to_be_bytes();
        [0x1a, a, b, c, d, 0xf6]
    });
    let body: Vec<u8> = head(5, 0x8000).into_iter().chain(keys).collect();
    assert_eq!(check::<BTreeMap<u32, Option<u8>>>("numbers", &body), None);
}

#[test]
fn long_lists_within_each_other() {
    let body = [begin_list(70_000).repeat(126), b"\xf6".repeat(70_000)].concat();
    let refused = check::<Nest>("lists", &body).unwrap();
    assert!(refused.ends_with("expected as many items as announced"), "{refused}");
}

/// The name of the field is almost all of the header, and stands in the path of the error.
#[test]
fn long_names_in_the_path() {
    let body = [b"\xa1", &long_text()[..], b"\x00"].concat();
    let refused = check::<Whole>("a struct", &body).unwrap();
    assert_eq!(refused, "expected text, found integer");
}
