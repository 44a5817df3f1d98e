//! `big`: arrays beyond 4 GiB, and very many of anything.

use std::ffi::OsString;

use crate::error::Error;
use crate::process::Process;

/// Runs the cases for which the machine has memory and disk, and prints what each end took.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let big = Process::cargo().args(["run", "--release", "--package", "canning-tests-big"]);
    big.arg("--").args(args).run()
}
