//! What the fuzzer runs: one function for each target, from bytes to a property that must hold.
//!
//! The functions stand here, and not in `fuzz/`, so that they also run where there is no fuzzer:
//! `cargo test` replays the seeds, and what was found before, on a stable toolchain. In `fuzz/` are
//! binaries that call them with whatever libFuzzer comes up with; `cargo xtask fuzz` builds and runs
//! those.
//!
//! A function returns where all is well, whatever the bytes are, and panics where it is not. Each
//! says what it checks. Those that read bytes from outside count the memory that is taken, and compare
//! it with the promised bound.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what is wrong panics, as in a test"
)]

use canning_ndarray as _;

mod edit;
mod frames;
mod heap;
mod input;
#[cfg(feature = "mmap")]
mod mapped;
mod model;
mod python;
mod reading;
mod second_reader;
mod seeds;
mod slow_array;
mod target;
mod targets;
mod tree;

pub use self::target::{TARGETS, Target, named, run};
