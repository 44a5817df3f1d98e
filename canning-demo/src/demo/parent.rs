//! The first process: sends values, checks the answers, and shows what it took.

use std::{
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use canning_ndarray as _;
use canning_wire::can;
use ndarray::Array1;

use super::{
    arguments::{Arguments, HELP},
    dataset::Digits,
    error::{Error, Result},
    npy::{self, AnyMade},
    origin::Origin,
    picture::{Shades, draw},
    protocol::{Task, Total},
    science::Findings,
    sender::Sender,
    summary::Summary,
    transport::Transport,
    worker,
};

/// Runs the demo with the arguments of the command line; prints errors in one line.
pub fn main() -> ExitCode {
    let done = Arguments::parse(env::args_os().skip(1)).and_then(|arguments| {
        let out = &mut io::stdout().lock();
        match arguments {
            Arguments::Digits { mib, transport } => digits(mib, transport, out),
            Arguments::Files { paths, transport } => files(&paths, transport, out),
            Arguments::Help => Ok(out.write_all(HELP.as_bytes())?),
            Arguments::Worker(transport) => worker::run(transport),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {}", error.line());
            ExitCode::FAILURE
        }
    }
}

/// Sends what the tour takes apart, the digits, and a long array.
fn digits(mib: usize, transport: Transport, out: &mut impl Write) -> Result<()> {
    let origin = transport.origin();
    let digits = Digits::read(origin)?;
    let mut sender = Sender::start(transport, out)?;
    let five: i32 = sender.send("5", Task::Echo, || can(&5))?;
    same("5", five == 5)?;
    let hi: String = sender.send("\"hi\"", Task::Echo, || can("hi"))?;
    same("\"hi\"", hi == "hi")?;
    let made = origin.make(2048, |at| at as f64)?;
    let array = made.view();
    let back: Array1<f64> = sender.send("2048 x f64", Task::Echo, || made.can(&array))?;
    same("2048 x f64", back == array)?;

    let dataset = digits.dataset();
    let found: Findings = sender.send("the digits", Task::Study, || can(&dataset))?;
    found.check(&Findings::of(&dataset)?)?;
    show(&found, out)?;

    let make = || origin.make(mib << 17, |at| (at % 1000) as f64);
    let made = make()?;
    let long = made.view();
    let name = format!("{mib} MiB of f64");
    let task = Task::Sum(transport.hold());
    let total: Total = sender.send(&name, task, || made.can(&long))?;
    // Integers of this size are added up without rounding, in whatever order.
    same("the sum of the long array", total.sum == long.sum())?;
    let costs = match origin {
        Origin::Heap | Origin::Shared => sender.compare(name, &made)?,
        Origin::Arena => {
            sender.stayed(&name, &total, &long)?;
            sender.compare_shared(name, &made, make)?
        }
    };
    sender.finish(out)?;
    Ok(write!(out, "\n{costs}")?)
}

/// Sends the arrays of files.
fn files(paths: &[PathBuf], transport: Transport, out: &mut impl Write) -> Result<()> {
    // All of them first: what is wrong with a file is said before anything is sent.
    let read = |path: &PathBuf| Ok((name(path), npy::read(path, transport.origin())?));
    let arrays: Vec<(String, Box<dyn AnyMade>)> = paths.iter().map(read).collect::<Result<_>>()?;
    let mut sender = Sender::start(transport, out)?;
    for (name, array) in &arrays {
        let array = array.view();
        let found: Summary = sender.send(name, Task::Describe, || array.can())?;
        found.check(&array.summary())?;
        writeln!(out, "{name}: {found}")?;
    }
    writeln!(out)?;
    sender.finish(out)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn same(what: &str, same: bool) -> Result<()> {
    match same {
        true => Ok(()),
        false => Err(Error::Differs(what.into())),
    }
}

/// Shows what the worker found in the digits.
fn show(findings: &Findings, out: &mut impl Write) -> Result<()> {
    let images: Vec<_> = findings.classes.iter().collect();
    let total: usize = images.iter().map(|(_, class)| class.count).sum();
    writeln!(out, "From {total} images of digits, each class's mean as the worker computed it:\n")?;
    let shades = Shades::of_locale();
    for images in images.chunks(5) {
        let captioned = images.iter().map(|(label, class)| {
            let name = class.name.as_deref().unwrap_or_default();
            let caption = format!("{label}: {name}, {}", class.count);
            (caption, class.mean.view())
        });
        writeln!(out, "{}", draw(&captioned.collect::<Vec<_>>(), shades))?;
    }
    let explained = findings.explained.iter();
    let each: Vec<String> = explained.map(|part| format!("{:.1}", 100.0 * part)).collect();
    writeln!(
        out,
        "The first {} principal components explain {} %\n\
         of the variance, together {:.1} %. All of it is what this process computes, too.\n",
        each.len(),
        each.join(" + "),
        100.0 * findings.explained.sum()
    )?;
    Ok(())
}
