//! `mutants`: whether a test fails when the code does something else.

use std::ffi::OsString;
use std::fs;

use crate::error::Error;
use crate::nightly::skip;
use crate::tool;

/// Changes canning-core and canning-wire in one place at a time, and runs the tests each time.
///
/// `.cargo/mutants.toml` says what is left out, and `docs/mutants.md` which of those that no test
/// notices are known. Without arguments it takes many hours.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    for (package, tests) in PACKAGES {
        let mutants = match tool::find("mutants") {
            Ok(mutants) => mutants,
            Err(missing) => {
                skip("mutants", &missing);
                return Ok(());
            }
        };
        let output = format!("target/mutants/{package}");
        fs::create_dir_all(&output)
            .map_err(|source| Error::Io { path: output.clone().into(), source })?;
        let mutants = mutants.args(["--output", &output, "--package", package]);
        let mutants = mutants.args(tests.iter().flat_map(|tests| ["--test-package", tests]));
        mutants.args(args).run()?;
    }
    Ok(())
}

/// What is changed, and the packages whose tests may notice: what core promises to formats and
/// adapters is tested through them.
const PACKAGES: [(&str, &[&str]); 2] = [
    ("canning-core", &["canning-core", "canning-ndarray", "canning-wire", "canning-tests"]),
    ("canning-wire", &["canning-wire", "canning-tests"]),
];
