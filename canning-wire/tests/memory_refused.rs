//! Memory that is not there: each piece whose length a peer decides is refused once, and each time an
//! error comes out instead of the end of the process, and the next attempt works.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    fmt::Debug,
};

use canning_core::{
    Can, CannedObject, ErrorKind as CoreKind, FieldNames, ObjectArray, RecordName, RecordValue,
    SharedSlice, UncanOwned, Value,
};
use canning_wire::{CanOptions, ErrorKind, Limits, Message, MessageReader, write_message};
use support::refusing::{LARGE, Refusing, refuse};

#[global_allocator]
static REFUSING: Refusing = Refusing;

/// Refuses one large allocation after the other until none is left; says how many were missed.
#[track_caller]
fn refuse_each(what: &str, run: impl Fn() -> Result<(), String>) -> usize {
    let mut errors = 0;
    for number in 0..10_000 {
        match refuse(number, &run) {
            (Ok(()), false) => return errors,
            // What is only kept to be used again may be missing.
            (Ok(()), true) => {}
            (Err(error), true) => {
                assert!(error.contains("out of memory"), "{what}: {number}: {error}");
                errors += 1;
            }
            (Err(error), false) => panic!("{what}: {error}"),
        }
        assert!(run().is_ok(), "{what}: the next one works, after {number}");
    }
    panic!("{what}: there is no end");
}

fn stream(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message(&mut bytes, message).unwrap();
    bytes
}

fn core_text(error: canning_core::Error) -> String {
    assert!(matches!(error.kind(), CoreKind::OutOfMemory { .. }), "{error}");
    error.to_string()
}

fn wire_text(error: canning_wire::Error) -> String {
    let ErrorKind::Object(object) = error.kind() else { panic!("{error}") };
    assert!(matches!(object.kind(), CoreKind::OutOfMemory { .. }), "{error}");
    error.to_string()
}

/// Receives a value in several ways.
#[track_caller]
fn check<S: Can<V>, V, T: UncanOwned<W> + Debug, W>(what: &str, sent: &S) {
    for threshold in [0, 1 << 30] {
        let options = CanOptions::new().inline_threshold(threshold);
        let bytes = stream(&options.can(sent).unwrap().into());
        let limits = Limits { believed_bytes: 4096, ..Limits::default() };
        // Its block does not depend on what comes.
        let read = refuse_each(what, || {
            let mut reader = MessageReader::exact(bytes.as_slice(), limits);
            reader.read_value::<T, W>().map(|value| drop(value.unwrap())).map_err(wire_text)
        });
        assert!(read >= 1, "{what}: {read}");
        let [object] = MessageReader::exact(bytes.as_slice(), limits)
            .read_message()
            .unwrap()
            .unwrap()
            .into_array()
            .unwrap();
        refuse_each(what, || object.get::<T, W>().map(drop).map_err(core_text));
        refuse_each(what, || object.get::<Value, _>().map(drop).map_err(core_text));
    }
}

/// As many as make every list of them large.
const MANY: usize = 3000;

#[test]
fn arrays_and_text() {
    let numbers: Vec<f64> = (0..MANY).map(|number| number as f64).collect();
    check::<_, _, Vec<f64>, _>("an array", &numbers);
    check::<_, _, VecDeque<f64>, _>("a deque", &numbers);
    check::<_, _, SharedSlice<f64>, _>("a shared slice", &numbers);
    check::<_, _, Vec<bool>, _>("truth values", &vec![true; MANY]);
    check::<_, _, Vec<[u16; 3]>, _>("arrays of arrays", &vec![[1_u16, 2, 3]; MANY]);
    check::<_, _, String, _>("text", &"é".repeat(MANY));
    check::<_, _, Vec<String>, _>("long texts", &vec!["long".repeat(MANY); 5]);
}

#[test]
fn collections() {
    let texts: Vec<String> = (0..MANY).map(|number| format!("number {number}")).collect();
    check::<_, _, Vec<String>, _>("a list", &texts);
    check::<_, _, VecDeque<String>, _>("a deque", &texts);
    check::<_, _, LinkedList<String>, _>("a linked list", &texts);
    check::<_, _, BinaryHeap<String>, _>("a heap", &texts);
    check::<_, _, Vec<Option<Vec<String>>>, _>("nested", &vec![Some(texts.clone()), None]);
    let set: BTreeSet<String> = texts.iter().cloned().collect();
    check::<_, _, HashSet<String>, _>("a set", &set);
    check::<_, _, BTreeSet<String>, _>("an ordered set", &set);
    let map: BTreeMap<String, usize> = texts.into_iter().zip(0..).collect();
    check::<_, _, HashMap<String, usize>, _>("a map", &map);
    check::<_, _, BTreeMap<String, usize>, _>("an ordered map", &map);
}

#[test]
fn values_of_any_kind() {
    let items: Vec<Value> = (0..MANY as u64).map(Value::from).collect();
    check::<_, _, Value, _>("a tuple", &Value::Tuple(items.clone()));
    check::<_, _, Value, _>("bytes", &Value::Bytes(vec![7; 2 * LARGE]));
    let objects = ObjectArray::new(&[3, MANY / 3], items).unwrap();
    check::<_, _, Value, _>("an array of objects", &Value::ObjectArray(objects.into()));
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
    check::<_, _, Value, _>("records", &records);
}

/// Many objects, many buffers, and headers one after the other, whose tables are kept.
#[test]
fn messages_of_many() {
    let numbers = [1_u16, 2, 3];
    let all_out = CanOptions::new().inline_threshold(0);
    let objects: Message<'_> = (0..MANY).map(|_| all_out.can(&numbers).unwrap()).collect();
    let arrays = vec![&numbers[..]; MANY];
    let buffers: Message<'_> = all_out.can(&arrays).unwrap().into();
    for (what, message) in [("objects", objects), ("buffers", buffers)] {
        let bytes = stream(&message);
        let read = refuse_each(what, || {
            let mut reader = MessageReader::exact(bytes.as_slice(), Limits::default());
            reader.read_message().map(|message| drop(message.unwrap())).map_err(wire_text)
        });
        assert!(read >= 1, "{what}: {read}");
        let block = message.to_block().unwrap();
        refuse_each(what, || {
            let message = Message::from_block(block.as_slice(), &Limits::default());
            message.map(drop).map_err(wire_text)
        });
    }
}
