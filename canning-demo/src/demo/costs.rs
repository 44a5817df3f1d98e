//! What a long transfer costs, in each of the ways that a transport has.

use std::{fmt, time::Duration};

use super::{
    table::{median, millis},
    transport::Transport,
};

/// What the transfers of one array cost.
pub(super) struct Costs {
    pub(super) name: String,
    pub(super) transport: Transport,
    /// Bytes of each.
    pub(super) bytes: usize,
    /// A plain copy within this process, into warm memory.
    pub(super) memcpy: Duration,
    /// What each way is, and how long each transfer took.
    pub(super) ways: Vec<(&'static str, Vec<Duration>)>,
}

impl fmt::Display for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, transport, ways, .. } = self;
        let (way, times) = (transport.way(), ways.iter().map(|(_, times)| times.len()).min());
        writeln!(f, "{name} {way}, {} times each; the medians:", times.unwrap_or(0))?;
        let medians = ways.iter().map(|(what, times)| (*what, median(times.iter().copied())));
        for (what, time) in medians.chain([("a plain copy into warm memory", self.memcpy)]) {
            let seconds = time.as_secs_f64();
            let rate = self.bytes as f64 / seconds / 1e9;
            let ratio = seconds / self.memcpy.as_secs_f64();
            let millis = millis(time);
            writeln!(f, "  {what:30}{millis:>10} ms{rate:>8.2} GB/s {ratio:>5.1} times memcpy")?;
        }
        Ok(())
    }
}
