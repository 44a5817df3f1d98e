//! Taking a struct with three arrays apart: costs the same from 4 KiB to 1 GiB.

use crate::{
    ours::frames::encoding_as,
    raw::Copy,
    subjects::{Group, sizes},
    values::Frame,
};

/// `can/SIZE`: next to a copy of the arrays into warm memory. `can/flat`: all sizes, next to
/// the smallest.
pub(super) fn groups(is_quick: bool) -> Vec<Group> {
    let sizes = sizes::all(is_quick);
    let alone = sizes.iter().map(|size| {
        Group::new(format!("can/{}", size.name), |bench, id| {
            let frame = Frame::of_bytes(size.bytes);
            let cases = vec![encoding_as("canning", &frame), Copy::case(&frame)];
            bench.group(id, "raw_memcpy", cases);
        })
    });
    let flat = Group::new("can/flat", move |bench, id| {
        let frames: Vec<Frame> = sizes.iter().map(|size| Frame::of_bytes(size.bytes)).collect();
        let cases = sizes.iter().zip(&frames);
        let cases = cases.map(|(size, frame)| encoding_as(size.implementation, frame)).collect();
        bench.group(id, sizes[0].implementation, cases);
    });
    alone.chain([flat]).collect()
}
