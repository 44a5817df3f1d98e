//! Running the demo, and looking at its processes.
#![allow(
    dead_code,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "each test uses a part of it, and helpers of tests panic as tests do"
)]

use std::{
    fs,
    io::BufRead,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

pub fn demo() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    // From anywhere, and as on a machine that tests.
    command.current_dir("/").env("CI", "true");
    command
}

pub fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// An empty directory for one test.
pub fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo").join(name);
    fs::remove_dir_all(&directory).ok();
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// The number of the worker's process, which the first line says.
pub fn worker_of(out: &mut impl BufRead) -> String {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let (_, rest) = line.split_once(", process ").unwrap();
    rest.split_once(' ').unwrap().0.to_owned()
}

/// Kills a process, if it has not ended yet.
pub fn kill(process: &str) {
    Command::new("kill").args(["-9", process]).stderr(Stdio::null()).status().unwrap();
}

/// What `run` finds while a demo runs. Where the system lets the test look only when the demo has
/// ended, it finds nothing, and tries another.
pub fn until_in_time<T>(mut run: impl FnMut() -> Option<T>) -> T {
    (0..20).find_map(|_| run()).expect("one of 20 demos that was seen running")
}

/// Waits until a process has ended: whoever inherits it may take a while to clear it away.
pub fn wait_for_end_of(process: &str) {
    for _ in 0..5000 {
        // `kill -0` only asks.
        let asked = Command::new("kill").args(["-0", process]).stderr(Stdio::null()).status();
        if !asked.unwrap().success() || is_zombie(process) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("process {process} still runs");
}

/// Whether a process has ended, and only its number is left.
fn is_zombie(process: &str) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}
