//! `demo`: runs the demo.

use std::ffi::OsString;

use crate::error::Error;
use crate::process::Process;

/// Runs the demo in release mode, because it says how long things take.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    Process::cargo()
        .args(["run", "--release", "--package", "canning-demo", "--bin", "demo", "--"])
        .args(args)
        .run()
}
