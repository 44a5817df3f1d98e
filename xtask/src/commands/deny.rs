//! `deny`: what the published crates depend on, as `deny.toml` allows it.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::skip;
use crate::process::Process;
use crate::tool;

/// Checks licences, duplicates and sources, then advisories where their database can be had.
///
/// The database is a git repository, which cargo-deny fetches. A machine that does not reach it
/// can say nothing about advisories, so that check is skipped, and said to be.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("deny", args)?;
    let deny = match tool::find("deny") {
        Ok(deny) => deny,
        Err(missing) => {
            skip("deny", &missing);
            return Ok(());
        }
    };
    check(&deny).args(["licenses", "bans", "sources"]).run()?;
    if deny.clone().args(["fetch", "db"]).probe().is_none() {
        skip("deny: advisories", "their database could not be fetched (`cargo deny fetch db`)");
        return Ok(());
    }
    check(&deny).args(["--disable-fetch", "advisories"]).run()
}

/// Cargo-deny warns of what `deny.toml` allows and nobody needs. That is an error too.
fn check(deny: &Process) -> Process {
    deny.clone().args(["check", "--deny", "warnings"])
}
