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
mod files;
mod harness;
mod heap;
mod machine;
mod mapped;
mod ours;
mod peers;
mod progress;
mod python;
mod raw;
mod report;
mod statistics;
mod subjects;
mod values;
mod worker;

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use crate::{arguments::Arguments, harness::Measured, worker::Worker};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let Arguments { filter, json, markdown, help, is_quick, worker } =
        Arguments::parse(env::args_os().skip(1))?;
    if help {
        println!("{}", arguments::USAGE);
        return Ok(());
    }
    if let Some(worker) = worker {
        return worker.run(is_quick);
    }
    let results = measure(filter.as_deref(), is_quick)?;
    println!("{}", report::table(&results));
    if let Some(file) = json {
        fs::write(file, report::json(&results)?)?;
    }
    if let Some(file) = markdown {
        write_page(&file, &results)?;
    }
    Ok(())
}

/// Measures all groups whose id contains the filter, one after the other.
fn measure(filter: Option<&str>, is_quick: bool) -> Result<Vec<Measured>, Box<dyn Error>> {
    let groups = subjects::groups(is_quick).into_iter().map(|group| group.id);
    let ids: Vec<String> =
        groups.filter(|id| filter.is_none_or(|filter| id.contains(filter))).collect();
    if ids.is_empty() {
        return Err("no group has an id that contains the filter".into());
    }
    heap::touch(is_quick);
    let groups = ids.len() as u64;
    let mut results = Vec::new();
    for (id, number) in ids.into_iter().zip(1..) {
        results.extend(Worker { id, number, groups }.spawn(is_quick)?);
    }
    Ok(results)
}

/// Writes the page, and the charts that it shows into a directory of the same name beside it.
fn write_page(file: &Path, results: &[Measured]) -> Result<(), Box<dyn Error>> {
    let charts = file.with_extension("");
    fs::create_dir_all(&charts)?;
    for (subject, results) in report::subjects(results) {
        fs::write(charts.join(format!("{subject}.svg")), chart::svg(subject, results)?)?;
    }
    let name = charts.file_name().unwrap_or_default().to_string_lossy();
    let page = fs::read_to_string(file).unwrap_or_default();
    fs::write(file, report::into_page(&page, &report::markdown(results, &name)))?;
    Ok(())
}
