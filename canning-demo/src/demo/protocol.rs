//! What the two processes say to each other.
//!
//! A request is a message of two objects: the task, and the value to work on. The worker
//! answers with two messages of one object each: a [`Receipt`] as soon as it holds the value,
//! and then what it computed. Each is a [`Reply`].

use std::time::Duration;

use canning_core::Canned;

use super::place::Place;

/// What the worker is to do with the value.
#[derive(Canned, Clone, Copy, Debug)]
pub(super) enum Task {
    /// Send any value back, without knowing its type.
    Echo,
    /// Study a [`Dataset`](super::dataset::Dataset).
    Study,
    /// Add up an array of `f64`.
    Sum(Hold),
    /// Describe an array, without knowing its type.
    Describe,
}

/// How the worker holds an array while it adds it up.
#[derive(Canned, Clone, Copy, Debug, PartialEq)]
pub(super) enum Hold {
    /// As its own, and then drops it.
    Owned,
    /// As its own, and then gives its memory back, for the next to be read into.
    Recycled,
    /// As a view of where it is.
    Viewed,
}

/// What it took the worker to hold the value.
#[derive(Canned, Clone, Copy, Debug)]
pub(super) struct Receipt {
    /// From the message's first byte to its last, where that is known.
    pub(super) receive: Option<Duration>,
    /// To put the value together.
    pub(super) uncan: Duration,
    /// Bytes that this copied out of the header.
    pub(super) in_band: u64,
    /// Bytes of buffers that this copied.
    pub(super) out_of_band: u64,
}

/// What an array adds up to.
#[derive(Canned, Debug)]
pub(super) struct Total {
    pub(super) sum: f64,
    /// Where the array is that is viewed, if that is memory that processes can share.
    pub(super) place: Option<Place>,
}

/// What the worker answers.
#[derive(Canned, Debug)]
pub(super) enum Reply<T> {
    /// It worked.
    Done(T),
    /// It did not; the reason, for people.
    Failed(String),
}
