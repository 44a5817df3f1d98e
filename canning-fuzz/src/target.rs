//! The targets by name.

use crate::{seeds, targets};

/// A function to be called with bytes, and where they may start from.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its binary in `fuzz/fuzz_targets`, and of its folders.
    pub name: &'static str,
    /// Checks what it is there for.
    ///
    /// # Panics
    ///
    /// Where it does not hold.
    pub run: fn(&[u8]),
    /// Inputs that come far: made of the golden files, or by what writes the like, or the shortest that
    /// do anything.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them, in alphabetical order.
pub const TARGETS: &[Target] = &[
    Target { name: "array_layout", run: targets::array_layout, seeds: seeds::random },
    Target { name: "decode_message", run: targets::decode_message, seeds: seeds::messages },
    Target { name: "element_bits", run: targets::element_bits, seeds: seeds::random },
    #[cfg(feature = "file")]
    Target { name: "file_recovery", run: targets::file_recovery, seeds: seeds::files },
    Target { name: "frame_stream", run: targets::frame_stream, seeds: seeds::streams },
    Target { name: "handshake", run: targets::handshake, seeds: seeds::hellos },
    Target {
        name: "ipyparallel_message",
        run: targets::ipyparallel_message,
        seeds: seeds::ipyparallel_messages,
    },
    Target { name: "pickle_read", run: targets::pickle_read, seeds: seeds::pickles },
    Target { name: "round_trip", run: targets::round_trip, seeds: seeds::random },
    #[cfg(all(feature = "shm", target_os = "linux"))]
    Target { name: "shm_parcel", run: targets::shm_parcel, seeds: seeds::parcels },
    #[cfg(feature = "zmq")]
    Target { name: "zmq_parts", run: targets::zmq_parts, seeds: seeds::multipart_messages },
    Target { name: "zmtp_connection", run: targets::zmtp_connection, seeds: seeds::connections },
];

/// Runs the target of this name: what its binary does.
///
/// # Panics
///
/// Where what the target checks does not hold, and where there is none of this name.
pub fn run(name: &str, data: &[u8]) {
    (named(name).run)(data);
}

/// The target of this name.
///
/// # Panics
///
/// Where there is none.
pub fn named(name: &str) -> &'static Target {
    let target = TARGETS.iter().find(|target| target.name == name);
    target.unwrap_or_else(|| panic!("no target is called `{name}`"))
}
