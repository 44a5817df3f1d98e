//! `bench`: runs the benchmarks.

use std::ffi::OsString;

use crate::error::Error;
use crate::process::Process;
use crate::python::Python;

/// Hands every argument to the benchmarks, which know what each means, and the Python that they
/// compare with, if there is one.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let mut benchmarks = Process::cargo().args(["run", "--release", "--package", "canning-bench"]);
    match Python::find().and_then(|base| base.environment("numpy-2")) {
        Ok(python) => benchmarks = benchmarks.env("CANNING_PYTHON", python.program()),
        Err(error) => eprintln!("not compared with Python: {error}"),
    }
    benchmarks.arg("--").args(args).run()
}
