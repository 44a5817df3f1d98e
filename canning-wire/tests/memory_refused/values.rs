//! Values of many kinds.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use canning_core::{
    Can, CannedObject, FieldNames, ObjectArray, RecordName, RecordValue, SharedSlice, UncanOwned,
    Value,
};
use canning_wire::{CanOptions, Limits, MessageReader, write_message};

use crate::{
    refuse_each::{refuse_each, refuse_each_of},
    support::refusing::LARGE,
};

/// Receives a value in several ways.
#[track_caller]
fn check<S: Can<V>, V, T: UncanOwned<W>, W, U: PartialEq>(
    what: &str,
    sent: &S,
    see: impl Fn(T) -> U,
) {
    for threshold in [0, 1 << 30] {
        let options = CanOptions::new().inline_threshold(threshold);
        let mut bytes = Vec::new();
        write_message(&mut bytes, &options.can(sent).unwrap().into()).unwrap();
        let limits = Limits { believed_bytes: 4096, ..Limits::default() };
        let reader = || MessageReader::exact(bytes.as_slice(), limits);
        let read = || reader().read_value::<T, W>().map(Option::unwrap);
        let errors = refuse_each(what, read, &see);
        assert!(errors >= 1, "{what}: {errors}");
        let object = || {
            let [object] = reader().read_message().unwrap().unwrap().into_array().unwrap();
            object
        };
        refuse_each_of(what, object, |mut object| object.take::<T, W>(), &see);
        let object = object();
        refuse_each(what, || object.get::<T, W>(), &see);
        refuse_each(what, || object.get::<Value, _>(), same);
    }
}

fn same<T>(value: T) -> T {
    value
}

/// As many as make every list of them large.
const MANY: usize = 1200;

#[test]
fn arrays_and_text() {
    let numbers: Vec<f64> = (0..MANY).map(|number| number as f64).collect();
    check("an array", &numbers, same::<Vec<f64>>);
    check("a deque", &numbers, same::<VecDeque<f64>>);
    check("a shared slice", &numbers, same::<SharedSlice<f64>>);
    check("truth values", &vec![true; MANY], same::<Vec<bool>>);
    check("arrays of arrays", &vec![[1_u16, 2, 3]; MANY], same::<Vec<[u16; 3]>>);
    check("text", &"é".repeat(MANY), same::<String>);
    check("long texts", &vec!["long".repeat(MANY); 5], same::<Vec<String>>);
}

#[test]
fn collections() {
    let texts: Vec<String> = (0..MANY).map(|number| format!("number {number}")).collect();
    check("a list", &texts, same::<Vec<String>>);
    check("a deque", &texts, same::<VecDeque<String>>);
    check("a linked list", &texts, same::<LinkedList<String>>);
    check("a heap", &texts, BinaryHeap::<String>::into_sorted_vec);
    check("nested", &vec![Some(texts.clone()), None], same::<Vec<Option<Vec<String>>>>);
    let set: BTreeSet<String> = texts.iter().cloned().collect();
    check("a set", &set, same::<HashSet<String>>);
    check("an ordered set", &set, same::<BTreeSet<String>>);
    let map: BTreeMap<String, usize> = texts.into_iter().zip(0..).collect();
    check("a map", &map, same::<HashMap<String, usize>>);
    check("an ordered map", &map, same::<BTreeMap<String, usize>>);
}

#[test]
fn values_of_any_kind() {
    let items: Vec<Value> = (0..MANY as u64).map(Value::from).collect();
    check("a tuple", &Value::Tuple(items.clone()), same::<Value>);
    check("bytes", &Value::Bytes(vec![7; 2 * LARGE]), same::<Value>);
    let objects = ObjectArray::new(&[3, MANY / 3], items).unwrap();
    check("an array of objects", &Value::ObjectArray(objects.into()), same::<Value>);
}

/// Each with a name of its own, and each of these long.
#[test]
fn names() {
    let record = |number: usize| {
        let name = format!("{number}{}", "long".repeat(LARGE)).into();
        let fields = FieldNames::Named((0..80).map(|field| format!("{field}").into()).collect());
        let record = RecordName { name, variant: None, fields };
        Value::Record(RecordValue::new(record, vec![Value::Unit; 80]).unwrap().into())
    };
    let records = Value::List((0..6).map(record).collect());
    check("records", &records, same::<Value>);
}
