//! Python's formats, next to Python's own writers and readers.

use std::collections::BTreeMap;

use canning_core::{Buffer, Can, CannedObject, Result};
use canning_ndarray as _;
use canning_python::{Dialect, Object, ipyparallel, pickle};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};

use crate::{
    harness::{Bench, Case},
    python::Interpreter,
    subjects::Group,
};

/// `python/write_VALUE`: a value becomes a list of contiguous blobs. `python/send_VALUE`: its bytes
/// go into warm memory, as into that of a socket. `python/read_VALUE`: arrays
/// that are views of such blobs.
pub(super) fn groups() -> Vec<Group> {
    vec![
        Group::new("python/write_contiguous", |bench, id| {
            write(bench, id, "contiguous", &contiguous(), ARRAY);
        }),
        Group::new("python/write_strided", |bench, id| {
            write(bench, id, "strided", &wide().slice(s![.., ..;2]), ARRAY);
        }),
        Group::new("python/send_contiguous", |bench, id| {
            send(bench, id, "contiguous", &contiguous(), ARRAY);
        }),
        Group::new("python/send_strided", |bench, id| {
            send(bench, id, "strided", &wide().slice(s![.., ..;2]), ARRAY);
        }),
        Group::new("python/write_dict", |bench, id| write(bench, id, "dict", &dict(), DICT)),
        Group::new("python/write_small", |bench, id| write(bench, id, "small", &small(), SMALL)),
        Group::new("python/read_contiguous", |bench, id| {
            let value = contiguous();
            read(bench, id, "contiguous", &value, ARRAY, |object| {
                object.get().map(|array: ArrayView1<'_, f64>| array.len())
            });
        }),
        Group::new("python/read_strided", |bench, id| {
            let value = wide();
            read(bench, id, "strided", &value.slice(s![.., ..;2]), ARRAY, |object| {
                object.get().map(|array: ArrayView2<'_, f64>| array.len())
            });
        }),
        Group::new("python/read_dict", |bench, id| {
            read(bench, id, "dict", &dict(), DICT, |object| {
                let arrays: BTreeMap<&str, ArrayView1<'_, f64>> = object.get()?;
                Ok(arrays.values().map(ArrayView1::len).sum())
            });
        }),
        Group::new("python/read_small", |bench, id| {
            read(bench, id, "small", &small(), SMALL, |object| {
                // In the header memory lies where it comes, so these are copied out of it.
                let arrays: Vec<Array1<f64>> = object.get()?;
                Ok(arrays.iter().map(Array1::len).sum())
            });
        }),
    ]
}

fn write<T: Can<V>, V>(bench: &mut Bench, id: &str, name: &str, value: &T, bytes: u64) {
    let ours = |implementation, dialect| {
        let write = move || blobs(value, dialect);
        Case::new(implementation, bytes, write, move |blobs| {
            let total: usize = blobs.iter().map(Buffer::len).sum();
            assert!(blobs.iter().all(|blob| blob.as_slice().is_some()));
            assert!(total as u64 >= bytes);
        })
    };
    compare(bench, id, &format!("write/%/{name}"), bytes, ours);
}

fn send<T: Can<V>, V>(bench: &mut Bench, id: &str, name: &str, value: &T, bytes: u64) {
    let ours = |implementation, dialect| {
        let mut stream: Vec<u8> = vec![1; usize::try_from(bytes).unwrap() + 4096];
        Case::staged(implementation, bytes, move |watch| {
            let sent = watch.time(|| {
                let mut rest = stream.as_mut_slice();
                for blob in canned(value, dialect).into_blobs() {
                    let (place, after) = rest.split_at_mut(blob.len());
                    blob.copy_to(place).unwrap();
                    rest = after;
                }
                rest.len()
            });
            assert!(sent < 4096);
        })
    };
    compare(bench, id, &format!("send/%/{name}"), bytes, ours);
}

fn read<T: Can<V>, V>(
    bench: &mut Bench,
    id: &str,
    name: &str,
    value: &T,
    bytes: u64,
    items: impl Fn(&Object<'_>) -> Result<usize> + Copy,
) {
    let ours = |implementation, dialect| {
        let received: Vec<_> =
            blobs(value, dialect).into_iter().map(|blob| blob.to_allocation(64).unwrap()).collect();
        let work = move || {
            let mut blobs = received.iter().map(|blob| Buffer::borrowed(blob.as_slice()));
            let header = blobs.next().unwrap();
            let object = Object::restore(dialect, header, blobs.collect()).unwrap();
            items(&object).unwrap()
        };
        Case::new(implementation, bytes, work, move |items| assert_eq!(*items as u64 * 8, bytes))
    };
    compare(bench, id, &format!("read/%/{name}"), bytes, ours);
}

/// Measures both of our formats next to Python's.
fn compare<'a>(
    bench: &mut Bench,
    id: &str,
    case: &str,
    bytes: u64,
    ours: impl Fn(&'static str, Dialect) -> Case<'a>,
) {
    let python = Interpreter::start().unwrap();
    let theirs =
        |implementation, format| python.case(implementation, bytes, case.replace('%', format));
    let cases = vec![
        ours("canning_ipyparallel", Dialect::Ipyparallel),
        theirs(IPYPARALLEL, "serialize_object"),
        ours("canning_pickle", Dialect::Pickle).next_to(PICKLE),
        theirs(PICKLE, "pickle5").next_to(PICKLE),
    ];
    bench.group(id, IPYPARALLEL, cases);
}

/// The blobs, each in one piece: what lies strided is copied, as Python does.
fn blobs<T: Can<V>, V>(value: &T, dialect: Dialect) -> Vec<Buffer<'_>> {
    canned(value, dialect).into_blobs().into_iter().map(in_one_piece).collect()
}

fn canned<T: Can<V>, V>(value: &T, dialect: Dialect) -> Object<'_> {
    let object = match dialect {
        Dialect::Ipyparallel => ipyparallel::can(value),
        _ => pickle::can(value),
    };
    object.unwrap()
}

fn in_one_piece(blob: Buffer<'_>) -> Buffer<'_> {
    match blob.as_slice() {
        Some(_) => blob,
        // As NumPy aligns its own memory.
        None => blob.to_allocation(16).unwrap().into(),
    }
}

fn contiguous() -> Array1<f64> {
    Array1::from_iter((0..8 << 20).map(f64::from))
}

fn wide() -> Array2<f64> {
    let numbers = Array1::from_iter((0..16 << 20).map(f64::from));
    numbers.into_shape_with_order((4096, 4096)).unwrap()
}

fn dict() -> BTreeMap<String, Array1<f64>> {
    let array = || Array1::from_iter((0..125_000).map(f64::from));
    (0..50).map(|number| (format!("array{number:02}"), array())).collect()
}

fn small() -> Vec<Array1<f64>> {
    (0..1000).map(|_| Array1::from_iter((0..10).map(f64::from))).collect()
}

const ARRAY: u64 = 64 << 20;
const DICT: u64 = 50 * 1_000_000;
const SMALL: u64 = 1000 * 80;

const IPYPARALLEL: &str = "python_serialize_object";
const PICKLE: &str = "python_pickle5";
