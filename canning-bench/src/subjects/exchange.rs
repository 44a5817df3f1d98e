//! A struct with three arrays from one thread to another, until the receiver's sum is back.

use crate::{
    exchange::{self, Pair},
    ours, peers, raw,
    subjects::{Group, sizes},
    values::Frame,
};

/// `unix/SIZE` and `tcp/SIZE`: into new memory, next to a read of the arrays alone into new
/// memory; or into memory that is there already, next to a read into such. Up to 1 MiB sender and
/// receiver share a core; above, they work at the same time.
pub(super) fn groups() -> Vec<Group> {
    let unix = sizes::of_peers().map(|size| group("unix", exchange::unix, size));
    let tcp = sizes::of_peers().map(|size| group("tcp", exchange::tcp, size));
    unix.chain(tcp).collect()
}

fn group(transport: &str, connect: fn() -> Pair, size: &'static sizes::Size) -> Group {
    Group::new(format!("{transport}/{}", size.name), move |bench, id| {
        if size.bytes <= 1 << 20 {
            exchange::share_one();
        }
        let frame = Frame::of_bytes(size.bytes);
        let mut ways = ours::frames::sending(&frame);
        ways.extend(raw::sending(&frame));
        let peers = peers::FRAMES.iter().filter_map(|peer| peer.sending);
        ways.extend(peers.map(|sending| sending(&frame)));
        bench.group(id, raw::FRESH, exchange::cases(ways, connect()));
    })
}
