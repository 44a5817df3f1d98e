//! `bench`: runs the benchmarks.

use std::ffi::OsString;

use crate::error::Error;
use crate::process::Process;

/// Hands every argument to the benchmarks, which know what each means.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    Process::cargo().args(["run", "--release", "--package", "canning-bench", "--"]).args(args).run()
}
