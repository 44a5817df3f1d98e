//! Taking a struct with three arrays apart: costs the same from 4 KiB to 1 GiB.

use canning_core::CannedObject;
use canning_wire::can;

use crate::{
    harness::{Bench, Case},
    subjects::sizes::{self, Copy},
    values::Frame,
};

/// `can/SIZE`: next to a copy of the arrays into warm memory. `can/flat`: all sizes, next to
/// the smallest.
pub(super) fn run(bench: &mut Bench) {
    for size in sizes::of(bench) {
        let id = format!("can/{}", size.name);
        if bench.wants(&id) {
            let frame = Frame::of_bytes(size.bytes);
            let mut copy = Copy::of(&frame);
            let copying = || copy.copy(&frame);
            let raw = Case::new("raw_memcpy", frame.bytes(), copying, |()| ());
            bench.group(&id, "raw_memcpy", vec![case("canning", &frame), raw]);
        }
    }
    if bench.wants("can/flat") {
        let sizes = sizes::of(bench);
        let frames: Vec<Frame> = sizes.iter().map(|size| Frame::of_bytes(size.bytes)).collect();
        let cases = sizes.iter().zip(&frames);
        let cases = cases.map(|(size, frame)| case(size.implementation, frame)).collect();
        bench.group("can/flat", sizes[0].implementation, cases);
    }
}

fn case<'a>(implementation: &'static str, frame: &'a Frame) -> Case<'a> {
    let work = || can(frame).unwrap();
    Case::new(implementation, frame.bytes(), work, |object| {
        let first = object.buffers()[0].as_slice().unwrap();
        assert_eq!(first.as_ptr(), frame.pos.as_ptr().cast());
    })
}
