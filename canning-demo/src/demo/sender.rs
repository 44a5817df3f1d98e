//! Sending values to the worker, and noting what that takes.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use canning_core::{CannedObject, UncanOwned};
use canning_wire::{Object, can};
use ndarray::{ArrayView1, Ix1};

use super::{
    costs::Costs,
    error::{Error, Result},
    memory::CopyTimes,
    origin::Made,
    place::Place,
    process::{Transfer, Worker},
    progress::Progress,
    protocol::{Hold, Reply, Task, Total},
    table::{Row, Table, median, millis},
    transport::Transport,
};

/// The worker, and what was sent to it so far.
pub(super) struct Sender {
    worker: Worker,
    transport: Transport,
    table: Table,
    /// What there is to say about long transfers.
    remarks: Vec<String>,
}

impl Sender {
    pub(super) fn start(transport: Transport, out: &mut impl Write) -> Result<Self> {
        let worker = Worker::start(transport)?;
        let (own, id) = (std::process::id(), worker.id());
        writeln!(
            out,
            "Process {own} sends, process {id} is the worker; between them is {transport}.\n"
        )?;
        Ok(Self { worker, transport, table: Table::new(transport), remarks: Vec::new() })
    }

    /// Sends a value several times, and notes what that takes. Gives the first answer.
    pub(super) fn send<'a, A, V>(
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
                ("a plain copy into warm memory", Some(copy.warm)),
                ("a plain copy into fresh memory, as a receipt is", Some(copy.fresh)),
                (self.transport.reading(), first.receipt.receive),
                ("the worker's putting together", Some(first.receipt.uncan)),
            ];
            let known = times.into_iter().filter_map(|(what, time)| Some((what, time?)));
            let lines = known.map(|(what, time)| format!("  {what:48}{:>9} ms\n", millis(time)));
            let lines: String = lines.collect();
            self.remarks.push(format!("{name}, the first round:\n{lines}"));
        }
        self.table.push(Row { name: name.to_owned(), transfer, first: first.time, copy });
        Ok(answer)
    }

    /// Checks that the worker has seen an array in the memory where it is here.
    pub(super) fn stayed(
        &mut self,
        name: &str,
        total: &Total,
        array: &ArrayView1<'_, f64>,
    ) -> Result<()> {
        match Place::of(array.as_ptr()) {
            Some(place) if total.place.as_ref() == Some(&place) => {
                let remark = format!("  both processes see it {place}: the same pages\n");
                self.remarks.push(remark);
                Ok(())
            }
            _ => Err(Error::Moved(name.into())),
        }
    }

    /// Sends an array into fresh memory, and then, where that is possible, into memory that the
    /// worker uses again: the other way round, fresh memory would be what was kept.
    pub(super) fn compare(&mut self, name: String, made: &Made<f64, Ix1>) -> Result<Costs> {
        let fresh = self.rounds(self.transport.hold(), made, ROUNDS)?;
        let mut ways = vec![("received into fresh memory", fresh)];
        if self.transport.recycles() {
            // The first is received into fresh memory, too.
            let recycled = self.rounds(Hold::Recycled, made, ROUNDS + 1)?.split_off(1);
            ways.push(("received into recycled memory", recycled));
        }
        self.costs(name, &made.view(), ways)
    }

    /// Hands an array over that is sealed already, and then others that are sealed for it.
    pub(super) fn compare_shared(
        &mut self,
        name: String,
        made: &Made<f64, Ix1>,
        make: impl Fn() -> Result<Made<f64, Ix1>>,
    ) -> Result<Costs> {
        let again = self.rounds(Hold::Viewed, made, ROUNDS)?;
        let mut sealed = Vec::new();
        for _ in 0..ROUNDS {
            // To make and fill it is what the sender wants it for, wherever it is.
            let anew = make()?;
            let handed = self.rounds(Hold::Viewed, &anew, 1)?;
            sealed.extend(handed.into_iter().map(|time| time + anew.sealing()));
        }
        let ways = vec![("handed over, sealed before", again), ("sealed and handed over", sealed)];
        self.costs(name, &made.view(), ways)
    }

    /// How long it takes each time until the worker holds an array.
    fn rounds(
        &mut self,
        hold: Hold,
        made: &Made<f64, Ix1>,
        rounds: usize,
    ) -> Result<Vec<Duration>> {
        let array = made.view();
        let mut round = || {
            let (task, progress) = (Task::Sum(hold), &mut Progress::Hidden);
            Ok(self.worker.request::<Total, _>(task, || made.can(&array), progress)?.0.time)
        };
        (0..rounds).map(|_| round()).collect()
    }

    fn costs(
        &self,
        name: String,
        array: &ArrayView1<'_, f64>,
        ways: Vec<(&'static str, Vec<Duration>)>,
    ) -> Result<Costs> {
        let object = can(array)?;
        let memory = object.buffers().iter().find_map(|buffer| buffer.as_slice());
        let memory = memory.ok_or(Error::Protocol("an array is not in one piece"))?;
        let memcpy = CopyTimes::measure(memory).warm;
        Ok(Costs { name, transport: self.transport, bytes: memory.len(), memcpy, ways })
    }

    /// Ends the worker, and prints the table.
    pub(super) fn finish(self, out: &mut impl Write) -> Result<()> {
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
