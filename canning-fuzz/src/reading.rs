//! A received object, read in many ways.

use std::collections::BTreeMap;

use canning_core::{
    CannedObject, Result, SharedSlice, Uncan, UncanOwned, Value, visitor::Uncanner,
};
use canning_wire::{CanOptions, Limits, Object};
use ndarray::{ArcArray1, Array2, ArrayD, ArrayViewD, CowArray, IxDyn};

use crate::{
    heap,
    model::{Atom, Everything, Lenient, Tree},
    second_reader::{compare::is_same, reader::read_object},
};

/// What the fuzzed readers believe: so little that whatever goes beyond shows.
pub(crate) const LIMITS: Limits = Limits {
    header_bytes: 1 << 16,
    buffers: 256,
    message_bytes: 1 << 20,
    objects: 64,
    depth: 48,
    believed_bytes: 4096,
    expanded_bytes: 4096,
    unfolded_bytes: 768 << 10,
    recycled_bytes: 1 << 16,
};

/// Bytes that may be taken for so many that were received, of which none are compressed.
pub(crate) fn bound(received: usize) -> usize {
    MULTIPLE * received + LIMITS.expanded_bytes as usize + BESIDES
}

/// Bytes that may be taken for so many that were received of a frame, which may be compressed: then
/// what they become is there, and a chunk, or memory that grows.
pub(crate) fn frame_bound(received: usize) -> usize {
    bound(received) + 2 * unfolded(received).min(LIMITS.unfolded_bytes as usize)
}

/// The most that so many compressed bytes become, in however many messages.
pub(crate) fn unfolded(received: usize) -> usize {
    UNFOLDS_TO * received
}

/// The documented share of each byte of a header, and what comes on top.
const MULTIPLE: usize = 128;
const BESIDES: usize = 144 << 10;

/// A compressed byte never stands for more.
const UNFOLDS_TO: usize = 255;

/// Reads an object as many types, each within the bound, and checks that
///
/// - what is any value at all can be skipped, sent again, read again, and taken;
/// - the second reader sees the same value;
/// - a summary can be had of whatever is a value.
pub(crate) fn read_in_every_way(object: &mut Object<'_>) {
    let (header, buffers) = parts(object);
    let most = bound(header.len() + buffers.iter().map(Vec::len).sum::<usize>());

    read_as::<i128, _>(object, most);
    read_as::<Option<Option<u64>>, _>(object, most);
    read_as::<String, _>(object, most);
    read_as::<&str, _>(object, most);
    read_as::<&[f64], _>(object, most);
    read_as::<SharedSlice<u16>, _>(object, most);
    read_as::<Vec<[f32; 2]>, _>(object, most);
    read_as::<Vec<bool>, _>(object, most);
    read_as::<Vec<char>, _>(object, most);
    read_as::<Vec<Option<Option<Option<()>>>>, _>(object, most);
    read_as::<BTreeMap<String, i32>, _>(object, most);
    read_as::<(Vec<u8>, Vec<u16>, Vec<u8>, Vec<f64>), _>(object, most);
    read_as::<ArrayD<f64>, _>(object, most);
    read_as::<ArrayViewD<'_, u8>, _>(object, most);
    read_as::<CowArray<'_, i32, IxDyn>, _>(object, most);
    read_as::<ArcArray1<u64>, _>(object, most);
    read_as::<Array2<String>, _>(object, most);
    read_as::<Vec<Atom>, _>(object, most);
    read_as::<Vec<Tree>, _>(object, most);
    read_as::<Lenient, _>(object, most);
    read_as::<Everything, _>(object, most);

    let summary = heap::within("the summary", most, || object.summary());
    heap::within("the notation", 4 * most, || object.diagnose());
    let skipped = heap::within("skipping", most, || object.get::<Skipped, _>());
    let value = heap::within("a Value", most, || object.get::<Value, _>());
    if let Ok(value) = &value {
        assert!(skipped.is_ok(), "skipping is no stricter than reading: {skipped:?}");
        assert!(summary.is_ok(), "a summary is no stricter than reading: {summary:?}");
        let tree = read_object(&header, &buffers);
        assert!(tree.as_ref().is_ok_and(|tree| is_same(tree, value)), "{value} is not {tree:?}");
        let again = CanOptions::new().inline_threshold(0).can(value);
        let again = again.expect("what was received can be sent");
        let again: Value = again.get().expect("and received again");
        assert_eq!(again.to_string(), value.to_string());
    }
    let taken = object.take::<Value, _>();
    match (value, taken) {
        (Ok(value), Ok(taken)) => assert_eq!(value.to_string(), taken.to_string()),
        (Err(_), Err(_)) => {}
        (value, taken) => panic!("get and take differ: {value:?}, {taken:?}"),
    }
}

/// The bytes of an object's header, and of each buffer.
pub(crate) fn parts(object: &Object<'_>) -> (Vec<u8>, Vec<Vec<u8>>) {
    let bytes = |blob: &canning_core::Buffer<'_>| blob.segments().collect::<Vec<_>>().concat();
    (bytes(object.header()), object.buffers().iter().map(bytes).collect())
}

/// Values without a NaN are equal to themselves, and others at least look the same.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(one: &T, other: &T) {
    if one != other {
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}

fn read_as<'o, T: Uncan<'o, V>, V>(object: &'o Object<'_>, most: usize) {
    heap::within(std::any::type_name::<T>(), most, || drop(object.get::<T, V>()));
}

/// Takes the value of an object out, as one reads messages of one value.
pub(crate) fn take<T: UncanOwned<V>, V>(object: &mut Object<'_>) -> Result<T> {
    object.take()
}

/// A value that is not looked at.
#[derive(Debug)]
pub(crate) struct Skipped;

impl<'b> Uncan<'b> for Skipped {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.skip()?;
        Ok(Self)
    }
}
