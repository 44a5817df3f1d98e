//! What a plain copy in memory takes, to compare with.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use super::table::median;

/// The time to copy so many bytes with `memcpy`.
#[derive(Clone, Copy, Debug)]
pub(super) struct CopyTimes {
    /// Into memory that the process has just been given, and not touched yet.
    pub(super) fresh: Duration,
    /// Into memory that has been written before; the median.
    pub(super) warm: Duration,
}

impl CopyTimes {
    /// Copies bytes several times.
    pub(super) fn measure(bytes: &[u8]) -> Self {
        let mut target = vec![0; bytes.len()];
        let mut copy = || {
            let start = Instant::now();
            black_box(&mut target).copy_from_slice(black_box(bytes));
            start.elapsed()
        };
        let fresh = copy();
        // Enough of the short ones for caches and clock.
        let times = (TOTAL / bytes.len().max(1)).clamp(5, 2000);
        Self { fresh, warm: median((0..times).map(|_| copy())) }
    }
}

/// Bytes that short copies add up to.
const TOTAL: usize = 16 << 20;
