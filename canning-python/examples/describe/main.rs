//! Prints what a pickle and its buffers are, as JSON.
//!
//! ```text
//! cargo run -p canning-python --example describe -- header.pickle [buf0.bin …]
//! cargo run -p canning-python --example describe -- --apply function.pickle [buffer …]
//! ```
//!
//! A header of ipyparallel's is told by its classes. What is refused is told in a line, and the
//! status is 1.

mod description;

use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let mut apply = false;
    let mut blobs = Vec::new();
    for argument in env::args_os().skip(1) {
        if argument == "--apply" {
            apply = true;
            continue;
        }
        let blob = fs::read(&argument);
        blobs.push(blob.map_err(|error| format!("{}: {error}", argument.display()))?);
    }
    if blobs.is_empty() {
        return Err("usage: describe [--apply] HEADER [BUFFER …]".into());
    }
    let described =
        if apply { description::of_message(blobs) } else { description::of_object(blobs) };
    Ok(described.map_err(|error| error.to_string())?.to_string())
}
