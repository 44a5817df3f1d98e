//! The first process: sends values, checks the answers, and shows what it took.

use std::{
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use canning_core::{CannedObject, UncanOwned};
use canning_ndarray as _;
use canning_wire::{Object, can};
use ndarray::Array1;

use super::{
    arguments::{Arguments, HELP},
    costs::Costs,
    dataset::Digits,
    error::{Error, Result},
    memory::CopyTimes,
    npy::{self, AnyArray},
    picture::{Shades, draw},
    process::{Transfer, Worker},
    progress::Progress,
    protocol::{Reply, Task},
    science::Findings,
    summary::Summary,
    table::{Row, Table, median, millis},
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
    let digits =
        Digits::read().map_err(|source| Error::Npy { path: "the embedded data".into(), source })?;
    let mut sender = Sender::start(transport, out)?;
    let five: i32 = sender.send("5", Task::Echo, || can(&5))?;
    same("5", five == 5)?;
    let hi: String = sender.send("\"hi\"", Task::Echo, || can("hi"))?;
    same("\"hi\"", hi == "hi")?;
    let array = Array1::from_iter((0..2048_u16).map(f64::from));
    let back: Array1<f64> = sender.send("2048 x f64", Task::Echo, || can(&array))?;
    same("2048 x f64", back == array)?;

    let dataset = digits.dataset();
    let found: Findings = sender.send("the digits", Task::Study, || can(&dataset))?;
    found.check(&Findings::of(&dataset)?)?;
    show(&found, out)?;

    let long = Array1::from_iter((0..mib << 17).map(|at| (at % 1000) as f64));
    let name = format!("{mib} MiB of f64");
    let found: f64 = sender.send(&name, Task::Sum { recycles: false }, || can(&long))?;
    // Integers of this size are added up without rounding, in whatever order.
    same("the sum of the long array", found == long.sum())?;
    let costs = sender.compare(name, &long)?;
    sender.finish(out)?;
    Ok(write!(out, "\n{costs}")?)
}

/// Sends the arrays of files.
fn files(paths: &[PathBuf], transport: Transport, out: &mut impl Write) -> Result<()> {
    // All of them first: what is wrong with a file is said before anything is sent.
    let read = |path: &PathBuf| Ok((name(path), npy::read(path)?));
    let arrays: Vec<(String, Box<dyn AnyArray>)> = paths.iter().map(read).collect::<Result<_>>()?;
    let mut sender = Sender::start(transport, out)?;
    for (name, array) in &arrays {
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

/// The worker, and what was sent to it so far.
struct Sender {
    worker: Worker,
    transport: Transport,
    table: Table,
    /// What there is to say about long transfers.
    remarks: Vec<String>,
}

impl Sender {
    fn start(transport: Transport, out: &mut impl Write) -> Result<Self> {
        let worker = Worker::start(transport)?;
        let (own, id) = (std::process::id(), worker.id());
        writeln!(
            out,
            "Process {own} sends, process {id} is the worker; between them is {transport}.\n"
        )?;
        Ok(Self { worker, transport, table: Table::default(), remarks: Vec::new() })
    }

    /// Sends a value several times, and notes what that takes. Gives the first answer.
    fn send<'a, A, V>(
        &mut self,
        name: &str,
        task: Task,
        can: impl Fn() -> canning_core::Result<Object<'a>>,
    ) -> Result<A>
    where
        Reply<A>: UncanOwned<V>,
    {
        let object = can()?;
        let bytes = object.len_in_bytes();
        let is_long = bytes >= LONG;
        let mut progress = match is_long {
            true => Progress::new(name, bytes),
            false => Progress::Hidden,
        };
        let (first, answer) = self.worker.request(task, &can, &mut progress)?;
        drop(progress);

        let mut times = Vec::new();
        let start = Instant::now();
        while times.len() < 3 || times.len() < 20 && start.elapsed() < ENOUGH {
            let again = self.worker.request::<A, V>(task, &can, &mut Progress::Hidden)?;
            times.push(again.0.time);
        }
        let transfer = Transfer { time: median(times), ..first };

        let copy = match object.buffers() {
            [buffer] if let Some(memory) = buffer.as_slice() => CopyTimes::measure(memory),
            _ => CopyTimes::measure(&vec![1; transfer.out_of_band]),
        };
        if is_long {
            let times = [
                ("a plain copy into warm memory", copy.warm),
                ("a plain copy into fresh memory, as a receipt is", copy.fresh),
                ("the worker's reading; the socket copies twice", first.receipt.receive),
                ("the worker's putting together", first.receipt.uncan),
            ];
            let lines = times.map(|(what, time)| format!("  {what:48}{:>9} ms\n", millis(time)));
            self.remarks.push(format!("{name}, the first round:\n{}", lines.concat()));
        }
        self.table.push(Row { name: name.to_owned(), transfer, first: first.time, copy });
        Ok(answer)
    }

    /// Sends an array into fresh memory, and then into memory that the worker uses again: the
    /// other way round, fresh memory would be what was kept.
    fn compare(&mut self, name: String, array: &Array1<f64>) -> Result<Costs> {
        let mut times = |recycles, rounds| -> Result<Vec<Duration>> {
            let task = Task::Sum { recycles };
            let mut round =
                || self.worker.request::<f64, _>(task, || can(array), &mut Progress::Hidden);
            (0..rounds).map(|_| Ok(round()?.0.time)).collect()
        };
        let fresh = times(false, ROUNDS)?;
        // The first is received into fresh memory, too.
        let recycled = times(true, ROUNDS + 1)?.split_off(1);
        let object = can(array)?;
        let memory = object.buffers().iter().find_map(|buffer| buffer.as_slice());
        let memory = memory.ok_or(Error::Protocol("an array is not in one piece"))?;
        let memcpy = CopyTimes::measure(memory).warm;
        let transport = self.transport;
        Ok(Costs { name, transport, bytes: memory.len(), memcpy, fresh, recycled })
    }

    /// Ends the worker, and prints the table.
    fn finish(self, out: &mut impl Write) -> Result<()> {
        self.worker.finish()?;
        writeln!(out, "{}", self.table)?;
        for remark in &self.remarks {
            write!(out, "{remark}")?;
        }
        Ok(())
    }
}

/// How often a transfer is repeated for each kind of memory.
const ROUNDS: usize = 5;

/// Bytes from which on a transfer takes long enough to show how far it is.
const LONG: u64 = 16 << 20;

/// How long a transfer is repeated, if that makes at least three rounds.
const ENOUGH: Duration = Duration::from_millis(200);
