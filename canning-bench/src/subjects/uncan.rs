//! Putting a struct with three arrays together from a header and buffers in hand: costs the
//! same from 4 KiB to 1 GiB.

use crate::{
    ours::frames::decoding_as,
    raw::Copy,
    subjects::{Group, sizes},
    values::Frame,
};

/// `uncan/SIZE`: next to a copy of the arrays into warm memory. `uncan/flat`: all sizes, next
/// to the smallest.
pub(super) fn groups(is_quick: bool) -> Vec<Group> {
    let sizes = sizes::all(is_quick);
    let alone = sizes.iter().map(|size| {
        Group::new(format!("uncan/{}", size.name), |bench, id| {
            let frame = Frame::of_bytes(size.bytes);
            let cases = vec![decoding_as("canning", frame.clone()), Copy::case(&frame)];
            bench.group(id, "raw_memcpy", cases);
        })
    });
    let flat = Group::new("uncan/flat", move |bench, id| {
        let case =
            |size: &sizes::Size| decoding_as(size.implementation, Frame::of_bytes(size.bytes));
        bench.group(id, sizes[0].implementation, sizes.iter().map(case).collect());
    });
    alone.chain([flat]).collect()
}
