//! `asan`: tests under AddressSanitizer.

use std::ffi::OsString;
use std::path::Path;

use crate::commands::arguments;
use crate::commands::sanitized::{Sanitizer, suppressions};
use crate::error::Error;
use crate::nightly::{self, Nightly};
use crate::workspace;

/// Tests the crates that hold `unsafe`, then those that reach it with other bytes and types.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let name = arguments::at_most_one("asan", args)?;
    let nightly = match Nightly::find() {
        Ok(nightly) => nightly,
        Err(missing) => {
            nightly::skip("asan", &missing);
            return Ok(());
        }
    };
    let address = Sanitizer {
        rustflags: "-Zsanitizer=address",
        options: vec![
            // Tests ask for more than there is, and expect an error.
            ("ASAN_OPTIONS", "allocator_may_return_null=1:detect_leaks=1".to_owned()),
            ("LSAN_OPTIONS", suppressions("asan.supp") + ":print_suppressions=0"),
        ],
    };
    for package in UNSAFE {
        address.test(&nightly, package, &["--lib", "--tests"], name)?;
    }
    let mut targets = workspace::targets_in(Path::new("canning-tests/tests"))?;
    // It runs the compiler, not our code.
    targets.retain(|target| target != "ui");
    let targets: Vec<_> = targets.iter().flat_map(|target| ["--test", target]).collect();
    address.test(&nightly, "canning-tests", &targets, name)
}

/// The crates with unsafe code.
const UNSAFE: [&str; 3] = ["canning-core", "canning-ndarray", "canning-wire"];
