//! Python's objects with bytes changed: read or refused, but no panic, and no memory beyond the
//! limits.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helper functions of tests")]

use std::{collections::BTreeMap, fs, path::Path};

use canning_core::{Buffer, CannedObject, Value};
use canning_python::{
    Dialect, Limits, Object,
    view::{Item, View},
};
use proptest::{collection::vec, prelude::*, sample::Index};

/// The blobs of every golden object, and its name.
fn golden() -> Vec<(String, Vec<Vec<u8>>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden_read");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let blobs = |bytes: &[u8]| {
        let (mut blobs, mut rest) = (Vec::new(), bytes);
        while let Some((len, more)) = rest.split_first_chunk::<8>() {
            let len = usize::try_from(u64::from_le_bytes(*len)).unwrap();
            blobs.push(more[..len].to_vec());
            rest = &more[len..];
        }
        blobs
    };
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), blobs(&fs::read(path).unwrap()))).collect()
}

/// Looks at all there is, so deep.
fn look(item: Item<'_>, depth: usize, left: &mut usize) {
    let Some(less) = left.checked_sub(1) else { return };
    *left = less;
    let (Ok(view), Some(depth)) = (item.view(), depth.checked_sub(1)) else { return };
    drop(format!("{view:?}"));
    let mut all = |items: Vec<Item<'_>>| items.into_iter().for_each(|item| look(item, depth, left));
    match view {
        View::List(items) | View::Tuple(items) | View::Set(items) | View::FrozenSet(items) => {
            all(items.iter().take(100).collect());
        }
        View::Dict(entries) | View::OrderedDict(entries) => {
            all(entries.iter().take(100).flat_map(|(key, value)| [key, value]).collect());
        }
        View::ObjectArray(array) => all(array.items().iter().take(100).collect()),
        View::Array(array) => {
            drop(array.dtype().to_string());
            let _ = array.is_c_contiguous() || array.is_f_contiguous();
            if let Ok(items) = array.items() {
                assert!(items.take(100).all(|item| item.len() == array.dtype().item_size()));
            }
        }
        View::Opaque(opaque) | View::Function(opaque) => {
            all(opaque.args().iter().chain(opaque.state()).take(100).collect());
        }
        _ => {}
    }
}

fn limits() -> Limits {
    Limits { visits: 100_000, expansion: 1 << 20, made_bytes: 1 << 20, ..Limits::default() }
}

fn read(dialect: Dialect, blobs: &[Vec<u8>]) {
    let mut blobs = blobs.iter().map(|blob| Buffer::from(blob.clone()));
    let Some(header) = blobs.next() else { return };
    let Ok(mut object) = Object::restore_with(dialect, header, blobs.collect(), limits()) else {
        return;
    };
    if let Ok(item) = object.item() {
        look(item, 8, &mut 2000);
    }
    let value = object.get::<Value, _>();
    drop(object.get::<BTreeMap<String, Vec<f64>>, _>());
    drop(object.buffer_aligns());
    let taken = object.take::<Value, _>();
    assert_eq!(value.is_ok(), taken.is_ok());
    if let (Ok(value), Ok(taken)) = (value, taken) {
        // NaNs are not equal to themselves.
        assert_eq!(value.to_string(), taken.to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn changed_objects_are_read_or_refused(
        which: Index,
        changes in vec((any::<Index>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        let golden = golden();
        let (name, mut blobs) = golden[which.index(golden.len())].clone();
        for (place, byte, how) in changes {
            let header = &mut blobs[0];
            let at = place.index(header.len().max(1));
            match how {
                0 => header[at] = byte,
                1 => header[at] ^= 1 << (byte % 8),
                2 => drop(header.remove(at)),
                _ => header.insert(at, byte),
            }
        }
        let dialect = if name.ends_with("ipp") { Dialect::Ipyparallel } else { Dialect::Pickle };
        read(dialect, &blobs);
    }
}

/// As many as `PROPTEST_CASES` says, or a few.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500)
}

#[test]
fn beginnings_are_refused() {
    for (name, blobs) in golden() {
        let dialect = if name.ends_with("ipp") { Dialect::Ipyparallel } else { Dialect::Pickle };
        let header = &blobs[0];
        for end in (0..header.len()).step_by(1 + header.len() / 200) {
            let mut buffers = blobs[1..].iter().map(|blob| Buffer::from(blob.clone()));
            let cut = header[..end].to_vec().into();
            let object = Object::restore(dialect, cut, buffers.by_ref().collect());
            assert!(object.is_err(), "{name} {end}");
        }
    }
}
