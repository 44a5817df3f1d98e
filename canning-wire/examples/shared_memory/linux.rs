//! Both processes, and the table of what it took.

use std::{
    env,
    error::Error,
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use canning_core::CannedObject;
use canning_wire::{
    can,
    shm::{Arena, Handover, SealTimes},
    socket::{Connection, Options},
};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

pub(super) fn main() -> Outcome {
    let argument = env::args().nth(1);
    match argument.as_deref() {
        Some("shared") => add_up_shared(),
        Some("socket") => add_up_received(),
        size => make(size.map_or(Ok(64), str::parse)?),
    }
}

/// The second process: each array is where the first one made it.
fn add_up_shared() -> Outcome {
    let mut connection = Handover::over(inherited()?, &Options::default())?;
    while let Some(message) = connection.read_message()? {
        let [looks, numbers] = message.into_array()?;
        let numbers: &[f64] = numbers.get()?;
        let answer = answer(looks.get()?, numbers);
        connection.write_message(&can(&answer)?.into())?;
    }
    Ok(())
}

/// The same over a socket: each array is read into the memory of the one before.
fn add_up_received() -> Outcome {
    let mut connection = Connection::over(inherited()?, &Options::default())?;
    while let Some((looks, numbers)) = connection.read_value::<(bool, Vec<f64>), _>()? {
        let answer = answer(looks, &numbers);
        connection.write_value(&answer)?;
        connection.recycle((looks, numbers));
    }
    Ok(connection.finish()?)
}

fn answer(looks: bool, numbers: &[f64]) -> f64 {
    match looks {
        true => numbers.iter().sum(),
        false => numbers.len() as f64,
    }
}

/// The first process.
fn make(mebibytes: usize) -> Outcome {
    let items = mebibytes << 17;
    let (mut shared_child, shared) = start("shared")?;
    let (mut socket_child, socket) = start("socket")?;
    let mut shared = Handover::over(shared, &Options::default())?;
    let mut socket = Connection::over(socket, &Options::default())?;
    let ordinary = vec![0.5; items];
    let mut rows = [const { Vec::new() }; 7];
    for _round in 0..ROUNDS {
        for looks in [false, true] {
            let (born, times, handed) = hand_over(&mut shared, items, looks)?;
            let start = Instant::now();
            socket.write_value(&(looks, &ordinary))?;
            let answer: f64 = socket.read_value()?.ok_or("the other process has ended")?;
            let sent = start.elapsed();
            assert_eq!(answer, expected(items, looks));
            let SealTimes { unmapping, sealing, mapping } = times;
            let all = unmapping + sealing + mapping + handed;
            match looks {
                false => {
                    for (row, time) in
                        rows.iter_mut().zip([born, unmapping, sealing, mapping, handed])
                    {
                        row.push((time, sent));
                    }
                    rows[5].push((all, sent));
                }
                true => rows[6].push((all, sent)),
            }
        }
    }
    drop((shared, socket));
    if !(shared_child.wait()?.success() && socket_child.wait()?.success()) {
        return Err("the other process failed".into());
    }
    println!("{mebibytes} MiB of f64, {ROUNDS} times each; the medians:");
    let names = [
        "making and filling the arena",
        "unmapping it",
        "sealing it",
        "mapping it again",
        "handing it over, until the answer",
        "sealing and handing over together",
        "the same, and it is added up",
    ];
    for (name, row) in names.into_iter().zip(rows) {
        let (mut ours, mut sent): (Vec<_>, Vec<_>) = row.into_iter().unzip();
        let (ours, sent) = (median(&mut ours), median(&mut sent));
        let ratio = ours.as_secs_f64() / sent.as_secs_f64();
        println!(
            "  {name:36} {:9.3} ms   over a socket {:9.3} ms   ratio {ratio:.4}",
            ours.as_secs_f64() * 1e3,
            sent.as_secs_f64() * 1e3
        );
    }
    Ok(())
}

/// Makes an array in shared memory, and gives it away.
fn hand_over(
    to: &mut Handover,
    items: usize,
    looks: bool,
) -> Outcome<(Duration, SealTimes, Duration)> {
    let start = Instant::now();
    let arena = Arena::new(items * size_of::<f64>())?;
    let mut numbers = arena.zeroed::<f64>(items)?;
    numbers.fill(0.5);
    let numbers = numbers.finish();
    let born = start.elapsed();

    let sealed = arena.seal()?;
    let start = Instant::now();
    let numbers = sealed.get(numbers)?;
    let message = [can(&looks)?, can(&numbers)?].into_iter().collect();
    let handed = to.write_message(&message)?;
    assert_eq!(handed.sent, 0, "the array stays where it is");
    let [answer] = to.read_message()?.ok_or("the other process has ended")?.into_array()?;
    assert_eq!(answer.get::<f64, _>()?, expected(items, looks));
    Ok((born, sealed.times(), start.elapsed()))
}

fn expected(items: usize, looks: bool) -> f64 {
    if looks { items as f64 / 2.0 } else { items as f64 }
}

/// Starts this program as the second process, whose standard input is a socket.
fn start(role: &str) -> Outcome<(Child, UnixStream)> {
    let (here, there) = UnixStream::pair()?;
    let mut command = Command::new(env::current_exe()?);
    Ok((command.arg(role).stdin(Stdio::from(OwnedFd::from(there))).spawn()?, here))
}

fn inherited() -> Outcome<UnixStream> {
    Ok(std::io::stdin().as_fd().try_clone_to_owned()?.into())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

const ROUNDS: usize = 15;
