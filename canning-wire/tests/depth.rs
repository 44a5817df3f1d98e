//! Nesting: bounded for every type, and within the bound on a small stack, unoptimized too.

mod support;

use std::{collections::BTreeMap, thread};

use canning_core::{
    ArrayValue, Can, Canned, CannedObject, Dtype, Field, Scalar, SharedBytes, StructDtype, Uncan,
    Value, buffer::ArrayLayout,
};
use canning_wire::{Limits, Object};
use support::{assemble::Header, skipped::Skipped};

/// What a thread of the standard library has is twice as much.
const STACK: usize = 1 << 20;

fn on_small_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, run);
        thread.expect("a thread").join().expect("no panic")
    })
}

fn object(body: &str) -> Object<'static> {
    let header = Header::of_body(body).names("82 82 61 4c 81 61 6c 83 61 54 61 54 01");
    Object::restore(header.build().into(), vec![]).expect("a whole header")
}

/// Reads a body of so many times `start`, and then `end`.
fn read<T: for<'b> Uncan<'b, V>, V>(start: &str, end: &str, times: usize) -> Result<(), String> {
    let object = object(&(start.repeat(times) + end));
    let read = on_small_stack(|| object.get::<T, V>().map(drop).map_err(|error| error.into_kind()));
    read.map_err(|kind| kind.to_string())
}

fn too_deep() -> Result<(), String> {
    Err("the depth is 129, above the limit of 128".to_owned())
}

#[derive(Canned)]
#[canned(rename = "L")]
struct Linked {
    l: Option<Box<Linked>>,
}

#[derive(Canned)]
#[canned(rename = "T")]
enum Tree {
    T(Vec<Tree>),
}

#[derive(Canned)]
#[canned(transparent)]
struct Transparent(Option<Box<Transparent>>);

#[derive(Canned)]
#[canned(transparent)]
struct List(Vec<List>);

#[derive(Canned)]
#[canned(transparent)]
struct Map(BTreeMap<(), Map>);

#[test]
fn any_value_nests_as_deep_as_the_limit() {
    for start in ["82 00", "82 01", "82 08", "82 09", "a1 f6", "83 05 81 01"] {
        assert_eq!(read::<Value, _>(start, "f6", 128), Ok(()), "{start}");
        assert_eq!(read::<Value, _>(start, "81 00", 128), too_deep(), "{start}");
        assert_eq!(read::<Value, _>(start, "f6", 100_000), too_deep(), "{start}");
        assert_eq!(read::<Skipped, _>(start, "f6", 100_000), Ok(()), "{start}");
    }
    assert_eq!(read::<Value, _>("82 02", "f6", 128), Ok(()));
    assert_eq!(read::<Value, _>("82 02", "f6", 129), too_deep());
}

#[test]
fn recursive_types_nest_as_deep_as_the_limit() {
    assert_eq!(read::<Linked, _>("82 08", "f6", 64), Ok(()));
    assert_eq!(read::<Linked, _>("82 08", "f6", 65), too_deep());
    assert_eq!(read::<Tree, _>("82 09 82 00", "82 09 81 00", 63), Ok(()));
    assert_eq!(read::<Tree, _>("82 09 82 00", "82 09 81 00", 64), too_deep());
    assert_eq!(read::<List, _>("82 00", "81 00", 127), Ok(()));
    assert_eq!(read::<List, _>("82 00", "81 00", 128), too_deep());
    assert_eq!(read::<Map, _>("a1 81 01", "a0", 127), Ok(()));
    assert_eq!(read::<Map, _>("a1 81 01", "a0", 128), too_deep());
}

/// A `Some` that has no mark takes no byte: only its depth ends this.
#[test]
fn options_without_a_mark_count() {
    assert_eq!(read::<Transparent, _>("", "05", 1), too_deep());
    assert_eq!(read::<Transparent, _>("82 02", "f6", 128), Ok(()));
    assert_eq!(read::<Transparent, _>("82 02", "f6", 129), too_deep());
}

#[test]
fn what_is_as_deep_as_the_limit_can_be_sent_and_printed() {
    let object = object(&("82 00".repeat(128) + "f6"));
    on_small_stack(|| {
        let value: Value = object.get().expect("within the limit");
        let again = canning_wire::can(&value).expect("as it was received");
        assert_eq!(again.header().len(), object.header().len() - 12);
        assert_eq!(value.clone(), value);
        assert_eq!(value.to_string().len(), 128 * 2 + 4);
        drop(object.diagnose());
    });
}

#[test]
fn limit_is_the_receivers() {
    let object = |depth| {
        let header = Header::of_body("82 00 82 00 f6").build();
        let limits = Limits { depth, ..Limits::default() };
        Object::restore_with(header.into(), vec![], limits).expect("a whole header")
    };
    assert!(object(2).get::<Value, _>().is_ok());
    let refused = object(1).get::<Value, _>().expect_err("above the limit");
    assert_eq!(refused.to_string(), "[0]: the depth is 2, above the limit of 1");
}

#[test]
fn dtypes_nest_as_deep_as_the_format_allows() {
    let nested = |depth| {
        let mut dtype = Dtype::Scalar(Scalar::U8);
        for _ in 0..depth {
            let fields = vec![Field::new("x", dtype, vec![])];
            dtype = Dtype::Struct(StructDtype::new(fields).expect("a field of one byte"));
        }
        let bytes = SharedBytes::from_vec(vec![7_u8]);
        let array = ArrayValue::from_parts(dtype, ArrayLayout::one_axis(1), bytes);
        Value::from(array.expect("one item"))
    };
    let value = nested(16);
    let back = on_small_stack(|| canning_wire::can(&value)?.get::<Value, _>());
    assert_eq!(back.expect("within the limit"), value);
    let refused = canning_wire::can(&nested(17)).expect_err("above the limit");
    assert_eq!(refused.to_string(), "the depth of a dtype is 17, above the limit of 16");
}

#[test]
fn derived_types_can_be_sent_as_deep_as_they_are_received() {
    fn same<T: Can<V> + for<'b> Uncan<'b, W>, V, W>(body: String) {
        let object = object(&body);
        on_small_stack(|| {
            let value: T = object.get::<T, W>().expect("within the limit");
            assert!(canning_wire::can::<T, V>(&value).is_ok());
        });
    }
    same::<Linked, _, _>("82 08".repeat(64) + "f6");
    same::<Tree, _, _>("82 09 82 00".repeat(63) + "82 09 81 00");
    same::<Transparent, _, _>("82 02".repeat(128) + "f6");
}

#[test]
fn what_lies_side_by_side_is_not_deeper() {
    let lists: Vec<Vec<Option<Option<String>>>> = vec![vec![Some(None), None]; 1000];
    let limits = Limits { depth: 4, ..Limits::default() };
    let (header, buffers) = canning_wire::can(&lists).expect("canned").into_parts();
    let object = Object::restore_with(header, buffers, limits).expect("a whole header");
    assert_eq!(object.get::<Vec<Vec<Option<Option<String>>>>, _>().expect("typed"), lists);
    let value: Value = object.get().expect("a tree");
    assert_eq!(value.as_list().map(<[Value]>::len), Some(1000));
}
