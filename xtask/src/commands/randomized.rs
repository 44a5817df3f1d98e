//! `randomized`: tests with the fields of our types in another order.

use std::ffi::OsString;

use crate::commands::arguments;
use crate::error::Error;
use crate::nightly::{self, Nightly};

/// Tests the crates that look at the memory of types, with layouts of two seeds.
///
/// What has a layout that may be relied upon says so, by `repr`; all else may lie anyhow.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let name = arguments::at_most_one("randomized", args)?;
    let nightly = match Nightly::find() {
        Ok(nightly) => nightly,
        Err(missing) => {
            nightly::skip("randomized", &missing);
            return Ok(());
        }
    };
    for seed in SEEDS {
        let ours =
            format!(r#"profile.dev.rustflags=["-Zrandomize-layout", "-Zlayout-seed={seed}"]"#);
        let mut test = nightly.cargo().args(["test", "--target", nightly.host()]);
        test = test.args(["-Zprofile-rustflags", "--config", &ours, "--config", OTHERS]);
        for package in PACKAGES {
            test = test.args(["--package", package]);
        }
        test.args(["--all-features", "--lib", "--tests"])
            .args(name)
            // It compares messages of the compiler, which says sizes, too.
            .args(["--", "--skip", "mistakes_are_explained"])
            .run()?;
    }
    Ok(())
}

/// Other crates keep their layouts: some assert the size of their types.
const OTHERS: &str = r#"profile.dev.package."*".rustflags=[]"#;

const SEEDS: [u32; 2] = [1, 2];

const PACKAGES: [&str; 5] =
    ["canning-core", "canning-derive", "canning-ndarray", "canning-wire", "canning-tests"];
