//! Two processes on Linux: one makes arrays, the other adds them up. What does it cost to hand them
//! over in shared memory, and over a socket?
//!
//! ```text
//! cargo run --release -p canning-wire --features shm --example shared_memory [MEBIBYTES]
//! ```

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("memory can be sealed on Linux only");
    std::process::exit(1);
}
