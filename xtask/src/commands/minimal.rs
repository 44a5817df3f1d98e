//! `minimal`: the published crates with the oldest dependencies that they claim to work with.

mod workspace_copy;

use std::ffi::OsString;
use std::path::Path;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::{self, Nightly};
use crate::process::Process;

/// Builds a copy of the published crates, in which each direct dependency has the lowest version
/// that its requirement allows. Nightly only chooses the versions; whatever cargo runs us builds.
///
/// Cargo has one lock file a workspace, and chooses versions for all of it: in a copy ours is left
/// alone, and neither tests nor benchmarks have a say in what the published crates are built with.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("minimal", args)?;
    let nightly = match Nightly::find() {
        Ok(nightly) => nightly,
        Err(missing) => {
            nightly::skip("minimal", &missing);
            return Ok(());
        }
    };
    workspace_copy::make(Path::new(COPY))?;
    let manifest = ["--manifest-path", "target/minimal/Cargo.toml"];
    nightly
        .cargo()
        .args(["generate-lockfile", "-Zdirect-minimal-versions"])
        .args(manifest)
        .run()?;
    Process::cargo()
        .args(["check", "--locked", "--workspace", "--all-features"])
        .args(manifest)
        // Apart from the copy, which is made anew each time.
        .args(["--target-dir", "target/minimal-versions"])
        .run()
}

const COPY: &str = "target/minimal";
