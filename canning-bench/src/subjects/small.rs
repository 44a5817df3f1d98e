//! Ten thousand small objects: ten numbers and a short name each.

use crate::{exchange, ours, peers, raw, subjects::Group, values::Small};

/// `small/encode`, next to wincode, and `small/decode` to owned values, next to bitcode: all of
/// them at once, in memory. `small/unix`: each as a message of its own, until the sum is back, next
/// to a loop by hand.
pub(super) fn groups() -> Vec<Group> {
    let encode = Group::new("small/encode", |bench, id| {
        let smalls = Small::many(COUNT);
        let mut cases = ours::smalls::encoding(&smalls);
        cases.push(raw::clone(&smalls));
        let peers = peers::SMALLS.iter().filter_map(|peer| peer.encoding);
        cases.extend(peers.map(|encoding| encoding(&smalls)));
        bench.group(id, "wincode", cases);
    });
    let decode = Group::new("small/decode", |bench, id| {
        let smalls = Small::many(COUNT);
        let mut cases = ours::smalls::decoding(&smalls);
        cases.push(raw::clone(&smalls));
        let peers = peers::SMALLS.iter().filter_map(|peer| peer.decoding);
        cases.extend(peers.map(|decoding| decoding(&smalls)));
        bench.group(id, "bitcode", cases);
    });
    let unix = Group::new("small/unix", |bench, id| {
        exchange::share_one();
        let smalls = Small::many(COUNT);
        let mut ways = ours::smalls::sending(&smalls);
        ways.push(raw::buffered(&smalls));
        let peers = peers::SMALLS.iter().filter_map(|peer| peer.sending);
        ways.extend(peers.map(|sending| sending(&smalls)));
        bench.group(id, raw::BUFFERED, exchange::cases(ways, exchange::unix()));
    });
    vec![encode, decode, unix]
}

const COUNT: usize = 10_000;
