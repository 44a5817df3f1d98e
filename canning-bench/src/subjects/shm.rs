//! Frames in shared memory, from one thread to another that has a socket end of its own.

use crate::{
    exchange,
    harness::Case,
    ours::shared as ours,
    peers::{iceoryx2, ipc_channel},
    raw::{self, Copy, shared},
    subjects::{Group, sizes},
    values::Frame,
};

/// `shm/handover_SIZE`: the memory is filled already, and the receiver looks at the first items;
/// next to a copy of the arrays into warm memory. `shm/oneshot_SIZE`: into new memory, handed over,
/// until the receiver's sum is back. `shm/pool_SIZE`: the same into memory that both keep.
pub(super) fn groups(is_quick: bool) -> Vec<Group> {
    let whats: [(_, Cases, _); 3] = [
        ("handover", handing_over, "raw_memcpy"),
        ("oneshot", one_shot, shared::MEMFD),
        ("pool", pooled, shared::POOL),
    ];
    let groups = whats.into_iter().flat_map(|(what, cases, ratio_to)| {
        sizes::of_memory(is_quick).map(move |size| {
            group(format!("shm/{what}_{}", size.name), size.bytes, cases, ratio_to)
        })
    });
    groups.collect()
}

type Cases = fn(&Frame) -> Vec<Case<'_>>;

fn group(id: String, bytes: usize, cases: Cases, ratio_to: &'static str) -> Group {
    Group::new(id, move |bench, id| {
        if bytes <= 1 << 20 {
            exchange::share_one();
        }
        let frame = Frame::of_bytes(bytes);
        bench.group(id, ratio_to, cases(&frame));
    })
}

pub(super) fn handing_over(frame: &Frame) -> Vec<Case<'_>> {
    let mut ways = ours::handing_over(frame);
    ways.extend([
        shared::handing_over(frame),
        ipc_channel::handing_over(frame),
        iceoryx2::handing_over(frame),
    ]);
    let mut cases = exchange::cases(ways, exchange::unix());
    cases.push(Copy::case(frame));
    cases
}

pub(super) fn one_shot(frame: &Frame) -> Vec<Case<'_>> {
    let mut ways = vec![ours::sending(frame), shared::sending(frame)];
    ways.extend(ipc_channel::sending(frame));
    ways.extend(raw::sending(frame));
    exchange::cases(ways, exchange::unix())
}

pub(super) fn pooled(frame: &Frame) -> Vec<Case<'_>> {
    let mut ways = ours::pooling(frame);
    ways.extend([shared::pooling(frame), iceoryx2::pooling(frame)]);
    ways.extend(raw::sending(frame).into_iter().take(1));
    exchange::cases(ways, exchange::unix())
}
