//! The demo runs as a user runs it, and says in one line what is wrong.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::Stdio,
};

use ndarray::{Array1, Array2, Array3, ShapeBuilder};
use ndarray_npy::write_npy;
use num_complex::Complex64;
use support::{demo, directory, kill, text, until_in_time, wait_for_end_of, worker_of};

#[test]
fn digits_are_studied_and_drawn_over_either_socket() {
    for (transport, sentence) in [("unix", "a Unix socket"), ("tcp", "a TCP socket")] {
        studied_and_drawn(transport, sentence);
    }
}

fn studied_and_drawn(transport: &str, sentence: &str) {
    let output = demo().args(["--mib", "20", "--transport", transport]).output().unwrap();
    let (printed, errors) = text(&output);
    assert!(output.status.success(), "{errors}");
    // However wide the columns are.
    let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "From 1797 images of digits",
        "0: zero, 178 1: one, 182 2: two, 177 3: three, 183 4: four, 181",
        "components explain 14.9 + 13.6 + 11.8 + 8.4 + 5.8 + 4.9 + 4.3 + 3.7 %",
        "| 2048 x f64 27 1 16,384 27 0 ",
        "| 20 MiB of f64 31 1 20,971,520 31 0 ",
        "20 MiB of f64, the first round: a plain copy into warm memory",
        &format!("between them is {sentence}."),
        &format!("20 MiB of f64 over {sentence}, 5 times each; the medians: received into fresh"),
    ] {
        assert!(words.contains(part), "no {part:?} in\n{printed}");
    }
    for what in ["fresh memory", "recycled memory", "warm memory"] {
        let line = printed.lines().rfind(|line| line.contains(what)).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let [.., millis, "ms", rate, "GB/s", ratio, "times", "memcpy"] = words.as_slice() else {
            panic!("{line}")
        };
        assert!(millis.parse::<f64>().unwrap() > 0.0, "{line}");
        for number in [rate, ratio] {
            // A slow machine may have a rate that rounds to nothing.
            let number: f64 = number.parse().unwrap();
            assert!(number.is_finite() && number >= 0.0, "{line}");
        }
    }
    // The test's standard error is no terminal.
    assert!(errors.ends_with("sending 20 MiB of f64: 100 %\n"), "{errors}");
    let widest = printed.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?} columns in\n{printed}");
}

#[test]
fn pictures_are_ascii_where_the_locale_is() {
    let printed = |locale: &str| {
        let output = demo().args(["--mib", "1"]).env("LC_ALL", locale).output().unwrap();
        text(&output).0
    };
    assert!(printed("C").is_ascii());
    assert!(printed("C.UTF-8").contains("▓▓██"));
}

#[test]
fn own_arrays_of_any_type_are_described() {
    let directory = directory("own");
    let fortran =
        Array2::from_shape_fn((300, 400).f(), |(row, column)| (1000 * row + column) as f32);
    let complex = Array1::from_elem(70, Complex64::new(1.5, -2.0));
    let truth = Array3::from_shape_fn((20, 30, 40), |(_, _, at)| at == 7);
    let empty = Array2::<i16>::zeros((0, 3));
    let (a, b) = (directory.join("fortran.npy"), directory.join("complex.npy"));
    let (c, d) = (directory.join("truth.npy"), directory.join("empty.npy"));
    write_npy(&a, &fortran).unwrap();
    write_npy(&b, &complex).unwrap();
    write_npy(&c, &truth).unwrap();
    write_npy(&d, &empty).unwrap();
    let output = demo().args(["--transport", "tcp"]).args([&a, &b, &c, &d]).output().unwrap();
    let (printed, errors) = text(&output);
    assert!(output.status.success(), "{errors}");
    for part in [
        "fortran.npy: <f4 [300, 400], from 0.0 to 299399.0, mean 149699.5\n",
        "complex.npy: <c16 [70], mean 1.5-2i\n",
        "truth.npy: |b1 [20, 30, 40], from false to true, mean 0.025\n",
        "empty.npy: <i2 [0, 3], empty\n",
        "| fortran.npy ",
        " 1    480,000 ",
    ] {
        assert!(printed.contains(part), "no {part:?} in\n{printed}");
    }
}

#[test]
fn big_endian_file_is_read() {
    let path = directory("big").join("big.npy");
    let header = "{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }";
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(format!("{header:117}\n").bytes());
    bytes.extend([0, 0, 1, 0, 255, 255, 255, 255]);
    fs::write(&path, bytes).unwrap();
    let (printed, errors) = text(&demo().arg(&path).output().unwrap());
    let expected = "big.npy: <i4 [2], from -1 to 256, mean 127.5\n";
    assert!(printed.contains(expected), "{printed}{errors}");
}

#[test]
fn bad_files_are_named_in_one_line() {
    let directory = directory("bad");
    let good = directory.join("good.npy");
    write_npy(&good, &Array1::from_elem(100, 1_u64)).unwrap();
    let bytes = fs::read(&good).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let at = bytes.windows(3).position(|part| part == b"<u8").unwrap();
    let mut dates = bytes.clone();
    dates[at + 1] = b'M';
    for (path, what) in [
        (directory.join("missing.npy"), " cannot be read: No such file"),
        (directory.clone(), " holds no array: I/O error: Is a directory"),
        (file("cut.npy", &bytes[..bytes.len() - 1]), " holds no array: "),
        (file("start.npy", &bytes[..20]), " holds no array: "),
        (file("text.npy", b"1 2 3\n"), " holds no array: "),
        (file("dates.npy", &dates), " holds items of dtype '<M8'"),
    ] {
        let output = demo().args([&good, &path]).output().unwrap();
        let (printed, errors) = text(&output);
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert_eq!(printed, "", "nothing is sent");
        let start = format!("demo: {}{what}", path.display());
        assert!(errors.starts_with(&start), "{errors:?} is not {start:?}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    let output = demo().arg("--fast").output().unwrap();
    let expected = "demo: unknown option --fast; `--help` says what there is\n";
    assert_eq!((output.status.code(), text(&output).1.as_str()), (Some(1), expected));
}

#[test]
fn killed_worker_is_reported() {
    let (code, rest) = until_in_time(|| {
        let mut child = demo()
            .args(["--mib", "128"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let worker = worker_of(&mut out);
        let mut line = String::new();
        errors.read_line(&mut line).unwrap();
        assert_eq!(line, "sending 128 MiB of f64: 25 %\n");
        kill(&worker);
        let mut rest = String::new();
        errors.read_to_string(&mut rest).unwrap();
        let code = child.wait().unwrap().code();
        (code != Some(0)).then_some((code, rest))
    });
    let last = rest.lines().last();
    assert_eq!(last, Some("demo: the worker ended too early (signal: 9 (SIGKILL))"));
    assert_eq!(code, Some(1));
}

#[test]
fn worker_does_not_outlive_its_parent() {
    let mut child = demo().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let worker = worker_of(&mut BufReader::new(child.stdout.take().unwrap()));
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for_end_of(&worker);
}
