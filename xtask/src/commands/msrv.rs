//! `msrv`: the published crates with the oldest compiler that they claim to work with.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::skip;
use crate::process::Process;
use crate::workspace::PUBLISHED;

/// Checks every published crate with that compiler, without and with all features.
///
/// Where the compiler in use is of that version, `lint` and `test` have built everything with
/// it. A newer one shows little: clippy, in `lint`, finds what the standard library gained since,
/// but not what the language did.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    arguments::none("msrv", args)?;
    let in_use = Process::new("rustc").arg("--version").probe();
    if in_use.as_deref().is_some_and(|version| is_of(version, OLDEST)) {
        eprintln!("rustc is of {OLDEST}, the oldest version supported: `lint` and `test` show it");
        return Ok(());
    }
    let toolchain = format!("{OLDEST}.0");
    // `rustup run`, unlike `cargo +…`, never installs a toolchain that is missing.
    let cargo = Process::new("rustup").args(["run", &toolchain, "cargo"]);
    if cargo.clone().arg("--version").probe().is_none() {
        let remedy = format!("`rustup toolchain install {toolchain}` installs it");
        skip("msrv", &format!("no toolchain {toolchain} ({remedy})"));
        return Ok(());
    }
    for name in PUBLISHED {
        for features in ["--no-default-features", "--all-features"] {
            cargo.clone().args(["check", "--package", name, features]).run()?;
        }
    }
    Ok(())
}

/// As every crate of the workspace says it: major and minor.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Whether `rustc --version` says that it is of this major and minor version.
fn is_of(version: &str, oldest: &str) -> bool {
    let number = version.split_whitespace().nth(1).and_then(|number| number.strip_prefix(oldest));
    number.is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_of_a_version_whatever_its_patch() {
        assert!(is_of("rustc 1.95.0 (59807616e 2026-04-14)", "1.95"));
        assert!(is_of("rustc 1.95.1", "1.95"));
        for other in ["rustc 1.96.0", "rustc 1.950.0", "rustc 1.9.5", "rustc", ""] {
            assert!(!is_of(other, "1.95"), "{other}");
        }
    }

    #[test]
    fn the_oldest_version_is_a_major_and_a_minor_one() {
        assert_eq!(OLDEST.split('.').count(), 2, "{OLDEST}");
    }
}
