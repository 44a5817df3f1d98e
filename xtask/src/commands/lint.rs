//! `lint`: formatting, clippy and rustdoc, where every warning is an error.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::process::Process;
use crate::workspace::{ALL_BUT_BENCH, BENCH, PUBLISHED};

/// Runs every check, and stops at the first that fails.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("lint", args)?;
    Process::cargo().args(["fmt", "--all", "--check"]).run()?;
    // What these few lines call is in canning-fuzz; to look at more than their form takes libFuzzer.
    let fuzz = ["--manifest-path", "fuzz/Cargo.toml"];
    Process::cargo().arg("fmt").args(fuzz).arg("--check").run()?;
    clippy(&ALL_BUT_BENCH, None)?;
    for name in PUBLISHED {
        clippy(&["--package", name], Some("--no-default-features"))?;
    }
    clippy(&ALL_BUT_BENCH, Some("--all-features"))?;
    clippy(&["--package", BENCH], None)?;
    Process::cargo()
        .args(["doc", "--no-deps", "--all-features"])
        .args(ALL_BUT_BENCH)
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

fn clippy(packages: &[&str], features: Option<&str>) -> Result<(), Error> {
    Process::cargo()
        .args(["clippy", "--all-targets"])
        .args(packages)
        .args(features)
        .args(["--", "-D", "warnings"])
        .run()
}
