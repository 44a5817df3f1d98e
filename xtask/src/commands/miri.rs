//! `miri`: the unsafe modules' unit tests under Miri.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::{self, Nightly};

/// Interprets the tests, or says what is missing.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let name = arguments::at_most_one("miri", args)?;
    let nightly = match find() {
        Ok(nightly) => nightly,
        Err(missing) => {
            nightly::skip("miri", &missing);
            return Ok(());
        }
    };
    for (package, modules) in UNSAFE_MODULES {
        let test = nightly.cargo().args(["miri", "test", "--package", package]);
        let test = test.args(["--all-features", "--lib", "--"]);
        match name {
            Some(name) => test.arg(name).run()?,
            None => test.args(*modules).run()?,
        }
    }
    Ok(())
}

fn find() -> Result<Nightly, String> {
    let nightly = Nightly::find()?;
    if !nightly.has_subcommand("miri") {
        return Err("nightly has no component `miri`".to_owned());
    }
    // Without the sources, Miri would ask for them, or install them unasked.
    if !nightly.has_std_source() {
        return Err("nightly has no component `rust-src`".to_owned());
    }
    Ok(nightly)
}

/// The modules that hold `unsafe`, as the test harness filters for them.
const UNSAFE_MODULES: &[(&str, &[&str])] =
    &[("canning-core", &["buffer::", "element::"]), ("canning-ndarray", &["strided::"])];
