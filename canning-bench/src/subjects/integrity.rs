//! Checksums in frames, on against off; and compressed buffers.

use crate::{
    exchange::{self, Way},
    ours::checked,
    subjects::{Group, sizes},
    values::Frame,
};

/// `integrity/SIZE`: a struct with three arrays over a Unix socket with checksums, next to the same
/// without; `integrity/compression_...`: the same with compressed buffers, of numbers that rise
/// slowly, and of random ones, for which it does not pay.
pub(super) fn groups() -> Vec<Group> {
    let sizes = sizes::of_peers().map(|size| group(size.name, size.bytes, checked::integrity));
    let rising = Group::new("integrity/compression_pays", |bench, id| {
        let frame = rising(COMPRESSED);
        bench.group(
            id,
            checked::OFF,
            exchange::cases(checked::compression(&frame), exchange::unix()),
        );
    });
    let random = group("compression_in_vain", COMPRESSED, checked::compression);
    sizes.chain([rising, random]).collect()
}

fn group(name: &str, bytes: usize, ways: for<'a> fn(&'a Frame) -> Vec<Way<'a>>) -> Group {
    Group::new(format!("integrity/{name}"), move |bench, id| {
        if bytes <= 1 << 20 {
            exchange::share_one();
        }
        let frame = Frame::of_bytes(bytes);
        bench.group(id, checked::OFF, exchange::cases(ways(&frame), exchange::unix()));
    })
}

/// A frame of numbers that each stand a hundred times.
fn rising(bytes: usize) -> Frame {
    let mut frame = Frame::of_bytes(bytes);
    let steps = |numbers: &mut [f64]| {
        for run in numbers.chunks_mut(100) {
            let first = run[0];
            run.fill(first);
        }
    };
    steps(&mut frame.pos);
    steps(&mut frame.vel);
    frame
}

/// Bytes of what is compressed.
const COMPRESSED: usize = 16 << 20;
