//! An allocator that treats all cases alike.
//!
//! Where glibc's allocator gets a large block from depends on what the program did before: new
//! from the system, which costs a page fault a page, or out of a gap that something else has left.
//! That makes a difference of eight times for a copy of 64 MiB, and accidents would decide
//! who has it. So it is told what it does with blocks above 32 MiB in any case: to get large
//! blocks from the system, each time, and to give them back.

use std::{
    env, io,
    process::{Command, ExitCode},
};

/// Runs this program again with an allocator that is set so, and gives how that ended; none in the
/// program that runs so.
///
/// # Errors
///
/// When it cannot be run.
pub(crate) fn run_settled() -> io::Result<Option<ExitCode>> {
    if SETTINGS.iter().all(|(name, _)| env::var_os(name).is_some()) {
        return Ok(None);
    }
    let mut again = Command::new(env::current_exe()?);
    let status = again.args(env::args_os().skip(1)).envs(SETTINGS).status()?;
    Ok(Some(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }))
}

/// From 4 MiB on, blocks come from the system; of what smaller ones leave behind, 8 MiB are kept.
/// Other allocators do not look at it.
const SETTINGS: [(&str, &str); 2] =
    [("MALLOC_MMAP_THRESHOLD_", "4194304"), ("MALLOC_TRIM_THRESHOLD_", "8388608")];
