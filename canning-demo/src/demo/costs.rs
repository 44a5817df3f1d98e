//! What a long transfer costs, into fresh memory and into memory that is used again.

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
    /// Transfers into memory that the system has just given to the worker.
    pub(super) fresh: Vec<Duration>,
    /// Transfers into the memory of the one before.
    pub(super) recycled: Vec<Duration>,
}

impl fmt::Display for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, transport, fresh, .. } = self;
        let times = fresh.len();
        writeln!(f, "{name} over {transport}, {times} times each; the medians:")?;
        let rows = [
            ("received into fresh memory", median(self.fresh.iter().copied())),
            ("received into recycled memory", median(self.recycled.iter().copied())),
            ("a plain copy into warm memory", self.memcpy),
        ];
        for (what, time) in rows {
            let seconds = time.as_secs_f64();
            let rate = self.bytes as f64 / seconds / 1e9;
            let ratio = seconds / self.memcpy.as_secs_f64();
            let millis = millis(time);
            writeln!(f, "  {what:30}{millis:>10} ms{rate:>8.2} GB/s{ratio:>6.1} times memcpy")?;
        }
        Ok(())
    }
}
