//! `asan`: tests under AddressSanitizer.

use std::ffi::OsString;
use std::path::Path;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::{self, Nightly};
use crate::process::Process;
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
    for package in ["canning-core", "canning-ndarray", "canning-wire"] {
        sanitized_test(&nightly, package).args(["--lib", "--tests"]).args(name).run()?;
    }
    let mut targets = workspace::targets_in(Path::new("canning-tests/tests"))?;
    // It runs the compiler, not our code.
    targets.retain(|target| target != "ui");
    if targets.is_empty() {
        return Ok(());
    }
    let targets = targets.iter().flat_map(|target| ["--test", target]);
    sanitized_test(&nightly, "canning-tests").args(targets).args(name).run()
}

/// With a named target, the flags apply to what runs, not to build scripts and macros.
fn sanitized_test(nightly: &Nightly, package: &str) -> Process {
    nightly
        .cargo()
        .args(["test", "--target", nightly.host(), "--all-features", "--package", package])
        .env("RUSTFLAGS", "-Zsanitizer=address")
}
