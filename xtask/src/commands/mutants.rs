//! `mutants`: whether a test fails when the code does something else.

use std::ffi::OsString;

use crate::error::Error;
use crate::nightly::skip;
use crate::tool;

/// Changes canning-core and canning-wire in one place at a time, and runs their tests each time.
///
/// `.cargo/mutants.toml` says what is left out, and `docs/mutants.md` which of those that no test
/// notices are known. Without arguments it takes many hours.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let mutants = match tool::find("mutants") {
        Ok(mutants) => mutants,
        Err(missing) => {
            skip("mutants", &missing);
            return Ok(());
        }
    };
    let mutants = mutants.args(["--output", "target", "--package", "canning-core"]);
    mutants.args(["--package", "canning-wire"]).args(args).run()
}
