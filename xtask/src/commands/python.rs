//! `python`: what speaks to Python, tried with real Python and a real cluster.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::process::Process;
use crate::python::Python;

/// Makes the environments, and runs the tests that need them.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let base = Python::find()?;
    let newest = base.environment("numpy-2")?;
    for python in [&newest, &base.environment("numpy-1")?] {
        formats(python, args)?;
    }
    cluster(&newest, args)?;
    examples(&newest)
}

/// The tests of the formats that are named `live_…`.
fn formats(python: &Python, args: &[OsString]) -> Result<(), Error> {
    with(Process::cargo().args(["test", "--package", "canning-python"]), python)
        .args(args)
        .args(["--", "live_"])
        .run()
}

/// The tests that start a cluster of their own.
fn cluster(python: &Python, args: &[OsString]) -> Result<(), Error> {
    with(Process::cargo().args(["test", "--package", CLIENT, "--test", "live_*"]), python)
        .args(args)
        .run()
}

/// Each example of the client, with a cluster that is started for it.
fn examples(python: &Python) -> Result<(), Error> {
    let cargo = Process::cargo();
    for name in crate::workspace::targets_in(&Path::new(CLIENT).join("examples"))? {
        cargo.clone().args(["build", "--package", CLIENT, "--example", &name]).run()?;
        let directory = Path::new("target/python").join(format!("cluster-{}", std::process::id()));
        let directory = std::path::absolute(&directory)
            .map_err(|source| Error::Io { path: directory.clone(), source })?;
        let script = Path::new(CLIENT).join("tests/support/cluster.py");
        let example = ["run", "--quiet", "--package", CLIENT, "--example", &name];
        let outcome = Process::new(python.program())
            .arg(script)
            .arg(&directory)
            .args(["4", "--"])
            .arg(cargo.program())
            .args(example)
            .run();
        // It removes the directory itself, unless it was killed.
        let _ = fs::remove_dir_all(&directory);
        outcome?;
    }
    Ok(())
}

fn with(process: Process, python: &Python) -> Process {
    process.env("CANNING_PYTHON", python.program()).env("CANNING_PYTHON_REQUIRED", "1")
}

const CLIENT: &str = "canning-ipyparallel";
