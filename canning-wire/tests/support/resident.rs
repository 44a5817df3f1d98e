//! The memory that the process really uses, as the system counts it.

use std::fs;

/// Bytes in memory, those of files and of shared memory too; 0 where the system does not say.
///
/// Its pages are gone through: the sums that the system keeps are wrong by some pages for each
/// processor, and so by megabytes where there are many.
pub fn resident() -> usize {
    let sums = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let resident = sums.lines().find_map(|line| line.strip_prefix("Rss:")?.strip_suffix("kB"));
    resident.map_or(0, |kib| kib.trim().parse::<usize>().unwrap() << 10)
}

/// What may come and go whatever a test does: the system makes a huge page of small ones when it
/// likes, which has 2 MiB mostly.
pub const NOISE: usize = 4 << 20;
