//! `valgrind`: the demo and tests of the unsafe modules under valgrind's memcheck.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::skip;
use crate::process::Process;

/// Runs them on stable, as they are for users; an error or a leak fails.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("valgrind", args)?;
    if Process::new("valgrind").arg("--version").probe().is_none() {
        skip("valgrind", "no valgrind");
        return Ok(());
    }
    let version = Process::new("rustc").arg("-vV").probe().unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let runner = format!("CARGO_TARGET_{}_RUNNER", host.replace('-', "_").to_uppercase());
    let cargo = || Process::cargo().env(&runner, MEMCHECK);
    for (package, targets, tests) in TESTS {
        let test = cargo().args(["test", "--package", package, "--all-features"]);
        test.args(*targets).args(["--", "--test-threads=1"]).args(*tests).run()?;
    }
    let demo = ["run", "--package", "canning-demo", "--bin", "demo", "--"];
    cargo().args(demo).args(["--mib", "1"]).run()
}

/// Only what nobody can reach any more is a leak: the test harness keeps threads and names.
const MEMCHECK: &str = "valgrind --quiet --error-exitcode=99 --leak-check=full \
                        --show-leak-kinds=definite --errors-for-leak-kinds=definite \
                        --trace-children=yes --fair-sched=yes";

type Tests = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Packages, their targets, and names of tests; the last few, as it takes long.
const TESTS: &[Tests] = &[
    ("canning-core", &["--lib"], &["buffer::"]),
    ("canning-ndarray", &["--lib"], &["strided::"]),
    // valgrind keeps descriptors of its own, and does not start where a process may have but a few.
    (
        "canning-wire",
        &["--test", "file_maps", "--test", "shm_hostile"],
        &["--skip", "nothing_follows_descriptors_that_were_cut_off"],
    ),
];
