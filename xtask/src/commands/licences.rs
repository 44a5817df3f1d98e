//! `licences`: what the published crates are built of, by licence, with cargo alone.

mod expression;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use self::expression::is_satisfied;
use crate::commands::arguments;
use crate::error::Error;
use crate::process::{self, Process};
use crate::workspace::PUBLISHED;

/// Prints each package whose licence `deny.toml` does not allow, and fails if there are any.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("licences", args)?;
    let policy = fs::read_to_string(POLICY)
        .map_err(|source| Error::Io { path: Path::new(POLICY).to_owned(), source })?;
    let allowed = allowed(&policy);
    let refused = refused(&tree().capture()?, &allowed);
    let lines: String = refused.iter().map(|line| format!("{line}\n")).collect();
    process::print(&lines);
    match refused.len() {
        0 => Ok(()),
        packages => Err(Error::Unlicensed { packages }),
    }
}

const POLICY: &str = "deny.toml";

/// Lists all that a user's build may hold, on any platform, as `licence|package version`.
fn tree() -> Process {
    Process::cargo()
        .args(["tree", "--all-features", "--target", "all", "--edges", "normal,build"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{l}|{p}"])
        .args(PUBLISHED.iter().flat_map(|name| ["--package", name]))
}

/// The strings of the list `allow` in the table `licenses`.
fn allowed(policy: &str) -> Vec<&str> {
    let table = policy.split("\n[licenses]").nth(1).unwrap_or_default();
    let table = table.split("\n[").next().unwrap_or_default();
    let list = table.split("\nallow = [").nth(1).unwrap_or_default();
    let list = list.split(']').next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

/// `package version: licence` of each package whose licence is not allowed.
fn refused(tree: &str, allowed: &[&str]) -> BTreeSet<String> {
    let packages = tree.lines().filter_map(|line| line.split_once('|'));
    packages
        .filter(|(licence, _)| !is_satisfied(licence, allowed))
        .map(|(licence, package)| {
            let licence = if licence.is_empty() { "no licence is stated" } else { licence };
            format!("{package}: {licence}")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_list_of_the_policy_is_found() {
        let policy = "[bans]\nallow = [\"no\"]\n\n[licenses]\n# Few.\nallow = [\n    \"MIT\",\n    \
                      \"Zlib\",\n]\n\n[sources]\nallow = [\"no\"]\n";
        assert_eq!(allowed(policy), ["MIT", "Zlib"]);
        assert!(allowed("[bans]\nallow = [\"no\"]\n").is_empty());

        workspace::enter_root().unwrap();
        assert!(allowed(&fs::read_to_string(POLICY).unwrap()).contains(&"MIT"));
    }

    #[test]
    fn packages_are_refused_once_each_with_their_licence() {
        let tree = "MIT|ours v0.1.0\nGPL-3.0-only|theirs v1.0.0\n\nMIT|other v2.0.0\n\
                    |silent v3.0.0\nGPL-3.0-only|theirs v1.0.0\n";
        let refused: Vec<String> = refused(tree, &["MIT"]).into_iter().collect();
        assert_eq!(refused, ["silent v3.0.0: no licence is stated", "theirs v1.0.0: GPL-3.0-only"]);
    }
}
