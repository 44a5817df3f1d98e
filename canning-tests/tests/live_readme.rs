//! The README's lines of Python, run by real Python with what the README's lines of Rust give.
//!
//! Runs where the variable `CANNING_PYTHON` names an interpreter with NumPy; `cargo xtask python`
//! sets it.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::{
    env,
    io::{Read, Write},
    process::{Command, Stdio},
    thread,
};

use canning_core::{Buffer, Canned, CannedObject};
use canning_ndarray as _;
use canning_python::{Dialect, Object, pickle};
use ndarray::Array2;

#[derive(Canned, Debug, PartialEq)]
struct Frame {
    name: String,
    positions: Array2<f64>,
}

#[test]
fn python_reads_the_frame_and_sends_it_back() {
    let Some(python) = python() else { return };
    let frame = Frame { name: "argon".into(), positions: Array2::from_elem((1000, 3), 0.5) };
    let sent = pickle::can(&frame).unwrap().into_blobs();

    let mut blobs = in_python(&python, &sent);
    assert_eq!(blobs.len(), 2, "a header and a buffer");
    let header = blobs.remove(0);
    let object = Object::restore(Dialect::Pickle, header, blobs).unwrap();
    assert_eq!(object.get_object::<Frame, _>().unwrap(), frame);
}

/// Hands the blobs to the README's lines, and gives those that these leave.
fn in_python(python: &str, blobs: &[Buffer<'_>]) -> Vec<Buffer<'static>> {
    let readme = include_str!("../../README.md");
    let (_, code) = readme.split_once("```python\n").unwrap();
    let (code, _) = code.split_once("```").unwrap();
    let script = format!("{BEFORE}\n{code}\n{AFTER}");
    let mut child = Command::new(python)
        .args(["-W", "error", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut answer = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| stdout.read_to_end(&mut answer).unwrap());
        for blob in blobs {
            stdin.write_all(&(blob.len() as u64).to_le_bytes()).unwrap();
            blob.segments().for_each(|segment| stdin.write_all(segment).unwrap());
        }
        drop(stdin);
    });
    assert!(child.wait().unwrap().success());
    parted(&answer)
}

fn parted(mut bytes: &[u8]) -> Vec<Buffer<'static>> {
    let mut blobs = Vec::new();
    while let Some((len, rest)) = bytes.split_first_chunk() {
        let len = usize::try_from(u64::from_le_bytes(*len)).unwrap();
        let (blob, rest) = rest.split_at(len);
        blobs.push(Buffer::borrowed(blob).to_allocation(8).unwrap().into());
        bytes = rest;
    }
    blobs
}

const BEFORE: &str = r"
import sys
blobs = []
while length := sys.stdin.buffer.read(8):
    blobs.append(sys.stdin.buffer.read(int.from_bytes(length, 'little')))
";

const AFTER: &str = r"
for blob in [header, *(buffer.raw() for buffer in buffers)]:
    sys.stdout.buffer.write(len(blob).to_bytes(8, 'little'))
    sys.stdout.buffer.write(blob)
";

/// The interpreter; none is only right where none is asked for.
fn python() -> Option<String> {
    let python = env::var("CANNING_PYTHON").ok().filter(|python| !python.is_empty());
    if python.is_none() {
        assert!(env::var_os("CANNING_PYTHON_REQUIRED").is_none(), "CANNING_PYTHON names no Python");
        eprintln!("CANNING_PYTHON names no Python: nothing was run");
    }
    python
}
