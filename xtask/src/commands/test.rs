//! `test`: all tests and doc tests, in rounds of features.

use std::ffi::OsString;

use crate::error::Error;
use crate::process::Process;
use crate::workspace::{ALL_BUT_BENCH, BENCH, PUBLISHED};

/// Runs every round, and stops at the first that fails.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    for round in rounds() {
        round.args(args).run()?;
    }
    Ok(())
}

/// Default features, no default features, all features.
///
/// Cargo unites the features that several selected crates ask of a common dependency, so a round
/// without default features takes one crate at a time. The benchmarks come last: their peers take
/// long to build, and would change the features of what they share with others.
fn rounds() -> Vec<Process> {
    let test = Process::cargo().arg("test");
    let mut rounds = vec![test.clone().args(ALL_BUT_BENCH)];
    for name in PUBLISHED {
        rounds.push(test.clone().args(["--package", name, "--no-default-features"]));
    }
    rounds.push(test.clone().args(ALL_BUT_BENCH).arg("--all-features"));
    rounds.push(test.args(["--package", BENCH]));
    rounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_benchmarks_have_a_round_of_their_own() {
        let lines: Vec<String> = rounds().iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "cargo test --workspace --exclude canning-bench",
                "cargo test --package canning-derive --no-default-features",
                "cargo test --package canning-core --no-default-features",
                "cargo test --package canning-ndarray --no-default-features",
                "cargo test --package canning-wire --no-default-features",
                "cargo test --package canning-python --no-default-features",
                "cargo test --package canning-ipyparallel --no-default-features",
                "cargo test --workspace --exclude canning-bench --all-features",
                "cargo test --package canning-bench",
            ]
        );
    }
}
