//! What the derive costs: the same structs with derived and with hand-written implementations.

use canning_core::{Buffer, CannedObject, Uncan, UncanOwned};
use canning_wire::{Object, can};

use crate::{
    harness::{Bench, Case, Stopwatch},
    subjects::Group,
    values::{Frame, Small, Value, by_hand, derived},
};

/// `derived/frame`: canning a frame. `derived/encode` and `derived/decode`: 10,000 small
/// objects.
pub(super) fn groups() -> Vec<Group> {
    vec![
        Group::new("derived/frame", frame),
        Group::new("derived/encode", encode),
        Group::new("derived/decode", decode),
    ]
}

fn frame(bench: &mut Bench, id: &str) {
    let frame = Frame::of_bytes(1 << 20);
    let (bytes, by_hand) = (frame.bytes(), by_hand::Frame::from(frame.clone()));
    let frame = derived::Frame::from(frame);
    let header = bytes_of(can(&frame).unwrap().header());
    let check = |object: &Object<'_>| assert_eq!(bytes_of(object.header()), header);
    let derived = Case::new("canning", bytes, || can(&frame).unwrap(), check);
    let by_hand = Case::new(BY_HAND, bytes, || can(&by_hand).unwrap(), check);
    bench.group(id, BY_HAND, vec![derived, by_hand]);
}

fn encode(bench: &mut Bench, id: &str) {
    let smalls = Small::many(10_000);
    let by_hand: Vec<_> = smalls.iter().cloned().map(by_hand::Small::from).collect();
    let bytes = smalls.bytes();
    let smalls: Vec<_> = smalls.into_iter().map(derived::Small::from).collect();
    let header = bytes_of(can(&smalls).unwrap().header());
    let check = |object: &Object<'_>| assert_eq!(bytes_of(object.header()), header);
    let derived = Case::new("canning", bytes, || can(&smalls).unwrap(), check);
    let by_hand = Case::new(BY_HAND, bytes, || can(&by_hand).unwrap(), check);
    bench.group(id, BY_HAND, vec![derived, by_hand]);
}

fn decode(bench: &mut Bench, id: &str) {
    let smalls = Small::many(10_000);
    let by_hand: Vec<_> = smalls.iter().cloned().map(by_hand::Small::from).collect();
    let bytes = smalls.bytes();
    let smalls: Vec<_> = smalls.into_iter().map(derived::Small::from).collect();
    let header = Buffer::from(bytes_of(can(&smalls).unwrap().header()));
    let derived = |watch: &mut Stopwatch| decode_one(watch, &header, &smalls);
    let by_hand = |watch: &mut Stopwatch| decode_one(watch, &header, &by_hand);
    let derived = Case::staged("canning", bytes, derived);
    let by_hand = Case::staged(BY_HAND, bytes, by_hand);
    bench.group(id, BY_HAND, vec![derived, by_hand]);
}

fn decode_one<T, V>(watch: &mut Stopwatch, header: &Buffer<'static>, expected: &Vec<T>)
where
    T: for<'b> Uncan<'b, V> + PartialEq + std::fmt::Debug,
    Vec<T>: UncanOwned<V>,
{
    let header = header.clone();
    let decoded: Vec<T> = watch.time(|| {
        let object = Object::restore(header, Vec::new()).unwrap();
        object.get_object::<_, V>().unwrap()
    });
    if watch.is_checked() {
        assert_eq!(&decoded, expected);
    }
}

fn bytes_of(header: &Buffer<'_>) -> Vec<u8> {
    header.segments().flatten().copied().collect()
}

const BY_HAND: &str = "canning_by_hand";
