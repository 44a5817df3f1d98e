//! The benchmarks: what canning costs, next to raw memory and to other crates on the same work.
//!
//! `cargo xtask bench --help` says how to run them, `docs/benchmarks.md` what they measure.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a benchmark of something that fails is to stop"
)]

mod arguments;
mod harness;
mod machine;
mod progress;
mod report;
mod statistics;
mod subjects;
mod values;

use std::{env, fs, process::ExitCode};

use crate::{arguments::Arguments, harness::Bench};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse(env::args_os().skip(1))?;
    if arguments.help {
        println!("{}", arguments::USAGE);
        return Ok(());
    }
    let (json, markdown) = (arguments.json.clone(), arguments.markdown.clone());
    let mut bench = Bench::new(arguments);
    subjects::run(&mut bench);
    let results = bench.into_results();
    if results.is_empty() {
        return Err("no group has an id that contains the filter".into());
    }
    println!("{}", report::table(&results));
    if let Some(file) = json {
        fs::write(file, report::json(&results)?)?;
    }
    if let Some(file) = markdown {
        let page = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, report::into_page(&page, &report::markdown(&results)))?;
    }
    Ok(())
}
