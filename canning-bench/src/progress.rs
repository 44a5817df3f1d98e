//! What is shown while it runs: a bar for the group that is measured, and each result.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// On standard error; without the bar where that is no terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let style = ProgressStyle::with_template("{msg:24} {bar:40} {percent:>3} %");
        let bar = ProgressBar::new(0);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar }
    }

    /// Begins a group that takes about so long.
    pub(crate) fn begin(&self, id: &str, budget: Duration) {
        self.bar.set_length(millis(budget));
        self.bar.set_message(id.to_owned());
    }

    /// Shows how long the group has taken so far.
    pub(crate) fn spent(&self, time: Duration) {
        self.bar.set_position(millis(time));
    }

    /// Prints a line above the bar.
    pub(crate) fn print(&self, line: &str) {
        self.bar.suspend(|| eprintln!("{line}"));
    }

    /// Ends a group.
    pub(crate) fn end(&self) {
        self.bar.set_position(0);
        self.bar.set_message("");
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
