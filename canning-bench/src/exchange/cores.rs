//! Which core the threads run on.
//!
//! Left to itself, the system puts sender and receiver on one core or on two, and keeps to it
//! for seconds. On two they have to wake each other for every few hundred kilobytes; the times
//! differ by a factor of two, and say more about the machine than about the implementations.

/// Keeps this thread, and those that it will start, to one core. Systems that have no such call
/// go on as before.
pub(crate) fn share_one() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

        let Ok(all) = sched_getaffinity(None) else { return };
        let mut one = CpuSet::new();
        // The last: the first has more interrupts to serve.
        if let Some(core) = (0..CpuSet::MAX_CPU).rfind(|core| all.is_set(*core)) {
            one.set(core);
            let result = sched_setaffinity(None, &one);
            result.unwrap_or_else(|error| eprintln!("no core of their own: {error}"));
        }
    }
}
