//! Ten thousand small objects in memory: ten numbers and a short name each.

use canning_core::{Buffer, CannedObject};
use canning_wire::{Object, can};

use crate::{
    harness::{Bench, Case},
    values::Small,
};

/// `small/encode`, next to wincode, and `small/decode` to owned values, next to bitcode; each
/// also next to a clone of the values.
pub(super) fn run(bench: &mut Bench) {
    let smalls = Small::many(10_000);
    let bytes = smalls.iter().map(Small::bytes).sum();
    if bench.wants("small/encode") {
        encode(bench, &smalls, bytes);
    }
    if bench.wants("small/decode") {
        decode(bench, &smalls, bytes);
    }
}

fn encode(bench: &mut Bench, smalls: &Vec<Small>, bytes: u64) {
    let canning = Case::new(
        "canning",
        bytes,
        || can(smalls).unwrap(),
        |object| {
            assert_eq!(object.get::<Vec<Small>, _>().unwrap(), *smalls);
        },
    );
    let wincode = Case::new(
        "wincode",
        bytes,
        || wincode::serialize(smalls).unwrap(),
        |encoded| {
            let back: Vec<Small> = wincode::deserialize(encoded).unwrap();
            assert_eq!(back, *smalls);
        },
    );
    let bitcode = Case::new(
        "bitcode",
        bytes,
        || bitcode::encode(smalls),
        |encoded| {
            assert_eq!(bitcode::decode::<Vec<Small>>(encoded).unwrap(), *smalls);
        },
    );
    let clone = Case::new("raw_clone", bytes, || smalls.clone(), |copy| assert_eq!(copy, smalls));
    bench.group("small/encode", "wincode", vec![canning, wincode, bitcode, clone]);
}

fn decode(bench: &mut Bench, smalls: &Vec<Small>, bytes: u64) {
    let (header, _) = can(smalls).unwrap().into_parts();
    let header = Buffer::from(header.to_allocation(64).unwrap());
    let canning = decoding("canning", bytes, smalls, || {
        let object = Object::restore(header.clone(), Vec::new()).unwrap();
        object.get_object().unwrap()
    });
    let encoded = wincode::serialize(smalls).unwrap();
    let wincode = decoding("wincode", bytes, smalls, || wincode::deserialize(&encoded).unwrap());
    let encoded = bitcode::encode(smalls);
    let bitcode = decoding("bitcode", bytes, smalls, || bitcode::decode(&encoded).unwrap());
    let clone = decoding("raw_clone", bytes, smalls, || smalls.clone());
    bench.group("small/decode", "bitcode", vec![canning, wincode, bitcode, clone]);
}

/// Dropping what was decoded does not count: it costs as much as decoding it, in all.
fn decoding<'a>(
    implementation: &'static str,
    bytes: u64,
    expected: &'a Vec<Small>,
    mut decode: impl FnMut() -> Vec<Small> + 'a,
) -> Case<'a> {
    Case::staged(implementation, bytes, move |watch| {
        let decoded = watch.time(&mut decode);
        if watch.is_warming() {
            assert_eq!(&decoded, expected);
        }
    })
}
