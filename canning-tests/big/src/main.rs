//! Sends and keeps what is larger than 2 and 4 GiB, and what is very many, and says how much memory each
//! end took: `cargo xtask big`.
//!
//! Each end is a process of its own, started by the first one, so that its memory is counted by itself.
//! Every item that arrives is compared.

#![forbid(unsafe_code)]
#![cfg_attr(not(unix), allow(dead_code, reason = "there is no Unix socket to send over"))]

mod array;
mod case;
mod ends;
mod machine;

use std::{env, process::ExitCode};

type Error = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args.as_slice() {
        ["--end", end, place] => ends::run(end, place.as_ref()),
        [] => case::run_all(),
        _ => Err("it takes no arguments".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("big: {error}");
            ExitCode::FAILURE
        }
    }
}
