//! What the Python that is installed writes, all protocols, described and compared.
//!
//! `CANNING_PYTHON` names the interpreter; with `CANNING_PYTHON_REQUIRED=1` it has to be there.

#[path = "support/described.rs"]
mod support;

use std::{env, fs, path::Path, process::Command};

use support::{
    description,
    vectors::{Case, Tally, compare, folders},
};

#[test]
fn what_python_writes_now_is_described_as_it_does() {
    let Some(python) = env::var_os("CANNING_PYTHON") else {
        let required = env::var_os("CANNING_PYTHON_REQUIRED").is_some_and(|value| value == "1");
        assert!(!required, "CANNING_PYTHON does not name an interpreter");
        eprintln!("CANNING_PYTHON does not name an interpreter: nothing was compared");
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // A folder for each interpreter, so that two may be tried at a time.
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("live-vectors-{}", std::process::id()));
    let status = Command::new(python)
        .arg(root.join("tests/python/make_vectors.py"))
        .arg(&folder)
        .status()
        .expect("CANNING_PYTHON can be run");
    assert!(status.success(), "{status}");

    let mut tally = Tally::default();
    for family in folders(&folder) {
        tally.family(&family, described);
    }
    fs::remove_dir_all(&folder).unwrap();
    tally.check();
    eprintln!("{} compared, {} that Python does not write", tally.compared, tally.unwritten.len());
    assert!(tally.compared > 800, "{}", tally.compared);
}

fn described(case: &Case) -> Result<(), String> {
    let blobs = case.blobs.clone();
    let found = if case.family.starts_with("ipp-apply") {
        description::of_message(blobs)
    } else {
        description::of_object(blobs)
    };
    compare(case.expect(), &found.map_err(|error| error.to_string())?)
}
