//! Putting a struct with three arrays together from a header and buffers in hand: costs the
//! same from 4 KiB to 1 GiB.

use canning_core::{Buffer, CannedObject, buffer::Allocation};
use canning_wire::{Object, can};

use crate::{
    harness::{Bench, Case},
    subjects::sizes::{self, Copy},
    values::Frame,
};

/// `uncan/SIZE`: next to a copy of the arrays into warm memory. `uncan/flat`: all sizes, next
/// to the smallest.
pub(super) fn run(bench: &mut Bench) {
    for size in sizes::of(bench) {
        let id = format!("uncan/{}", size.name);
        if bench.wants(&id) {
            let frame = Frame::of_bytes(size.bytes);
            let bytes = frame.bytes();
            let (mut source, mut copy) = (frame.clone(), Copy::of(&frame));
            source.step += 1;
            let copying = || copy.copy(&source);
            let raw = Case::new("raw_memcpy", bytes, copying, |()| ());
            bench.group(&id, "raw_memcpy", vec![case("canning", frame), raw]);
        }
    }
    if bench.wants("uncan/flat") {
        let sizes = sizes::of(bench);
        let cases = sizes
            .iter()
            .map(|size| case(size.implementation, Frame::of_bytes(size.bytes)))
            .collect();
        bench.group("uncan/flat", sizes[0].implementation, cases);
    }
}

/// The frame that comes out is what goes in the next time: its memory is never copied.
fn case(implementation: &'static str, frame: Frame) -> Case<'static> {
    let header = can(&frame).unwrap().into_parts().0.into_owned(64).unwrap();
    let (bytes, first) = (frame.bytes(), frame.pos.as_ptr());
    let mut frame = Some(frame);
    Case::staged(implementation, bytes, move |watch| {
        let (header, buffers) = (header.clone(), buffers(frame.take().unwrap()));
        let back: Frame = watch.time(|| {
            let object = Object::restore(header, buffers).unwrap();
            object.get_object().unwrap()
        });
        assert_eq!(back.pos.as_ptr(), first);
        frame = Some(back);
    })
}

/// The buffers as they would have been received. Of the smallest frames only the larger arrays
/// are buffers; the others stand in the header.
fn buffers(frame: Frame) -> Vec<Buffer<'static>> {
    let buffers = [
        Allocation::from_vec(frame.pos),
        Allocation::from_vec(frame.vel),
        Allocation::from_vec(frame.ids),
    ];
    buffers.into_iter().filter(|buffer| buffer.len() > 1024).map(Buffer::from).collect()
}
