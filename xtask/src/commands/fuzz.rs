//! `fuzz`: runs the fuzz targets.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::error::Error;
use crate::nightly::{self, Nightly};
use crate::process::Process;
use crate::workspace;

/// Fuzzes the named target until it fails, or every target for a minute each.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let nightly = match find() {
        Ok(nightly) => nightly,
        Err(missing) => {
            nightly::skip("fuzz", &missing);
            return Ok(());
        }
    };
    if let Some((target, rest)) = args.split_first() {
        return fuzz(&nightly, target).args(rest).run();
    }
    for target in workspace::targets_in(Path::new("fuzz/fuzz_targets"))? {
        fuzz(&nightly, OsStr::new(&target)).arg("-max_total_time=60").run()?;
    }
    Ok(())
}

fn find() -> Result<Nightly, String> {
    if !Path::new("fuzz/Cargo.toml").is_file() {
        return Err("there are no fuzz targets".to_owned());
    }
    let nightly = Nightly::find()?;
    if !nightly.has_subcommand("fuzz") {
        return Err("no cargo-fuzz (`cargo install cargo-fuzz` installs it)".to_owned());
    }
    Ok(nightly)
}

fn fuzz(nightly: &Nightly, target: &OsStr) -> Process {
    nightly.cargo().args(["fuzz", "run", "--fuzz-dir", "fuzz"]).arg(target).arg("--")
}
