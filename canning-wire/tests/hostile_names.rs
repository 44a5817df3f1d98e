//! Names of records that are long, and stand for many records: no type looks through them for each.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::time::{Duration, Instant};

use canning_core::{Canned, CannedObject, UncanOwned};
use canning_wire::Object;
use support::assemble::{Header, head, hex, text};

#[derive(Canned, Clone, Debug, PartialEq)]
#[canned(rename = "E")]
enum Known {
    #[canned(other)]
    Other,
}

#[derive(Canned, Clone, Debug, Default, PartialEq)]
#[canned(rename = "P", default)]
struct One {
    a: i32,
}

/// Has the name of the other.
#[derive(Canned, Clone, Debug, Default, PartialEq)]
#[canned(rename = "P", default)]
struct Other {
    b: i32,
}

/// As many of `item` behind a table with one name, which `start` begins and a field of so many bytes
/// ends. Gives how long it took to make `value` of each.
fn take<T, V>(start: &str, field: usize, item: &str, items: usize, value: &T) -> Duration
where
    T: UncanOwned<V> + PartialEq + Clone,
{
    let names = [hex(start), text(&"x".repeat(field))].concat();
    let list = [head(4, items as u64 + 1), vec![0], hex(item).repeat(items)].concat();
    let header = Header { names, body: list, ..Header::of_body("") }.build();
    let object = Object::restore(header.into(), vec![]).unwrap();
    let start = Instant::now();
    let found = object.get::<Vec<T>, _>().unwrap();
    let took = start.elapsed();
    assert!(found == vec![value.clone(); items]);
    took
}

/// Checks that many records and a long name take no longer than many records and a long name apart.
#[track_caller]
fn check<T: UncanOwned<V> + PartialEq + Clone, V>(start: &str, item: &str, value: &T) {
    let (long, many) = (1 << 16, 1 << 13);
    let apart = take(start, long, item, 1, value) + take(start, 1, item, many, value);
    // The best of three: anything may come between.
    let together = (0..3).map(|_| take(start, long, item, many, value)).min().unwrap();
    // Where each record looks through the name it takes hundreds of times as long.
    assert!(together < 20 * apart, "{together:?} instead of {apart:?}");
}

#[test]
fn variants_that_are_not_known_are_skipped_without_their_names() {
    check("81 83 61 45 61 5a 81", "82 08 f6", &Known::Other);
}

#[test]
fn types_of_one_name_that_take_turns_match_it_once_each() {
    let value = (One::default(), Other::default());
    check("81 82 61 50 81", "83 01 82 08 f6 82 08 f6", &value);
}
