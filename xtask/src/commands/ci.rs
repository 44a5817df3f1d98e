//! `ci`: everything that must hold before a change is merged.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use crate::commands::{arguments, fuzz, licences, lint, msrv, package, python, tidy};
use crate::error::Error;
use crate::process::Process;

/// Runs the steps, stops at the first that fails, and prints how long each took.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("ci", args)?;
    let mut times = Vec::new();
    let outcome = STEPS.iter().try_for_each(|(name, step)| {
        eprintln!("== {name}");
        let start = Instant::now();
        let outcome = step();
        times.push((*name, start.elapsed(), outcome.is_ok()));
        outcome
    });
    eprint!("{}", summary(&times));
    outcome
}

fn summary(times: &[(&str, Duration, bool)]) -> String {
    let line = |(name, time, passed): &(&str, Duration, bool)| {
        let verdict = if *passed { "" } else { "  failed" };
        format!("{name:8} {:7.1} s{verdict}\n", time.as_secs_f64())
    };
    times.iter().map(line).collect()
}

type Step = fn() -> Result<(), Error>;

const STEPS: &[(&str, Step)] = &[
    ("lint", || lint::run(&[])),
    ("tidy", || tidy::run(&[])),
    ("licences", || licences::run(&[])),
    // As a user would, because this is the line that the README gives.
    ("test", || Process::cargo().args(["xtask", "test"]).run()),
    ("msrv", || msrv::run(&[])),
    ("python", || python::run(&[])),
    ("package", || package::run(&[])),
    // Enough to find what is broken badly. It goes further where it is run for longer.
    // The same inputs each time: a change is not to fail for what another has left.
    ("fuzz", || fuzz::run(&["--seconds", "20", "--seed", "1"].map(Into::into))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_has_a_line_for_each_step_that_ran() {
        let times = [
            ("lint", Duration::from_millis(1250), true),
            ("tidy", Duration::from_secs(100), false),
        ];
        assert_eq!(summary(&times), "lint         1.2 s\ntidy       100.0 s  failed\n");
    }
}
