//! Real Python loads what is written here: every case, in both dialects, in band and out of band.
//!
//! Runs where the variable `CANNING_PYTHON` names an interpreter with NumPy and ipyparallel;
//! `cargo xtask python` sets it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod support;

use std::{
    collections::BTreeMap,
    env,
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
};

use canning_python::{
    CanOptions, Dialect,
    ipyparallel::{self, Function, Reference, pack_apply_message},
};

use support::{
    cases::{self, bytes},
    random::Random,
    values::large,
};

#[test]
fn python_loads_every_case() {
    let Some(python) = python() else { return };
    let cases = cases::all();
    let mut sent = Vec::new();
    let mut about = Vec::new();
    for case in &cases {
        for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
            for threshold in [1024, 0, usize::MAX] {
                let options = CanOptions::new(dialect).inline_threshold(threshold);
                let number = u64::from(dialect == Dialect::Ipyparallel);
                sent.push((number, case.blobs(&options)));
                about.push((case, dialect, threshold));
            }
        }
    }
    let lines = load(&python, sent);
    assert_eq!(lines.len(), about.len());
    let mut failed = 0;
    for ((case, dialect, threshold), line) in about.iter().zip(&lines) {
        if *line != case.expected {
            failed += 1;
            eprintln!(
                "{} ({dialect:?}, {threshold}):\n    {line}\n    {}",
                case.name, case.expected
            );
        }
    }
    assert_eq!(failed, 0, "of {} loads", lines.len());
}

#[test]
fn python_loads_random_values() {
    let Some(python) = python() else { return };
    let seed = env::var("CANNING_SEED").ok().map_or(1, |seed| seed.parse().unwrap());
    let mut random = Random::new(seed);
    let mut sent = Vec::new();
    let mut expected = Vec::new();
    for _ in 0..500 {
        let (value, shown) = random.value(3);
        for (number, dialect) in [(0, Dialect::Pickle), (1, Dialect::Ipyparallel)] {
            for threshold in [1024, 0] {
                let options = CanOptions::new(dialect).inline_threshold(threshold);
                sent.push((number, cases::copied(options.can(&value).unwrap())));
                expected.push(shown.clone());
            }
        }
    }
    for (index, (found, expected)) in load(&python, sent).iter().zip(&expected).enumerate() {
        let same = found.chars().zip(expected.chars()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| text.chars().skip(same.saturating_sub(60)).take(120).collect();
        let (around_found, around_expected): (String, String) = (around(found), around(expected));
        assert!(
            found == expected,
            "load {index} with CANNING_SEED={seed}:\n{around_found}\n{around_expected}"
        );
    }
}

#[test]
fn python_unpacks_apply_messages() {
    let Some(python) = python() else { return };
    let numbers = large();
    let message = |kwargs| {
        let args = vec![ipyparallel::can(&numbers).unwrap(), ipyparallel::can(&5).unwrap()];
        let sum = Function::new("numpy.linalg", "svd");
        pack_apply_message(&sum, args, kwargs).unwrap().iter().map(bytes).collect()
    };
    let kwargs: BTreeMap<_, _> =
        [("b", ipyparallel::can(&numbers).unwrap()), ("a", ipyparallel::can(&"x").unwrap())].into();
    // Those at the top become what the engine has of that name.
    let reference = cases::copied(ipyparallel::can(&Reference::new("1 + 1")).unwrap());
    let inner = [("x", Reference::new("40 + 2"))];
    let inner = cases::copied(ipyparallel::can(&BTreeMap::from(inner)).unwrap());
    let lines = load(
        &python,
        vec![(2, message(kwargs)), (2, message(BTreeMap::new())), (1, reference), (1, inner)],
    );
    let array = "array('<f8', (256,), 1.0 ... 255.0, sum=32640.0)";
    assert_eq!(
        lines,
        [
            format!("(numpy.linalg.svd, ({array}, 5), {{'a': 'x', 'b': {array}}})"),
            format!("(numpy.linalg.svd, ({array}, 5), {{}})"),
            "2".into(),
            "{'x': 42}".into(),
        ]
    );
}

/// The interpreter; none where the tests run without Python.
fn python() -> Option<String> {
    let python = env::var("CANNING_PYTHON").ok();
    if python.is_none() {
        assert!(env::var_os("CANNING_PYTHON_REQUIRED").is_none(), "`CANNING_PYTHON` is not set");
        eprintln!("skipped: `CANNING_PYTHON` names no interpreter");
    }
    python
}

/// What Python shows of each, with warnings as errors.
fn load(python: &str, sent: Vec<(u64, Vec<Vec<u8>>)>) -> Vec<String> {
    const SCRIPT: &str = include_str!("python/load.py");
    let mut child = Command::new(python)
        .args(["-W", "error", "-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        let number = |value: u64, stdin: &mut dyn Write| stdin.write_all(&value.to_le_bytes());
        number(sent.len() as u64, &mut stdin)?;
        for (dialect, blobs) in &sent {
            number(*dialect, &mut stdin)?;
            number(blobs.len() as u64, &mut stdin)?;
            for blob in blobs {
                number(blob.len() as u64, &mut stdin)?;
                stdin.write_all(blob)?;
            }
        }
        stdin.flush()
    });
    let mut shown = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut shown).unwrap();
    writer.join().unwrap().unwrap();
    assert!(child.wait().unwrap().success());
    String::from_utf8_lossy(&shown).lines().map(str::to_owned).collect()
}
