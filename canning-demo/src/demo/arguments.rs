//! The command line.

use std::{ffi::OsString, path::PathBuf};

use super::error::{Error, Result};

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Arguments {
    /// The digits, and then a long array of so many MiB.
    Digits {
        mib: usize,
    },
    /// The user's own arrays.
    Files(Vec<PathBuf>),
    /// To be the second process.
    Worker,
    Help,
}

impl Arguments {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`].
    pub(super) fn parse(given: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let mut given = given.into_iter();
        let mut mib = MIB;
        let mut files = Vec::new();
        while let Some(argument) = given.next() {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(Self::Help),
                Some(WORKER) => return Ok(Self::Worker),
                // Not in the help: the tests have no need to send as much.
                Some("--mib") => mib = parse_mib(given.next())?,
                Some("--") => files.extend(given.by_ref().map(PathBuf::from)),
                Some(option) if option.starts_with('-') => {
                    return Err(Error::Usage(format!("unknown option {option}")));
                }
                _ => files.push(argument.into()),
            }
        }
        Ok(if files.is_empty() { Self::Digits { mib } } else { Self::Files(files) })
    }
}

fn parse_mib(given: Option<OsString>) -> Result<usize> {
    given
        .and_then(|mib| mib.to_str()?.parse().ok())
        .filter(|mib| (1..=4096).contains(mib))
        .ok_or_else(|| Error::Usage("--mib takes a number from 1 to 4096".into()))
}

/// The argument that makes a process the worker.
pub(super) const WORKER: &str = "--worker";

/// The length of the long array.
const MIB: usize = 256;

/// What `--help` prints.
pub(super) const HELP: &str = "\
Sends arrays to a second process over a Unix socket, and shows what that takes.

Usage: cargo xtask demo [FILE.npy...]

Without files it sends a data set of handwritten digits, which the second process averages and
analyses, and then one array of 256 MiB. With files it sends the arrays that they hold, whose
types the second process does not know; a path is relative to the workspace's root.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(given: &[&str]) -> Result<Arguments> {
        Arguments::parse(given.iter().map(OsString::from))
    }

    #[test]
    fn files_replace_the_digits() {
        assert_eq!(parse(&[]).unwrap(), Arguments::Digits { mib: 256 });
        assert_eq!(parse(&["--mib", "8"]).unwrap(), Arguments::Digits { mib: 8 });
        let files = vec!["a.npy".into(), "-b.npy".into()];
        assert_eq!(parse(&["a.npy", "--", "-b.npy"]).unwrap(), Arguments::Files(files));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let message = |given: &[&str]| parse(given).unwrap_err().to_string();
        assert_eq!(message(&["--fast"]), "unknown option --fast; `--help` says what there is");
        for given in [&["--mib"][..], &["--mib", "0"], &["--mib", "x"]] {
            assert!(message(given).starts_with("--mib takes a number"));
        }
    }
}
