//! The cases: which two ends, and how much they need.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{self, Child, ChildStdout, Command, Stdio},
    time::Instant,
};

use crate::{Error, array, ends::LISTENING, machine};

struct Case {
    what: &'static str,
    /// The ends, the one that listens first.
    ends: [&'static str; 2],
    /// Whether the second starts as soon as the first listens, or when the first is done.
    at_once: bool,
    /// Bytes of memory that both need.
    memory: u64,
    /// Bytes of disk.
    disk: u64,
}

const CASES: &[Case] = &[
    Case {
        what: "an array of 6 GiB over a Unix socket",
        ends: ["receive-array", "send-array"],
        at_once: true,
        memory: 2 * array::BYTES + 3 * SPARE,
        disk: 0,
    },
    Case {
        what: "an array of 6 GiB in a file",
        ends: ["write-array", "read-array"],
        at_once: false,
        memory: array::BYTES + 3 * SPARE,
        disk: array::BYTES + SPARE,
    },
    Case {
        what: "2^20 buffers in one message over a Unix socket",
        ends: ["receive-buffers", "send-buffers"],
        at_once: true,
        memory: 2 * SPARE,
        disk: 0,
    },
    Case {
        what: "2^20 messages in one file",
        ends: ["write-messages", "read-messages"],
        at_once: false,
        memory: SPARE,
        disk: SPARE,
    },
];

/// For what the processes have besides. Who receives an array takes twice as much room whenever it is
/// full, and so has 2 GiB more for a moment.
const SPARE: u64 = 1 << 30;

pub(crate) fn run_all() -> Result<(), Error> {
    println!("| what | seconds | first end | its peak | second end | its peak |");
    println!("| --- | ---: | --- | ---: | --- | ---: |");
    for case in CASES {
        let place = Place::new();
        match missing(case, &place) {
            Some(missing) => eprintln!("skipped: {}: {missing}", case.what),
            None => run(case, &place)?,
        }
    }
    Ok(())
}

/// What the machine lacks.
fn missing(case: &Case, place: &Place) -> Option<String> {
    let lacks = |what: &str, needed: u64, available: Option<u64>| match available {
        None => Some(format!("it is not known how much {what} there is")),
        Some(available) if available < needed => {
            Some(format!("it needs {} of {what}, and there is {}", gib(needed), gib(available)))
        }
        Some(_) => None,
    };
    let disk = || machine::available_disk(place.0.parent()?);
    lacks("memory", case.memory, machine::available_memory())
        .or_else(|| if case.disk > 0 { lacks("disk", case.disk, disk()) } else { None })
}

fn run(case: &Case, place: &Place) -> Result<(), Error> {
    let started = Instant::now();
    let [first, second] = case.ends;
    let (first_peak, second_peak) = if case.at_once {
        let mut listener = End::start(first, &place.0)?;
        listener.wait_until_it_listens()?;
        let sender = End::start(second, &place.0)?;
        (listener.finish()?, sender.finish()?)
    } else {
        (End::start(first, &place.0)?.finish()?, End::start(second, &place.0)?.finish()?)
    };
    println!(
        "| {} | {:.1} | {first} | {} | {second} | {} |",
        case.what,
        started.elapsed().as_secs_f64(),
        gib(first_peak),
        gib(second_peak),
    );
    Ok(())
}

/// A process.
struct End {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl End {
    fn start(end: &str, place: &Path) -> Result<Self, Error> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["--end", end]).arg(place).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("its output is piped")?;
        Ok(Self { child, output: BufReader::new(output) })
    }

    fn wait_until_it_listens(&mut self) -> Result<(), Error> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        if line.trim_end() == LISTENING { Ok(()) } else { Err("it does not listen".into()) }
    }

    /// Waits for its end; gives the most memory that it had.
    fn finish(mut self) -> Result<u64, Error> {
        let mut said = String::new();
        self.output.read_to_string(&mut said)?;
        let status = self.child.wait()?;
        if !status.success() {
            return Err(format!("an end failed: {status}").into());
        }
        Ok(said.trim().parse()?)
    }
}

/// None outlives an error of the other.
impl Drop for End {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file or a socket, which is gone in the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        Self(env::temp_dir().join(format!("canning-big-{}", process::id())))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

fn gib(bytes: u64) -> String {
    format!("{:.2} GiB", bytes as f64 / f64::from(1 << 30))
}
