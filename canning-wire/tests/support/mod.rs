//! What the tests of the format share: bytes put together by hand, and a second reader.

#![allow(
    dead_code,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::type_complexity,
    clippy::unwrap_used,
    unreachable_pub,
    missing_docs,
    reason = "each test uses a part of it, and helpers of tests panic as tests do"
)]

pub mod assemble;
pub mod bytes;
pub mod checksum;
pub mod compare;
pub mod counting;
pub mod dtype;
pub mod featured_frames;
pub mod generate;
pub mod hellos;
pub mod hesitant;
pub mod invalid;
pub mod invalid_frames;
pub mod lz4;
pub mod options;
#[cfg(all(unix, feature = "socket"))]
pub mod pairs;
pub mod reader;
pub mod refusing;
pub mod resident;
pub mod scratch;
#[cfg(all(target_os = "linux", feature = "shm"))]
pub mod shm;
pub mod skipped;
pub mod trickle;
pub mod valid;
#[cfg(feature = "zmq")]
pub mod zmtp;
