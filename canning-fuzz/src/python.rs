//! A received object of Python's, read in many ways.

use std::collections::BTreeMap;

use canning_core::{CannedObject, SharedSlice, Uncan, Value};
use canning_python::{
    CanOptions, Limits, Object,
    numpy::{Bytes, DatetimeUs, Text},
    view::{Item, View},
};
use ndarray::{ArrayD, ArrayViewD};

use crate::{
    heap,
    model::{Everything, Tree},
};

/// What the fuzzed readers believe: so little that whatever goes beyond shows.
pub(crate) const LIMITS: Limits = Limits {
    depth: 64,
    objects: 20_000,
    visits: 20_000,
    memo: 1 << 16,
    made_bytes: 1 << 14,
    expansion: 1 << 14,
};

/// Bytes that may be taken to read a header and buffers of so many.
pub(crate) fn bound(received: usize) -> usize {
    256 * received + LIMITS.made_bytes + (16 << 10)
}

/// What may be taken on top where a value is put together: a shared object is given out again and
/// again, until it is more than the limits allow.
const PUT_TOGETHER: usize = 256 * LIMITS.visits + 4 * LIMITS.expansion;

/// Looks at an object, and reads it as many types, each within the bound.
pub(crate) fn read_in_every_way(object: &mut Object<'_>) {
    let most = bound(object.len_in_bytes() as usize);
    let looks = || object.item().into_iter().for_each(|item| look(item, 8, &mut 1000));
    heap::within("looking", 4 * most, looks);

    let most = most + PUT_TOGETHER;
    read_as::<Option<i128>, _>(object, most);
    read_as::<String, _>(object, most);
    read_as::<&[u8], _>(object, most);
    read_as::<SharedSlice<f64>, _>(object, most);
    read_as::<ArrayD<f64>, _>(object, most);
    read_as::<ArrayD<f32>, _>(object, most);
    read_as::<ArrayViewD<'_, i64>, _>(object, most);
    read_as::<Vec<Bytes<4>>, _>(object, most);
    read_as::<Vec<Text<3>>, _>(object, most);
    read_as::<Vec<DatetimeUs>, _>(object, most);
    read_as::<(bool, Vec<Option<Option<()>>>), _>(object, most);
    read_as::<BTreeMap<String, Vec<f64>>, _>(object, most);
    read_as::<Vec<Tree>, _>(object, most);
    read_as::<Everything, _>(object, most);

    let value = heap::within("a Value", most, || object.get::<Value, _>());
    if let Ok(value) = &value {
        // Not all that Python has can be written again, as names of classes, and some becomes a dict.
        // From then on it is the same again and again.
        let options = CanOptions::new(object.dialect()).inline_threshold(0);
        let again = |value: &Value| options.can(value)?.get::<Value, _>();
        if let Ok(once) = again(value) {
            let twice = again(&once).expect("what was written and read can be written");
            assert_eq!(once.to_string(), twice.to_string());
        }
    }
    match (value, object.take::<Value, _>()) {
        // NaNs are not equal to themselves.
        (Ok(value), Ok(taken)) => assert_eq!(value.to_string(), taken.to_string()),
        (Err(_), Err(_)) => {}
        (value, taken) => panic!("get and take differ: {value:?}, {taken:?}"),
    }
}

fn read_as<'o, T: Uncan<'o, V>, V>(object: &'o Object<'_>, most: usize) {
    heap::within(std::any::type_name::<T>(), most, || drop(object.get::<T, V>()));
}

/// Looks at what there is, so deep.
fn look(item: Item<'_>, depth: usize, left: &mut usize) {
    let Some(less) = left.checked_sub(1) else { return };
    *left = less;
    let (Ok(view), Some(depth)) = (item.view(), depth.checked_sub(1)) else { return };
    let mut all = |items: Vec<Item<'_>>| items.into_iter().for_each(|item| look(item, depth, left));
    match view {
        View::List(items) | View::Tuple(items) | View::Set(items) | View::FrozenSet(items) => {
            all(items.iter().take(30).collect());
        }
        View::Dict(entries) | View::OrderedDict(entries) => {
            all(entries.iter().take(30).flat_map(|(key, value)| [key, value]).collect());
        }
        View::ObjectArray(array) => all(array.items().iter().take(30).collect()),
        View::Array(array) => {
            drop(array.dtype().to_string());
            let size = array.dtype().item_size();
            assert!(array.len_in_bytes() == array.count() * size);
            if let Ok(items) = array.items() {
                assert!(items.take(100).all(|item| item.len() == size));
                let in_memory = |at: usize| at + size <= array.memory().len();
                assert!(array.positions().take(100).all(in_memory));
            }
        }
        View::Opaque(opaque) | View::Function(opaque) => {
            let _ = opaque.class();
            let entries = opaque.entries().iter().flat_map(|(key, value)| [key, value]);
            let held = opaque.args().iter().chain(opaque.items().iter()).chain(entries);
            all(held.chain(opaque.state()).take(30).collect());
        }
        _ => {}
    }
}

/// Whole opcodes, with the names and numbers that readers know.
pub(crate) const OPCODES: &[&[u8]] = &[
    b"N",
    b"\x88",
    b"\x89",
    b"K\x01",
    b"K\x02",
    b"J\xff\xff\xff\xff",
    b"M\0\xff",
    b"\x8a\x02\x01\x80",
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
    b"\x81",
    b"\x92",
    b"b",
    b"0",
    b"1",
    b"2",
    b"\x94",
    b"h\0",
    b"h\x01",
    b"h\x02",
    b"h\x03",
    b"q\x02",
    b"\x97",
    b"\x98",
    b"G?\xf0\0\0\0\0\0\0",
    b"\x8c\0",
    b"\x8c\x02f8",
    b"\x8c\x02i4",
    b"\x8c\x02U2",
    b"\x8c\x02S3",
    b"\x8c\x02M8",
    b"\x8c\x01O",
    b"\x8c\x01<",
    b"\x8c\x01>",
    b"\x8c\x01|",
    b"\x8c\x01C",
    b"\x8c\x01F",
    b"C\x08abcdefgh",
    b"C\x01b",
    b"C\0",
    b"\x96\x04\0\0\0\0\0\0\0abcd",
    b"\x8c\x07buffers",
    b"\x8c\x07pickled",
    b"\x8c\x05shape",
    b"\x8c\x05dtype",
    b"\x8c\x05nargs",
    b"\x8c\x09narg_bufs",
    b"\x8c\x07kw_keys",
    b"\x8c\x06latin1",
    b"\x8c\x05ascii",
    b"cnumpy\ndtype\n",
    b"cnumpy\nndarray\n",
    b"cnumpy.core.numeric\n_frombuffer\n",
    b"cnumpy.core.multiarray\n_reconstruct\n",
    b"cnumpy._core.multiarray\nscalar\n",
    b"c_codecs\nencode\n",
    b"cipyparallel.serialize.canning\nCannedArray\n",
    b"cipyparallel.serialize.canning\nCannedBytes\n",
    b"cipyparallel.serialize.canning\nCannedFunction\n",
    b"cbuiltins\nset\n",
    b"cbuiltins\nfrozenset\n",
    b"cbuiltins\nbytearray\n",
    b"cbuiltins\ncomplex\n",
    b"cbuiltins\nslice\n",
    b"ccollections\nOrderedDict\n",
    b"cdatetime\ndate\n",
    b"cdatetime\ndatetime\n",
    b"cdatetime\ntimedelta\n",
    b"cos\nsystem\n",
];
