//! Memory that is not there: each piece whose length a peer decides is refused once, and each time an
//! error comes out instead of the end of the process, or what would have come anyway, and the next
//! attempt works.

#![expect(clippy::unwrap_used, reason = "helpers of tests panic as tests do")]

#[cfg(feature = "file")]
mod files;
mod messages;
mod refuse_each;
#[path = "../support/mod.rs"]
mod support;
#[cfg(any(feature = "tokio", feature = "zmq", all(target_os = "linux", feature = "shm")))]
mod transports;
mod values;

use support::refusing::Refusing;

#[global_allocator]
static REFUSING: Refusing = Refusing;
