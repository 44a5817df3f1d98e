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
                   `unsafe` may stand. Prints each violation as `path:line: message`.
  python [ARGS]    The tests that need Python: of the formats with NumPy 2 and NumPy 1, of the
                   client with a cluster that is started for it, and its examples. Makes
                   virtual environments in target/python, of PyPI's packages. ARGS go to
                   every `cargo test`.
  package [ARGS]   Packages the published crates and builds what was packaged.
                   ARGS go to `cargo package`.
  licences         That deny.toml allows the licence of all that the published crates are built
                   of. Prints each package that is not allowed.
  ci               lint, tidy, licences, test, msrv, python and package, and the time that
                   each took.

Checks that need more tools, and are skipped where a tool is missing
  asan [NAME]      The tests of the unsafe modules and of what stands on them, under
                   AddressSanitizer (nightly). NAME selects tests.
  miri [NAME]      The unit tests of the unsafe modules under Miri (nightly, miri, rust-src).
                   NAME selects other unit tests of the same crates.
  fuzz [TARGET [ARGS]]
                   Fuzzes TARGET until it fails, or every target for a minute each (nightly,
                   cargo-fuzz). ARGS go to the fuzzer.
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
