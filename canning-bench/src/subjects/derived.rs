//! What the derive costs: the same structs with derived and with hand-written implementations.

use canning_core::{Buffer, CannedObject, Uncan, UncanOwned};
use canning_wire::{Object, can};

use crate::{
    harness::{Bench, Case, Stopwatch},
    values::{Frame, Small, by_hand},
};

/// `derived/frame`: canning a frame. `derived/encode` and `derived/decode`: 10,000 small
/// objects.
pub(super) fn run(bench: &mut Bench) {
    if bench.wants("derived/frame") {
        let frame = Frame::of_bytes(1 << 20);
        let by_hand = by_hand::Frame::from(frame.clone());
        let bytes = frame.bytes();
        let header = bytes_of(can(&frame).unwrap().header());
        let check = |object: &Object<'_>| assert_eq!(bytes_of(object.header()), header);
        let derived = Case::new("canning", bytes, || can(&frame).unwrap(), check);
        let by_hand = Case::new(BY_HAND, bytes, || can(&by_hand).unwrap(), check);
        bench.group("derived/frame", BY_HAND, vec![derived, by_hand]);
    }
    let smalls = Small::many(10_000);
    let bytes = smalls.iter().map(Small::bytes).sum();
    let by_hand: Vec<_> = smalls.iter().cloned().map(by_hand::Small::from).collect();
    let header = bytes_of(can(&smalls).unwrap().header());
    if bench.wants("derived/encode") {
        let check = |object: &Object<'_>| assert_eq!(bytes_of(object.header()), header);
        let derived = Case::new("canning", bytes, || can(&smalls).unwrap(), check);
        let by_hand = Case::new(BY_HAND, bytes, || can(&by_hand).unwrap(), check);
        bench.group("derived/encode", BY_HAND, vec![derived, by_hand]);
    }
    if bench.wants("derived/decode") {
        let header = Buffer::from(header);
        let derived = |watch: &mut Stopwatch| decode(watch, &header, &smalls);
        let by_hand = |watch: &mut Stopwatch| decode(watch, &header, &by_hand);
        let derived = Case::staged("canning", bytes, derived);
        let by_hand = Case::staged(BY_HAND, bytes, by_hand);
        bench.group("derived/decode", BY_HAND, vec![derived, by_hand]);
    }
}

fn decode<T, V>(watch: &mut Stopwatch, header: &Buffer<'static>, expected: &Vec<T>)
where
    T: for<'b> Uncan<'b, V> + PartialEq + std::fmt::Debug,
    Vec<T>: UncanOwned<V>,
{
    let header = header.clone();
    let decoded: Vec<T> = watch.time(|| {
        let object = Object::restore(header, Vec::new()).unwrap();
        object.get_object::<_, V>().unwrap()
    });
    if watch.is_warming() {
        assert_eq!(&decoded, expected);
    }
}

fn bytes_of(header: &Buffer<'_>) -> Vec<u8> {
    header.segments().flatten().copied().collect()
}

const BY_HAND: &str = "canning_by_hand";
