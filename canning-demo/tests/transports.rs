//! The demo through files, in shared memory and over ZeroMQ: the same results, and nothing that is
//! left.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, ChildStdout, Stdio},
    thread,
    time::Duration,
};

use ndarray::{Array2, Array3, ShapeBuilder};
use ndarray_npy::write_npy;
use support::{demo, directory, kill, text, until_in_time, wait_for_end_of, worker_of};

const TRANSPORTS: [&str; 3] = ["file", "shm", "zmq"];

#[test]
fn digits_are_studied_by_each_transport() {
    for (transport, between, ways) in [
        ("file", "a file for each direction", &["received into fresh memory"][..]),
        ("shm", "shared memory", &["handed over, sealed before", "sealed and handed over"]),
        ("zmq", "ZeroMQ", &["received into fresh memory"]),
    ] {
        let temporary = directory(&format!("digits-{transport}"));
        let output = demo()
            .args(["--mib", "20", "--transport", transport])
            .env("TMPDIR", &temporary)
            .output()
            .unwrap();
        let (printed, errors) = text(&output);
        assert!(output.status.success(), "{errors}");
        let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            &format!("between them is {between}."),
            "0: zero, 178 1: one, 182 2: two, 177 3: three, 183 4: four, 181",
            "components explain 14.9 + 13.6 + 11.8 + 8.4 + 5.8 + 4.9 + 4.3 + 3.7 %",
            // Of the arrays nothing is copied by either process.
            "| 2048 x f64 27 1 16,384 27 0 ",
            "| 20 MiB of f64 31 1 20,971,520 31 0 ",
        ] {
            assert!(words.contains(part), "no {part:?} in\n{printed}");
        }
        for way in ways {
            let line = printed.lines().rfind(|line| line.trim_start().starts_with(way)).unwrap();
            assert!(line.ends_with(" times memcpy"), "{line}");
        }
        // The demo fails where it is not so.
        let is_seen = printed.contains("both processes see it from byte 0 of file ");
        assert_eq!(is_seen, transport == "shm", "{printed}");
        assert!(errors.ends_with("sending 20 MiB of f64: 100 %\n"), "{errors}");
        assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
        assert_is_empty(&temporary);
    }
}

#[test]
fn own_arrays_are_described_in_whatever_order_they_lie() {
    let directory = directory("own-transports");
    let fortran =
        Array2::from_shape_fn((300, 400).f(), |(row, column)| (1000 * row + column) as f32);
    let truth = Array3::from_shape_fn((20, 30, 40), |(_, _, at)| at == 7);
    let empty = Array2::<i16>::zeros((0, 3));
    let [a, b, c] = ["fortran.npy", "truth.npy", "empty.npy"].map(|name| directory.join(name));
    write_npy(&a, &fortran).unwrap();
    write_npy(&b, &truth).unwrap();
    write_npy(&c, &empty).unwrap();
    for transport in TRANSPORTS {
        let output = demo().args(["--transport", transport]).args([&a, &b, &c]).output().unwrap();
        let (printed, errors) = text(&output);
        assert!(output.status.success(), "{errors}");
        for part in [
            "fortran.npy: <f4 [300, 400], from 0.0 to 299399.0, mean 149699.5\n",
            "truth.npy: |b1 [20, 30, 40], from false to true, mean 0.025\n",
            "empty.npy: <i2 [0, 3], empty\n",
        ] {
            assert!(printed.contains(part), "no {part:?} in\n{printed}");
        }
        // Its header, and nothing else, is copied; nothing is copied to see it.
        let row = printed.lines().find(|line| line.contains("| fortran.npy")).unwrap();
        let words: Vec<&str> = row.split_whitespace().collect();
        let [_, _, header, buffers, bytes, here, there, ..] = words.as_slice() else {
            panic!("{row}")
        };
        assert_eq!((*buffers, *bytes, *here, *there), ("1", "480,000", *header, "0"));
    }
}

/// Many messages go back and forth while the test looks; each that leaks a descriptor, or a map,
/// adds to what it sees.
#[test]
fn open_files_and_maps_stay_few_and_are_those_of_the_transport() {
    for transport in TRANSPORTS {
        // That it is what goes between them.
        until_in_time(|| is_seen_and_takes_little(transport).then_some(()));
    }
}

fn is_seen_and_takes_little(transport: &str) -> bool {
    let temporary = directory(&format!("few-{transport}"));
    let mut running = Running::start(transport, "4", &temporary);
    let worker = running.worker();
    let processes = [running.child.id().to_string(), worker.clone()];
    let (mut most, mut seen) = ((0, 0), false);
    while running.child.try_wait().unwrap().is_none() {
        for process in &processes {
            let (open, mapped) = (open(process), mapped(process));
            most = (most.0.max(open.len()), most.1.max(mapped));
            seen |= match transport {
                "file" => open.iter().any(|path| path.starts_with(&temporary) && is_deleted(path)),
                "shm" => mapped > 0,
                _ => listens_in(&temporary),
            };
        }
        thread::sleep(Duration::from_millis(2));
    }
    assert!(running.child.wait().unwrap().success());
    assert!(most.0 < 32 && most.1 < 12, "{transport}: {most:?} open and mapped");
    wait_for_end_of(&worker);
    assert_is_empty(&temporary);
    seen
}

#[test]
fn killed_worker_is_reported_and_leaves_nothing() {
    for transport in TRANSPORTS {
        let temporary = directory(&format!("killed-{transport}"));
        let (code, rest) = until_in_time(|| {
            let mut running = Running::start(transport, "128", &temporary);
            let worker = running.worker();
            if transport == "file" {
                // In the middle of a long message.
                let mut line = String::new();
                running.errors.read_line(&mut line).unwrap();
                assert_eq!(line, "sending 128 MiB of f64: 25 %\n");
            }
            kill(&worker);
            let mut rest = String::new();
            running.errors.read_to_string(&mut rest).unwrap();
            let code = running.child.wait().unwrap().code();
            assert_is_empty(&temporary);
            (code != Some(0)).then_some((code, rest))
        });
        let last = rest.lines().last();
        let expected = "demo: the worker ended too early (signal: 9 (SIGKILL))";
        assert_eq!(last, Some(expected), "{transport}");
        assert_eq!(code, Some(1));
    }
}

#[test]
fn killed_parent_leaves_no_worker_and_no_file() {
    for transport in TRANSPORTS {
        let temporary = directory(&format!("orphan-{transport}"));
        let mut running = Running::start(transport, "128", &temporary);
        let worker = running.worker();
        let mut line = String::new();
        running.errors.read_line(&mut line).unwrap();
        assert!(line.starts_with("sending 128 MiB of f64: "), "{line}");
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        wait_for_end_of(&worker);
        assert_is_empty(&temporary);
    }
}

#[test]
fn without_a_directory_for_files_the_demo_says_so() {
    let missing = directory("missing").join("none");
    let output = demo().args(["--transport", "file"]).env("TMPDIR", missing).output().unwrap();
    let (_, errors) = text(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.starts_with("demo: the system refused: No such file"), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

/// A demo that runs.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    errors: BufReader<ChildStderr>,
}

impl Running {
    fn start(transport: &str, mib: &str, temporary: &Path) -> Self {
        let mut child = demo()
            .args(["--mib", mib, "--transport", transport])
            .env("TMPDIR", temporary)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { child, out, errors }
    }

    /// The number of the worker's process.
    fn worker(&mut self) -> String {
        worker_of(&mut self.out)
    }
}

/// What a process has open; nothing if it has ended.
fn open(process: &str) -> Vec<PathBuf> {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten();
    descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).collect()
}

fn is_deleted(path: &Path) -> bool {
    path.to_string_lossy().ends_with(" (deleted)")
}

/// How many arenas a process has mapped.
fn mapped(process: &str) -> usize {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    maps.lines().filter(|line| line.contains("memfd:canning")).count()
}

/// Whether anybody listens on a Unix socket that has, or had, its name in a directory.
fn listens_in(directory: &Path) -> bool {
    let sockets = fs::read_to_string("/proc/net/unix").unwrap();
    sockets.lines().any(|line| line.contains(directory.to_str().unwrap()))
}

fn assert_is_empty(directory: &Path) {
    let left: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap()).collect();
    assert!(left.is_empty(), "{left:?}");
}
