//! `tour`: runs the example that shows one thing after another.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::process::Process;

/// Runs the example.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("tour", args)?;
    Process::cargo().args(["run", "--package", "canning-demo", "--example", "tour"]).run()
}
