//! What the system says of memory and disk; nothing where it does not say.

use std::{fs, path::Path, process::Command};

/// Bytes that programs can still have.
pub(crate) fn available_memory() -> Option<u64> {
    field("/proc/meminfo", "MemAvailable:")
}

/// The most bytes of memory that this process has had at once.
pub(crate) fn peak_memory() -> Option<u64> {
    field("/proc/self/status", "VmHWM:")
}

/// Bytes that a file in this directory can still have.
pub(crate) fn available_disk(directory: &Path) -> Option<u64> {
    let output = Command::new("df").args(["-Pk"]).arg(directory).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib << 10)
}

fn field(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}
