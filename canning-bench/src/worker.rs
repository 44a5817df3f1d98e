//! Each group is measured in a process of its own: what one has left in the heap is nothing to the
//! next, and a group gives the same alone and among all others.

use std::{
    env,
    error::Error,
    io,
    process::{Command, Stdio},
};

use crate::{
    harness::{Bench, Measured},
    heap,
    progress::Progress,
    subjects,
};

/// What a process is to measure.
#[derive(Debug, PartialEq)]
pub(crate) struct Worker {
    /// The group's id.
    pub(crate) id: String,
    /// Which of the groups it is, counted from 1.
    pub(crate) number: u64,
    /// How many groups there are.
    pub(crate) groups: u64,
}

impl Worker {
    /// Measures the group in a new process.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or fails.
    pub(crate) fn spawn(&self, is_quick: bool) -> Result<Vec<Measured>, Box<dyn Error>> {
        let mut process = Command::new(env::current_exe()?);
        let (number, groups) = (self.number.to_string(), self.groups.to_string());
        process.args([OPTION, &self.id, &number, &groups]);
        process.args(is_quick.then_some("--quick"));
        process.envs(heap::SETTINGS).stderr(Stdio::inherit());
        let output = process.output()?;
        if !output.status.success() {
            return Err(format!("{} failed: {}", self.id, output.status).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Measures the group here, and writes what came out to standard output.
    ///
    /// # Errors
    ///
    /// When there is no such group, or nobody reads.
    pub(crate) fn run(self, is_quick: bool) -> Result<(), Box<dyn Error>> {
        let mut groups = subjects::groups(is_quick).into_iter();
        let group = groups.find(|group| group.id == self.id).ok_or("no such group")?;
        let mut bench = Bench::new(is_quick, Progress::new(&self));
        group.measure(&mut bench);
        serde_json::to_writer(io::stdout(), &bench.into_results())?;
        Ok(())
    }
}

/// Has three values: id, number and groups.
pub(crate) const OPTION: &str = "--worker";
