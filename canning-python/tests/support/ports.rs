//! What ipyparallel wrote for the values of its own tests.

use std::{fs, path::Path};

use canning_core::{
    Buffer, Can, Element, Result, Uncan,
    array::{can_run, uncan_array},
    buffer::{Allocation, Run},
    visitor::{Canner, Uncanner},
};
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

/// An array: its shape, and its items in C order.
#[derive(Debug, PartialEq)]
pub(crate) struct Nd<T>(pub(crate) Vec<usize>, pub(crate) Vec<T>);

impl<T: Element + Can> Can for Nd<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_run(Run::of_c_order(&self.1, &self.0)?, canner)
    }
}

impl<'b, T: Element + Uncan<'b>> Uncan<'b> for Nd<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let array = uncan_array(uncanner)?;
        let shape = array.layout.shape().to_vec();
        let (items, copied) = array.into_c_order()?;
        uncanner.count_copy(copied);
        Ok(Self(shape, items))
    }
}
