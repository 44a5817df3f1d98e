//! `#[canned(plain)]`: what only serde knows.

use std::{borrow::Cow, collections::BTreeMap};

use canning_core::Canned;
use canning_tests::events::{Event, can, record, round_trip, uncan};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct OfSerde<T> {
    items: Vec<T>,
}

#[derive(Canned, Clone, Debug, Deserialize, PartialEq, Serialize)]
#[canned(plain)]
enum Whole {
    Unit,
    Fields { a: u8 },
}

#[derive(Canned, Debug, Deserialize, PartialEq, Serialize)]
#[canned(plain)]
struct WholeGeneric<'a, T> {
    name: &'a str,
    item: T,
}

#[derive(Canned, Debug, PartialEq)]
struct Fields<'a, T: Clone> {
    #[canned(plain)]
    generic: OfSerde<T>,
    own: Vec<u8>,
    #[canned(plain, default)]
    map: BTreeMap<String, u8>,
    #[canned(plain)]
    text: Cow<'a, [T]>,
}

#[derive(Canned, Debug, PartialEq)]
#[canned(transparent)]
struct Transparent(#[canned(plain)] OfSerde<u8>);

#[test]
fn plain_types_go_as_serde_writes_them() {
    assert_eq!(can(&Whole::Unit).unwrap(), [Event::Text("Unit".into())]);
    let fields = Whole::Fields { a: 1 };
    assert_eq!(can(&fields).unwrap()[0], Event::Map(1));
    assert_eq!(round_trip(&fields).unwrap(), fields);
    let whole = WholeGeneric { name: "n", item: OfSerde { items: vec![1_u8] } };
    let events = can(&whole).unwrap();
    assert_eq!(uncan::<WholeGeneric<'_, OfSerde<u8>>, _>(&events).unwrap(), whole);
}

#[test]
fn plain_fields_stand_between_others() {
    let sent = Fields {
        generic: OfSerde { items: vec!['a'] },
        own: vec![1, 2],
        map: BTreeMap::from([("k".into(), 1)]),
        text: Cow::Borrowed(&['b']),
    };
    let events = can(&sent).unwrap();
    assert_eq!(events[0], record("Fields", &["generic", "own", "map", "text"]));
    assert_eq!(uncan::<Fields<'_, char>, _>(&events).unwrap(), sent);
    let sent = Transparent(OfSerde { items: vec![] });
    assert_eq!(round_trip(&sent).unwrap(), sent);
}

#[test]
fn plain_fields_come_by_name_and_their_errors_have_a_path() {
    let events = [
        record("Fields", &["own", "generic"]),
        Event::List(0),
        Event::End,
        Event::Map(1),
        Event::Text("items".into()),
        Event::Bool(true),
    ];
    let refused = uncan::<Fields<'_, char>, _>(&events).unwrap_err();
    assert_eq!(refused.path().to_string(), "own");
    let events = [record("Fields", &["generic"]), Event::Unit];
    let refused = uncan::<Fields<'_, char>, _>(&events).unwrap_err();
    assert_eq!(refused.path().to_string(), "generic");
}
