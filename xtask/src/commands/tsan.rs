//! `tsan`: what threads share, under ThreadSanitizer.
//!
//! The standard library comes without the sanitizer, so that what its compiled parts synchronise
//! is not seen: `tsan.supp` names them. What is generic, as channels and locks that nobody waits
//! for, is compiled with our code, and seen.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::commands::sanitized::{Sanitizer, suppressions};
use crate::error::Error;
use crate::nightly::{self, Nightly};

/// Runs the tests that have threads, or says what is missing.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let name = arguments::at_most_one("tsan", args)?;
    let nightly = match Nightly::find() {
        Ok(nightly) => nightly,
        Err(missing) => {
            nightly::skip("tsan", &missing);
            return Ok(());
        }
    };
    let thread = Sanitizer {
        // The second says that the standard library has no part in it.
        rustflags: "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer",
        options: vec![("TSAN_OPTIONS", suppressions("tsan.supp"))],
    };
    for (package, targets) in THREADED {
        let targets: Vec<_> = targets.iter().flat_map(|target| ["--test", target]).collect();
        thread.test(&nightly, package, &targets, name)?;
    }
    Ok(())
}

/// The tests in which threads share memory.
const THREADED: &[(&str, &[&str])] = &[
    ("canning-core", &["memory"]),
    (
        "canning-wire",
        &[
            "blocks",
            "file_writers",
            "lost_peers",
            "recycling",
            "shm_handover",
            "shm_hostile",
            "sockets",
            "tokio_cancellation",
            "tokio_sockets",
            "unix_listener",
        ],
    ),
];
