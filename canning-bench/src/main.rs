//! The benchmarks: what canning costs, next to raw memory and to other crates on the same work.
//!
//! `cargo xtask bench --help` says how to run them, `docs/benchmarks.md` what they measure.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a benchmark of something that fails is to stop"
)]

mod arguments;
mod chart;
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

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use crate::{
    arguments::Arguments,
    harness::{Bench, Measured},
};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
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
        write_page(&file, &results)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the page, and the charts that it shows into a directory of the same name beside it.
fn write_page(file: &Path, results: &[Measured]) -> Result<(), Box<dyn Error>> {
    let charts = file.with_extension("");
    fs::create_dir_all(&charts)?;
    for (subject, results) in report::subjects(results) {
        fs::write(charts.join(format!("{subject}.svg")), chart::svg(results)?)?;
    }
    let name = charts.file_name().unwrap_or_default().to_string_lossy();
    let page = fs::read_to_string(file).unwrap_or_default();
    fs::write(file, report::into_page(&page, &report::markdown(results, &name)))?;
    Ok(())
}
