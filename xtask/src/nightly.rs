//! The nightly toolchain, where rustup has one. Nothing here installs anything.

use std::path::PathBuf;

use crate::process::Process;

/// A nightly toolchain that is there.
#[derive(Debug)]
pub(crate) struct Nightly {
    /// The target triple of this machine.
    host: String,
}

impl Nightly {
    /// Looks for the toolchain, or says what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        let version = nightly("rustc").arg("-vV").probe();
        let host = version.as_deref().and_then(host_of);
        host.map(|host| Self { host: host.to_owned() }).ok_or_else(|| {
            "no nightly toolchain (`rustup toolchain install nightly` installs it)".to_owned()
        })
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn cargo(&self) -> Process {
        nightly("cargo")
    }

    /// Whether `cargo <name>` is there.
    pub(crate) fn has_subcommand(&self, name: &str) -> bool {
        self.cargo().args([name, "--version"]).probe().is_some()
    }

    /// Whether the standard library's sources are there.
    pub(crate) fn has_std_source(&self) -> bool {
        let sysroot = nightly("rustc").args(["--print", "sysroot"]).probe();
        let source = sysroot.map(|path| PathBuf::from(path.trim()).join("lib/rustlib/src/rust"));
        source.is_some_and(|path| path.join("library").is_dir())
    }
}

/// Says on standard error that a check did not run, and why. That is not a failure.
pub(crate) fn skip(command: &str, missing: &str) {
    eprintln!("skipped: {command}: {missing}");
}

/// `rustup run`, unlike `cargo +nightly`, never installs a toolchain that is missing.
fn nightly(program: &str) -> Process {
    Process::new("rustup").args(["run", "nightly", program])
}

fn host_of(version: &str) -> Option<&str> {
    version.lines().find_map(|line| line.strip_prefix("host: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read_from_the_verbose_version() {
        let version = "rustc 1.97.0-nightly\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n";
        assert_eq!(host_of(version), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(host_of("rustc 1.97.0-nightly"), None);
    }
}
