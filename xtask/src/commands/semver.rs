//! `semver`: whether the published API has changed as the version says.

use std::ffi::OsString;

use crate::error::Error;
use crate::nightly::skip;
use crate::process::Process;
use crate::tool;
use crate::workspace::PUBLISHED;

/// Compares with the last release, or with the baseline that the arguments name.
///
/// A release is a git tag: what was published was tagged, and a tag needs no registry.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let check = match tool::find("semver-checks") {
        Ok(check) => check,
        Err(missing) => {
            skip("semver", &missing);
            return Ok(());
        }
    };
    let check = check.args(PUBLISHED.iter().filter(|name| **name != MACROS).flat_map(package));
    let check = check.arg("--all-features");
    if !args.is_empty() {
        return check.args(args).run();
    }
    match last_release() {
        Some(tag) => check.args(["--baseline-rev", &tag]).run(),
        None => {
            skip("semver", "nothing to compare with: no release is tagged (`v1.2.3`)");
            Ok(())
        }
    }
}

/// What it exports is a macro's grammar, which no tool compares; canning-tests has tests of it.
const MACROS: &str = "canning-derive";

fn package<'a>(name: &&'a str) -> [&'a str; 2] {
    ["--package", name]
}

fn last_release() -> Option<String> {
    let describe = ["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"];
    let tag = Process::new("git").args(describe).probe()?;
    Some(tag.trim().to_owned()).filter(|tag| !tag.is_empty())
}
