//! What the benchmarks ran on, as far as the system says.

use std::{env::consts, fs, process::Command, thread};

/// One paragraph.
pub(crate) fn description() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut parts = vec![format!("{cores} cores ({})", consts::ARCH)];
    parts.extend(value_of("/proc/cpuinfo", "model name"));
    parts.extend(memory());
    parts.push(consts::OS.to_owned());
    let rustc = Command::new("rustc").arg("--version").output();
    parts.extend(rustc.ok().and_then(|output| String::from_utf8(output.stdout).ok()));
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
    format!("Measured on {}.", parts.join(", "))
}

fn memory() -> Option<String> {
    let total = value_of("/proc/meminfo", "MemTotal")?;
    let kibibytes: u64 = total.trim_end_matches("kB").trim().parse().ok()?;
    Some(format!("{} GiB of memory", kibibytes.div_ceil(1 << 20)))
}

/// The value of the first `key: value` line.
fn value_of(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(found, _)| found.trim() == key)?;
    Some(value.trim().to_owned())
}
