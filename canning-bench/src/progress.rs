//! What is shown while it runs: a bar for all groups, and each result.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// On standard error; without the bar where that is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    groups: u64,
    begun: u64,
    budget: Duration,
}

impl Progress {
    /// Of so many groups.
    pub(crate) fn new(groups: usize) -> Self {
        let style = ProgressStyle::with_template("{msg:40} {bar:32} {percent:>3} %  {elapsed}");
        let bar = ProgressBar::new(count(groups) * PARTS);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, groups: count(groups), begun: 0, budget: Duration::ZERO }
    }

    /// Begins a group that takes about so long, or longer.
    pub(crate) fn begin(&mut self, id: &str, budget: Duration) {
        self.begun += 1;
        self.budget = budget;
        let title = format!("group {} of {}: {id}", self.begun, self.groups);
        self.print(&title);
        self.bar.set_message(title);
    }

    /// Shows how long the group has taken so far, and how many of its turns are done of those that
    /// it takes at least.
    pub(crate) fn spent(&self, time: Duration, done: usize, least: usize) {
        let of_budget = millis(time) * PARTS / millis(self.budget).max(1);
        let part = of_budget.min(count(done) * PARTS / count(least).max(1)).min(PARTS);
        self.bar.set_position(self.begun.saturating_sub(1) * PARTS + part);
    }

    /// Prints a line above the bar.
    pub(crate) fn print(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    /// Ends a group.
    pub(crate) fn end(&self) {
        self.bar.set_position(self.begun * PARTS);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn count(count: usize) -> u64 {
    count as u64
}

/// The length of a group on the bar.
const PARTS: u64 = 1000;
