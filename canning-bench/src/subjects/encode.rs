//! Encoding a struct with three arrays, by all that can.

use crate::{
    ours, peers,
    raw::Copy,
    subjects::{Group, sizes},
    values::Frame,
};

/// `encode/SIZE`: into new memory, next to a copy of the arrays into warm memory.
pub(super) fn groups() -> Vec<Group> {
    let group = |size: &'static sizes::Size| {
        Group::new(format!("encode/{}", size.name), |bench, id| {
            let frame = Frame::of_bytes(size.bytes);
            let mut cases = ours::frames::encoding(&frame);
            cases.push(Copy::case(&frame));
            let peers = peers::FRAMES.iter().filter_map(|peer| peer.encoding);
            cases.extend(peers.map(|encoding| encoding(&frame)));
            bench.group(id, "raw_memcpy", cases);
        })
    };
    sizes::of_peers().map(group).collect()
}
