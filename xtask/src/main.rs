//! The project's own commands: `cargo xtask <command>`. `cargo xtask help` lists them.
#![forbid(unsafe_code)]

mod commands;
mod error;
mod help;
mod nightly;
mod process;
mod python;
mod tool;
mod workspace;

use std::env;
use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use crate::error::Error;

fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(args: &[OsString]) -> Result<(), Error> {
    let Some((name, rest)) = args.split_first().filter(|(name, _)| !is_help(name)) else {
        help::print();
        return Ok(());
    };
    let name = name.to_string_lossy();
    let Some((_, run)) = COMMANDS.iter().find(|(known, _)| *known == name) else {
        return Err(Error::Usage(format!(
            "no command `{name}`; `cargo xtask help` lists them all"
        )));
    };
    workspace::enter_root()?;
    run(rest)
}

fn is_help(name: &OsStr) -> bool {
    name == "help" || name == "--help" || name == "-h"
}

/// Runs one command with the arguments that follow its name.
type Command = fn(&[OsString]) -> Result<(), Error>;

const COMMANDS: &[(&str, Command)] = &[
    ("asan", commands::asan::run),
    ("bench", commands::bench::run),
    ("big", commands::big::run),
    ("bless", commands::bless::run),
    ("ci", commands::ci::run),
    ("demo", commands::demo::run),
    ("deny", commands::deny::run),
    ("fuzz", commands::fuzz::run),
    ("licences", commands::licences::run),
    ("lint", commands::lint::run),
    ("minimal", commands::minimal::run),
    ("miri", commands::miri::run),
    ("msrv", commands::msrv::run),
    ("mutants", commands::mutants::run),
    ("package", commands::package::run),
    ("python", commands::python::run),
    ("randomized", commands::randomized::run),
    ("semver", commands::semver::run),
    ("test", commands::test::run),
    ("tidy", commands::tidy::run),
    ("tour", commands::tour::run),
    ("tsan", commands::tsan::run),
    ("valgrind", commands::valgrind::run),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_and_the_commands_name_each_other() {
        let in_help: Vec<&str> = help::commands().collect();
        let mut known: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
        known.push("help");
        for name in &known {
            assert!(in_help.contains(name), "`{name}` is not in the help");
        }
        for name in in_help {
            assert!(known.contains(&name), "the help lists `{name}`, which does not exist");
        }
    }

    #[test]
    fn an_unknown_command_is_a_usage_error_that_names_help() {
        let error = dispatch(&["tset".into()]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert_eq!(error.to_string(), "no command `tset`; `cargo xtask help` lists them all");
    }

    #[test]
    fn help_is_asked_for_in_the_usual_ways() {
        for name in ["help", "--help", "-h"] {
            assert!(is_help(OsStr::new(name)), "{name}");
        }
        assert!(!is_help(OsStr::new("test")));
    }
}
