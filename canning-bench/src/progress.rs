//! What is shown while it runs: a bar for all groups, and each result.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::worker::Worker;

/// On standard error; without the bar where that is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Groups that are done.
    done: u64,
}

impl Progress {
    /// Of one group among all.
    pub(crate) fn new(worker: &Worker) -> Self {
        let Worker { id, number, groups } = worker;
        let style = ProgressStyle::with_template("{msg:40} {bar:32} {percent:>3} %");
        let bar = ProgressBar::new(groups * PARTS);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(format!("group {number} of {groups}: {id}"));
        let progress = Self { bar, done: number.saturating_sub(1) };
        progress.print(&progress.bar.message());
        progress
    }

    /// Shows how long the group has taken so far of the time that it has, and how many of its turns
    /// are done of those that it takes at least.
    pub(crate) fn spent(&self, (time, budget): (Duration, Duration), (done, least): (u64, u64)) {
        let part = share(millis(time), millis(budget)).min(share(done, least)).min(PARTS);
        self.bar.set_position(self.done * PARTS + part);
    }

    /// Prints a line above the bar.
    pub(crate) fn print(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn share(part: u64, whole: u64) -> u64 {
    part * PARTS / whole.max(1)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The length of a group on the bar.
const PARTS: u64 = 1000;
