//! The benchmarks: what canning costs, next to raw memory and to other crates on the same work.
//!
//! `cargo xtask bench --help` says how to run them, `docs/benchmarks.md` what they measure.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a benchmark of something that fails is to stop"
)]

mod arguments;
mod exchange;
mod harness;
mod heap;
mod machine;
mod ours;
mod peers;
mod progress;
mod raw;
mod report;
mod statistics;
mod subjects;
mod values;

use std::{env, fs, process::ExitCode};

use crate::{arguments::Arguments, harness::Bench};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments = Arguments::parse(env::args_os().skip(1))?;
    if arguments.help {
        println!("{}", arguments::USAGE);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(code) = heap::run_settled()? {
        return Ok(code);
    }
    let Arguments { filter, json, markdown, is_quick, .. } = arguments;
    let mut groups = subjects::groups(is_quick);
    groups.retain(|group| filter.as_ref().is_none_or(|filter| group.id.contains(filter)));
    if groups.is_empty() {
        return Err("no group has an id that contains the filter".into());
    }
    let mut bench = Bench::new(is_quick, groups.len());
    for group in groups {
        group.measure(&mut bench);
    }
    let results = bench.into_results();
    println!("{}", report::table(&results));
    if let Some(file) = json {
        fs::write(file, report::json(&results)?)?;
    }
    if let Some(file) = markdown {
        let page = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, report::into_page(&page, &report::markdown(&results)))?;
    }
    Ok(ExitCode::SUCCESS)
}
