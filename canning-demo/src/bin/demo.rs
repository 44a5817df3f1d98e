//! The demo: `cargo xtask demo [--transport unix|tcp|file|shm|zmq] [FILE.npy...]`.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    canning_demo::demo::main()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("demo: there are no Unix sockets here");
    ExitCode::FAILURE
}
