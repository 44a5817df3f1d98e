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
        live("canning-python", python, args)?;
        live("canning-tests", python, args)?;
    }
    let with_zmq = [&["--features", "zmq"].map(OsString::from)[..], args].concat();
    live("canning-wire", &newest, &with_zmq)?;
    live(CLIENT, &newest, args)?;
    examples(&newest)
}

/// The tests of a crate in files that are named `live_…`.
fn live(package: &str, python: &Python, args: &[OsString]) -> Result<(), Error> {
    Process::cargo()
        .args(["test", "--package", package, "--test", "live_*"])
        .env("CANNING_PYTHON", python.program())
        .env("CANNING_PYTHON_REQUIRED", "1")
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

const CLIENT: &str = "canning-ipyparallel";
