//! Random values go through real Python and come back: from Rust, and from Python.
//!
//! Runs where the variable `CANNING_PYTHON` names an interpreter with NumPy and ipyparallel;
//! `cargo xtask python` sets it. `CANNING_SEED` chooses the values, and `CANNING_CASES` how many.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test, which uses a part of the helpers"
)]

#[path = "support/rich.rs"]
mod rich;
mod support;

use std::{
    env,
    io::{BufReader, BufWriter, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use canning_core::{
    ArrayValue, CannedObject, ObjectArray, RecordValue, SharedBytes, Value, buffer::ArrayLayout,
};
use canning_python::{CanOptions, Dialect, Object};
use proptest::{
    prelude::Strategy,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use support::{cases::copied, random::Random};

#[test]
fn random_values_come_back_from_python() {
    let Some(mut python) = Python::start() else { return };
    let (first, count) = seeds(100);
    let mut read = 0;
    for seed in first..first + count {
        let (value, _) = Random::new(seed).value(3);
        for (format, dialect) in DIALECTS {
            for threshold in [1024, 0] {
                let fresh = CanOptions::new(dialect).inline_threshold(threshold);
                let fresh = fresh.can(&value).unwrap();
                // As Python has it: a record is a map, say.
                let expected = plain(&fresh.get::<Value, _>().unwrap());
                for (found, blobs) in python.formats_of(format, copied(fresh)) {
                    let object = restored(found, blobs);
                    let found_value = plain(&object.get::<Value, _>().unwrap());
                    assert_eq!(found_value, expected, "CANNING_SEED={seed} {dialect:?} {found:?}");
                    read += 1;
                }
            }
        }
    }
    eprintln!("{count} values from Rust, written by Python and read {read} times");
}

#[test]
fn random_structs_come_back_from_python() {
    let Some(mut python) = Python::start() else { return };
    let (first, count) = seeds(20);
    let mut read = 0;
    for seed in first..first + count {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut value = rich::rich().new_tree(&mut runner).unwrap().current();
        // Those ipyparallel cannot write.
        if seed % 2 == 0 {
            value.dates.clear();
            value.wides.clear();
        }
        for (format, dialect) in DIALECTS {
            let fresh = CanOptions::new(dialect).can(&value).unwrap();
            for (found, blobs) in python.formats_of(format, copied(fresh)) {
                let mut object = restored(found, blobs);
                let context = format!("CANNING_SEED={seed} {dialect:?} {found:?}");
                assert_eq!(object.get::<rich::Rich, _>().expect(&context), value, "{context}");
                assert_eq!(object.take::<rich::Rich, _>().expect(&context), value, "{context}");
                read += 1;
            }
        }
    }
    eprintln!("{count} structs from Rust, written by Python and read {read} times");
}

#[test]
fn random_objects_of_python_come_back_from_rust() {
    let Some(mut python) = Python::start() else { return };
    let (first, count) = seeds(200);
    let mut written = 0;
    for seed in first..first + count {
        for (index, (found, blobs)) in python.objects_of(seed).into_iter().enumerate() {
            let context = format!("CANNING_SEED={seed} format {index}, {found:?}");
            let mut object = restored(found, blobs);
            let value: Value = object.get().expect(&context);
            let taken: Value = object.take().expect(&context);
            for (format, dialect) in DIALECTS {
                for (threshold, value) in [(1024, &value), (0, &taken)] {
                    let options = CanOptions::new(dialect).inline_threshold(threshold);
                    let options = options.received_classes(true);
                    let again = copied(options.can(value).expect(&context));
                    let difference = python.difference(format, again);
                    assert_eq!(difference, "", "{context} {dialect:?} {threshold}");
                    written += 1;
                }
            }
        }
    }
    eprintln!("{count} objects from Python, written by Rust and compared {written} times");
}

const DIALECTS: [(u64, Dialect); 2] = [(0, Dialect::Pickle), (1, Dialect::Ipyparallel)];

/// The first seed, and how many.
fn seeds(count: u64) -> (u64, u64) {
    let number = |name| env::var(name).ok().map(|value: String| value.parse().unwrap());
    match (number("CANNING_SEED"), number("CANNING_CASES")) {
        (Some(seed), count) => (seed, count.unwrap_or(1)),
        (None, given) => (1, given.unwrap_or(count)),
    }
}

fn restored(dialect: Dialect, blobs: Vec<Vec<u8>>) -> Object<'static> {
    let mut blobs = blobs.into_iter().map(|blob| blob.into());
    Object::restore(dialect, blobs.next().unwrap(), blobs.collect()).unwrap()
}

/// Without what may differ: ipyparallel makes arrays contiguous, pickle keeps Fortran's order only,
/// and ipyparallel sorts small dicts. So arrays are put in C order, and maps sorted.
fn plain(value: &Value) -> Value {
    let all = |items: &[Value]| items.iter().map(plain).collect::<Vec<_>>();
    match value {
        Value::Some(value) => Value::Some(Box::new(plain(value))),
        Value::List(items) => Value::List(all(items)),
        Value::Tuple(items) => Value::Tuple(all(items)),
        Value::Map(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (plain(key), plain(value))).collect();
            entries.sort_by_cached_key(|(key, _)| format!("{key:?}"));
            Value::Map(entries)
        }
        Value::Record(record) => {
            let fields = all(record.fields());
            Value::Record(Box::new(RecordValue::new(record.name().clone(), fields).unwrap()))
        }
        Value::ObjectArray(array) => Value::ObjectArray(Box::new(
            ObjectArray::new(array.shape(), all(array.items())).unwrap(),
        )),
        Value::Array(array) => {
            let (size, bytes) = (array.dtype().item_size(), array.bytes().as_slice());
            let positions = array.layout().positions();
            let items = positions.flat_map(|at| &bytes[at * size..][..size]).copied().collect();
            let layout = ArrayLayout::c_order(array.shape()).unwrap();
            let items = SharedBytes::from_vec(items);
            let array = ArrayValue::from_parts(array.dtype().clone(), layout, items);
            Value::Array(Box::new(array.unwrap()))
        }
        value => value.clone(),
    }
}

/// A running interpreter that answers `tests/python/round_trip.py`'s requests.
struct Python {
    child: Child,
    requests: Option<BufWriter<ChildStdin>>,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// None where the tests run without Python.
    fn start() -> Option<Self> {
        let Ok(python) = env::var("CANNING_PYTHON") else {
            let required = env::var_os("CANNING_PYTHON_REQUIRED").is_some();
            assert!(!required, "`CANNING_PYTHON` is not set");
            eprintln!("skipped: `CANNING_PYTHON` names no interpreter");
            return None;
        };
        let mut child = Command::new(python)
            .args(["-W", "error", "-c", include_str!("python/round_trip.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let requests = child.stdin.take().map(BufWriter::new);
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Self { child, requests, answers })
    }

    /// What Python writes of an object that it loads.
    fn formats_of(&mut self, format: u64, blobs: Vec<Vec<u8>>) -> Vec<(Dialect, Vec<Vec<u8>>)> {
        self.ask_with(format, blobs);
        self.formats()
    }

    /// What Python writes of an object that it makes from a seed.
    fn objects_of(&mut self, seed: u64) -> Vec<(Dialect, Vec<Vec<u8>>)> {
        self.ask(&[2, seed]);
        self.flush();
        self.formats()
    }

    /// What is not as in the object that Python made last.
    fn difference(&mut self, format: u64, blobs: Vec<Vec<u8>>) -> String {
        self.ask_with(format + 3, blobs);
        String::from_utf8_lossy(&self.blob()).into_owned()
    }

    fn formats(&mut self) -> Vec<(Dialect, Vec<Vec<u8>>)> {
        let count = self.number();
        let all = (0..count).map(|_| {
            let (format, count) = (self.number(), self.number());
            let (_, dialect) = DIALECTS[usize::try_from(format).unwrap()];
            (dialect, (0..count).map(|_| self.blob()).collect())
        });
        all.collect()
    }

    fn ask_with(&mut self, request: u64, blobs: Vec<Vec<u8>>) {
        self.ask(&[request, blobs.len() as u64]);
        for blob in blobs {
            self.ask(&[blob.len() as u64]);
            self.requests.as_mut().unwrap().write_all(&blob).unwrap();
        }
        self.flush();
    }

    fn ask(&mut self, numbers: &[u64]) {
        for number in numbers {
            self.requests.as_mut().unwrap().write_all(&number.to_le_bytes()).unwrap();
        }
    }

    fn flush(&mut self) {
        self.requests.as_mut().unwrap().flush().unwrap();
    }

    fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.answers.read_exact(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    }

    fn blob(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(self.number()).unwrap()];
        self.answers.read_exact(&mut bytes).unwrap();
        bytes
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.requests.take());
        self.child.wait().unwrap();
    }
}
