//! A value to an engine of ipyparallel and back, next to ipyparallel's own client.

use std::{rc::Rc, sync::Arc, time::Duration};

use canning_ipyparallel::{
    ConnectionFile, Options, Variables,
    blocking::{Client, EngineView},
};
use canning_ndarray as _;
use ndarray::Array1;

use crate::{
    harness::{Bench, Case},
    python::Interpreter,
    subjects::Group,
};

/// `python/push` and `python/pull`: 64 MiB between a client and one engine, both clients at the
/// same cluster.
pub(super) fn groups() -> Vec<Group> {
    vec![Group::new("python/push", push), Group::new("python/pull", pull)]
}

fn push(bench: &mut Bench, id: &str) {
    let (python, engine) = start();
    let numbers = Arc::new(numbers());
    let borrowed = {
        let (engine, numbers) = (Rc::clone(&engine), Arc::clone(&numbers));
        Case::staged("canning", BYTES, move |watch| {
            watch.time(|| engine.push("pushed", &*numbers).unwrap());
            if watch.is_checked() {
                assert_eq!(engine.pull::<Array1<f64>, _>("pushed").unwrap(), *numbers);
            }
        })
    };
    let shared = Case::staged("canning_arc", BYTES, move |watch| {
        let variables = Variables::new().set_arc("pushed", &numbers);
        watch.time(|| engine.push_all(variables).unwrap());
        if watch.is_checked() {
            assert_eq!(engine.pull::<Array1<f64>, _>("pushed").unwrap(), *numbers);
        }
    });
    let cases = vec![borrowed, shared, python.case(PYTHON, BYTES, "push".into())];
    bench.group(id, PYTHON, cases);
}

fn pull(bench: &mut Bench, id: &str) {
    let (python, engine) = start();
    // Python's client has pushed it.
    let ours = Case::new(
        "canning",
        BYTES,
        || engine.pull::<Array1<f64>, _>("pulled").unwrap(),
        |array| assert_eq!(*array, numbers()),
    );
    bench.group(id, PYTHON, vec![ours, python.case(PYTHON, BYTES, "pull".into())]);
}

/// Both clients of a new cluster.
fn start() -> (Interpreter, Rc<EngineView>) {
    let (python, file) = Interpreter::start_cluster().unwrap();
    let file = ConnectionFile::read(file).unwrap();
    let client = Client::connect(&file, Options::default()).unwrap();
    let engine = client.wait_for_engines(1, Duration::from_secs(60)).unwrap().remove(0);
    (python, Rc::new(client.engine(engine.id).unwrap()))
}

fn numbers() -> Array1<f64> {
    Array1::from_iter((0..8 << 20).map(f64::from))
}

const BYTES: u64 = 64 << 20;
const PYTHON: &str = "python_client";
