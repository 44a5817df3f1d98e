//! The one help text.

use crate::process;

/// Prints the help to standard output.
pub(crate) fn print() {
    process::print(HELP);
}

/// The commands that the help lists, each by the first word of its entry.
#[cfg(test)]
pub(crate) fn commands() -> impl Iterator<Item = &'static str> {
    HELP.lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|entry| entry.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|entry| entry.split_whitespace().next())
}

const HELP: &str = "\
The project's own commands. Each prints what it runs, and runs it at the workspace's root,
so paths in arguments are relative to the root.

Usage: cargo xtask <command> [arguments]

Checks
  test [ARGS]      All tests and doc tests: default features, no default features of each
                   published crate, all features; the benchmarks once. ARGS go to every
                   `cargo test`: `cargo xtask test -- NAME` runs the tests named so.
  lint             Formatting, clippy and rustdoc; every warning is an error. Rustdoc leaves
                   canning-bench out.
  tidy             Our own rules: docs, file budgets, nothing unfinished, layers, where
                   `unsafe` may stand, and that docs/unsafe.md lists it. Prints each
                   violation as `path:line: message`.
  python [ARGS]    The tests that need Python: of the formats with NumPy 2 and NumPy 1, of the
                   client with a cluster that is started for it, and its examples. Makes
                   virtual environments in target/python, of PyPI's packages. ARGS go to
                   every `cargo test`.
  package [ARGS]   Packages the published crates and builds what was packaged.
                   ARGS go to `cargo package`.
  licences         That deny.toml allows the licence of all that the published crates are built
                   of. Prints each package that is not allowed.
  ci               lint, tidy, licences, test, msrv, python and package, and the time that each
                   took.

Checks that need more tools, and are skipped where a tool is missing
  asan [NAME]      The tests of the crates with unsafe code and of what stands on them, with
                   all features, under AddressSanitizer, which finds leaks too (nightly).
                   NAME selects tests.
  tsan [NAME]      The tests in which threads share memory, under ThreadSanitizer (nightly).
                   NAME selects tests.
  randomized [NAME]
                   The tests of core, derive, ndarray, wire and canning-tests with the fields
                   of types in random order, for two seeds (nightly). NAME selects tests.
  valgrind         The demo, and tests of the unsafe modules, under valgrind's memcheck.
  miri [NAME]      The unit tests of the unsafe modules under Miri (nightly, miri, rust-src).
                   NAME selects other unit tests of the same crates.
  fuzz [--seconds N] [--seed N] [TARGET]
                   Fuzzes TARGET, or every target, for N seconds each, or a minute (nightly, a C++
                   compiler), and prints a table. What it finds is in fuzz/artifacts; what makes
                   it go further is kept in fuzz/corpus for the next time. With a seed the inputs
                   are the same again, from the same corpus.
  deny             What the published crates depend on: licences, duplicates, sources, and
                   advisories where their database can be fetched (cargo-deny).
  minimal          Builds the published crates with the lowest versions of what they depend on
                   that they allow (nightly, to choose them).
  msrv             Builds the published crates with the oldest Rust that they allow.
  semver [ARGS]    Compares the published API with the last release (cargo-semver-checks).
                   Among ARGS: `--baseline-rev REV`, `--baseline-version VERSION`.
  mutants [ARGS]   Changes canning-core and canning-wire in one place after the other, and says
                   which changes no test notices (cargo-mutants). Takes hours. Among ARGS:
                   `--file GLOB`, `--shard 1/8`, `--iterate`.

Checks that need more memory and time, and are no part of ci
  big              An array of 6 GiB over a socket and in a file, 2^20 buffers in one message,
                   2^20 messages in one file, in release mode; prints the peak memory of each
                   end. Skips what the machine has no memory (15 GiB) or disk (7 GiB) for.

Work
  bless            Rewrites what tests compare with: compiler messages (.stderr), expansions
                   of the derive, wire vectors. Read the difference before committing it.
  demo [ARGS]      The demo: canning-demo's `demo`, in release mode, with ARGS:
                   `--transport unix|tcp|file|shm|zmq`, and files to send.
  tour             The tour: canning-demo's example of that name.
  bench [ARGS]     The benchmarks, in release mode. Among ARGS: `--json FILE` writes the
                   results, `--markdown FILE` tables and charts, `--filter TEXT` selects
                   benchmarks by id, `--quick` measures briefly.
  help             This text.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_wide_for_a_terminal() {
        for line in HELP.lines() {
            assert!(line.len() <= 100, "{line}");
        }
    }
}
