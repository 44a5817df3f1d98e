//! Tests under a sanitizer of nightly's.

use std::env;
use std::ffi::OsString;

use crate::error::Error;
use crate::nightly::Nightly;
use crate::process::Process;

/// What a sanitizer is told.
#[derive(Debug, Clone)]
pub(super) struct Sanitizer {
    /// Flags of the compiler.
    pub(super) rustflags: &'static str,
    /// The variables for the options of what runs, and these.
    pub(super) options: Vec<(&'static str, String)>,
}

impl Sanitizer {
    /// Runs these targets of a package, with all features; `name` selects tests.
    ///
    /// With a named target, the flags apply to what runs, not to build scripts and macros.
    pub(super) fn test(
        &self,
        nightly: &Nightly,
        package: &str,
        targets: &[&str],
        name: Option<&OsString>,
    ) -> Result<(), Error> {
        let test = self.cargo(nightly).args(["--package", package]).args(targets).args(name);
        test.args(["--", "--skip", MEASURES]).run()
    }

    fn cargo(&self, nightly: &Nightly) -> Process {
        let test = nightly.cargo().args(["test", "--target", nightly.host(), "--all-features"]);
        let test = test.env("RUSTFLAGS", self.rustflags);
        self.options.iter().fold(test, |test, (variable, options)| test.env(variable, options))
    }
}

/// The option to leave out what a file in this folder names.
pub(super) fn suppressions(file: &str) -> String {
    let here = env::current_dir().unwrap_or_default();
    format!("suppressions={}", here.join("xtask/src/commands").join(file).display())
}

/// Tests of what the process has in memory, most of which is the sanitizer's here.
const MEASURES: &str = "memory_stays_flat";
