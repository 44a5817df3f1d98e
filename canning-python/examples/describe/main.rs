//! Prints what a pickle and its buffers are, as JSON.
//!
//! ```text
//! cargo run -p canning-python --example describe -- header.pickle [buf0.bin …]
//! cargo run -p canning-python --example describe -- --apply function.pickle [buffer …]
//! ```
//!
//! `--pretty` breaks it into lines, and `--help` tells what there is. A header of ipyparallel's is
//! told by its classes. What is refused is told in a line, and the
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
    let (mut apply, mut pretty) = (false, false);
    let mut blobs = Vec::new();
    for argument in env::args_os().skip(1) {
        match argument.to_str() {
            Some("--apply") => {
                apply = true;
                continue;
            }
            Some("--pretty") => {
                pretty = true;
                continue;
            }
            Some("--help" | "-h") => return Ok(HELP.into()),
            Some(option) if option.starts_with("--") => {
                return Err(format!("there is no option {option}\n{HELP}"));
            }
            _ => {}
        }
        let blob = fs::read(&argument);
        blobs.push(blob.map_err(|error| format!("{}: {error}", argument.display()))?);
    }
    if blobs.is_empty() {
        return Err(HELP.into());
    }
    let described =
        if apply { description::of_message(blobs) } else { description::of_object(blobs) };
    let described = described.map_err(|error| error.to_string())?;
    Ok(if pretty { format!("{described:#}") } else { described.to_string() })
}

const HELP: &str = "\
usage: describe [--apply] [--pretty] HEADER [BUFFER …]

Prints what a pickle and its buffers are, as JSON. Each is a file. Nothing in it is called.

  --apply   HEADER is the function of an apply message, and BUFFERs are the other parts
  --pretty  break the JSON into lines
  --help    print this";
