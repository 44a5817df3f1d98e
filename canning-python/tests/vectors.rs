//! What Python wrote, described and compared with what Python says of it, every key.

#[path = "support/described.rs"]
mod support;

use std::path::Path;

use serde_json::json;
use support::{
    description,
    vectors::{Case, Tally, compare, folders},
};

/// Compares all the families that are kept here.
#[test]
fn all_vectors_are_described_as_python_does() {
    let mut tally = Tally::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for family in folders(&folder) {
        tally.family(&family, described);
    }
    tally.check();
    // Those that Python refuses to write hold nothing to read.
    let unwritten = [
        "ipp-p4/dict_mixed_keys",
        "ipp-p4/dtype_M8_ns",
        "ipp-p4/dtype_m8_s",
        "ipp-p4/struct_offsets",
        "pickle5-oob/memoryview_big",
        "pickle5-oob/memoryview_f8_2d",
        "pickle5-oob/memoryview_small",
        "pickle5-oob/memoryview_strided",
    ];
    assert_eq!(tally.unwritten, unwritten);
    assert!(tally.compared >= 600, "{}", tally.compared);
}

/// Compares one case.
fn described(case: &Case) -> Result<(), String> {
    let blobs = case.blobs.clone();
    let found = if case.family.starts_with("ipp-apply") {
        description::of_message(blobs)
    } else {
        description::of_object(blobs)
    };
    let found = found.map_err(|error| error.to_string())?;
    let expected = case.expect();
    if case.name == "prepickled" {
        // Its bytes are those of an array that was not prepared.
        assert_eq!(*expected, json!({"type": "ipyparallel", "what": "prepickled"}));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/ipp-p4/f8_1d_big");
        let same = Case::read(&folder);
        assert_eq!(case.blobs, same.blobs);
        return compare(same.expect(), &found);
    }
    compare(expected, &found)
}
