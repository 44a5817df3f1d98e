//! Cargo's subcommands that are installed apart from it. Nothing here installs anything.

use crate::process::Process;

/// The subcommand `cargo <name>`, or what is missing.
pub(crate) fn find(name: &str) -> Result<Process, String> {
    match Process::cargo().args([name, "--version"]).probe() {
        Some(_) => Ok(Process::cargo().arg(name)),
        None => Err(format!("no cargo-{name} (`cargo install cargo-{name} --locked` installs it)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subcommand_is_found_or_named_with_what_installs_it() {
        assert_eq!(find("clippy").unwrap().to_string(), "cargo clippy");
        assert_eq!(
            find("no-such-command").unwrap_err(),
            "no cargo-no-such-command (`cargo install cargo-no-such-command --locked` installs it)"
        );
    }
}
