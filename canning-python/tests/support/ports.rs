//! What ipyparallel wrote for the values of its own tests.

use std::{fs, path::Path};

use canning_core::{Buffer, buffer::Allocation};
use canning_python::{Object, ipyparallel::deserialize_object};

/// The object of a case; it has all its blobs.
pub(crate) fn port(case: &str) -> Object<'static> {
    let (object, rest) = deserialize_object(blobs_of(case)).unwrap();
    assert!(rest.is_empty(), "{case}");
    object
}

/// The header and the buffers of a case.
pub(crate) fn blobs_of(case: &str) -> Vec<Buffer<'static>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ports").join(case);
    let mut blobs = vec![blob(&folder.join("header.pickle"))];
    for number in 0.. {
        let path = folder.join(format!("buf{number}.bin"));
        if !path.exists() {
            break;
        }
        blobs.push(blob(&path));
    }
    blobs
}

fn blob(path: &Path) -> Buffer<'static> {
    let bytes = fs::read(path).unwrap();
    let mut blob = Allocation::zeroed(bytes.len(), 64).unwrap();
    blob.as_mut_slice().copy_from_slice(&bytes);
    blob.into()
}
