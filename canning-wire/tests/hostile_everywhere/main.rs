//! The same attacks over every transport: each says the same, takes no more memory than a multiple of what
//! was sent, and serves the next peer. A counting allocator watches.

#![cfg(all(unix, feature = "mmap", feature = "socket", feature = "tokio", feature = "zmq"))]
#![expect(
    clippy::indexing_slicing,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "helpers of tests panic as tests do"
)]

mod attack;
mod dtypes;
mod frames;
mod headers;
mod in_memory;
mod multipart;
#[cfg(all(target_os = "linux", feature = "shm"))]
mod parcels;
mod sockets;
#[path = "../support/mod.rs"]
mod support;
mod transport;

use canning_wire::Limits;
use frames::frames;
use headers::headers;
use in_memory::in_memory;
use multipart::{guarded, multipart};
use sockets::{tcp_server, unix_server};
use support::counting::Counting;
use transport::Transport;

#[global_allocator]
static COUNTING: Counting = Counting;

/// What a stranger is believed.
const LIMITS: Limits = Limits {
    header_bytes: 16 << 20,
    buffers: 1 << 16,
    message_bytes: 32 << 20,
    objects: 1 << 16,
    depth: 128,
    believed_bytes: 64 << 10,
    expanded_bytes: 64 << 10,
    unfolded_bytes: 64 << 10,
    recycled_bytes: 0,
};

/// Bytes that a reader may have for each byte that came, and besides: what is believed, blocks that are
/// read ahead, and what a socket of another crate has.
const MULTIPLE: usize = 128;
const BESIDES: usize = 512 << 10;

/// How many attacks there are in what stands before the first header, and in headers and buffers: none is
/// to go unseen.
const FRAMES: usize = 8;
const HEADERS: usize = 78;

#[test]
fn attacks_in_memory_and_in_files_are_refused_alike() {
    in_memory().into_iter().for_each(|transport| bring(transport, FRAMES + HEADERS));
}

#[test]
fn attacks_over_sockets_are_refused_alike_and_the_next_peer_is_served() {
    bring(unix_server(), FRAMES + HEADERS);
    bring(tcp_server(), FRAMES + HEADERS);
}

#[test]
fn attacks_over_zeromq_are_refused_alike_and_the_next_peer_is_served() {
    bring(multipart(), HEADERS);
    bring(guarded(), HEADERS);
}

#[test]
#[cfg(all(target_os = "linux", feature = "shm"))]
fn attacks_in_parcels_are_refused_alike_and_the_next_peer_is_served() {
    bring(parcels::handover(), HEADERS);
}

/// Brings all attacks over a transport, of which so many are for it; prints what the most memory was.
fn bring(mut transport: Transport, expected: usize) {
    let mut most = (0, String::new());
    let mut brought = 0;
    let mut wrong = Vec::new();
    for attack in frames().into_iter().chain(headers()) {
        let Some((said, count)) = (transport.receive)(&attack) else { continue };
        brought += 1;
        let context = format!("{}: {}", transport.name, attack.name);
        if !said.contains(attack.error) || attack.error.is_empty() != said.is_empty() {
            wrong.push(format!("{context}: {said}"));
        }
        let bound = MULTIPLE * attack.frame.len() + BESIDES;
        if count.peak > bound {
            wrong.push(format!("{context}: {count:?}, more than {bound}"));
        }
        let besides = count.peak.saturating_sub(attack.frame.len());
        if besides >= most.0 {
            most = (besides, attack.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(brought, expected, "{}", transport.name);
    let (peak, attack) = most;
    println!("| {} | {brought} | {} KiB | {attack} |", transport.name, peak >> 10);
}
