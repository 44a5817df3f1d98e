//! Builds all targets that are asked for, runs them, and prints what came out.

use std::ffi::OsString;
use std::iter;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::commands::fuzz::fuzzer::Fuzzer;
use crate::commands::fuzz::outcome::{self, Outcome};
use crate::commands::fuzz::request::Request;
use crate::error::Error;
use crate::nightly;

/// Fuzzes the named target, or every target; goes on after one that fails.
///
/// # Errors
///
/// If something was found.
pub(crate) fn run(args: &[OsString]) -> Result<(), Error> {
    let request = Request::parse(args)?;
    let targets = request.targets()?;
    let fuzzer = match Fuzzer::find() {
        Ok(fuzzer) => fuzzer,
        Err(missing) => {
            nightly::skip("fuzz", &missing);
            return Ok(());
        }
    };
    fuzzer.build(&targets)?;
    let outcomes = fuzz_all(&fuzzer, &targets, &request)?;
    eprint!("{}", outcome::table(&outcomes));
    match outcomes.iter().map(|outcome| outcome.findings.len()).sum() {
        0 => Ok(()),
        findings => Err(Error::Found { findings }),
    }
}

/// Runs as many targets at a time as there are processors.
fn fuzz_all(fuzzer: &Fuzzer, targets: &[String], request: &Request) -> Result<Vec<Outcome>, Error> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let waiting = Mutex::new(targets.iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || iter::from_fn(next).map(|target| fuzzer.fuzz(target, request)).collect();
    let mut outcomes = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let all = workers.into_iter().map(|worker| worker.join().expect("a fuzzer's thread"));
        all.collect::<Result<Vec<Vec<_>>, _>>()
    })?
    .concat();
    outcomes.sort_by(|one, other| one.target.cmp(&other.target));
    Ok(outcomes)
}
