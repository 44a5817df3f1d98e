//! `package`: what would be published, built as a user would get it.

use std::ffi::OsString;

use crate::error::Error;
use crate::process::Process;
use crate::workspace::PUBLISHED;

/// Packages the published crates together, so that each finds those it depends on before any
/// of them is published. Uncommitted changes are packaged too.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let packages = PUBLISHED.iter().flat_map(|name| ["--package", name]);
    Process::cargo().args(["package", "--allow-dirty"]).args(packages).args(args).run()
}
