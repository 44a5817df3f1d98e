//! Decoding a struct with three arrays, by all that can.

use crate::{
    ours, peers,
    raw::Copy,
    subjects::{Group, sizes},
    values::Frame,
};

/// `decode/SIZE`: to owned values, or to views where the name says so, next to a copy of the
/// arrays into warm memory.
pub(super) fn groups() -> Vec<Group> {
    let group = |size: &'static sizes::Size| {
        Group::new(format!("decode/{}", size.name), |bench, id| {
            let frame = Frame::of_bytes(size.bytes);
            let mut cases = ours::frames::decoding(&frame);
            cases.push(Copy::case(&frame));
            let peers = peers::FRAMES.iter().filter_map(|peer| peer.decoding);
            cases.extend(peers.map(|decoding| decoding(&frame)));
            bench.group(id, "raw_memcpy", cases);
        })
    };
    sizes::of_peers().map(group).collect()
}
