//! Why a command stopped.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line makes no sense.
    Usage(String),
    /// A program ran and failed.
    Failed { line: String, status: ExitStatus },
    /// A program could not be started.
    NotStarted { line: String, source: io::Error },
    /// A file or directory could not be read, or entered.
    Io { path: PathBuf, source: io::Error },
    /// Something that is not ours to make is missing.
    Missing { what: &'static str, remedy: &'static str },
    /// `licences` printed this many packages.
    Unlicensed { packages: usize },
    /// `fuzz` has found this many inputs that fail.
    Found { findings: usize },
    /// `tidy` printed this many violations.
    Untidy { violations: usize },
}

impl Error {
    /// 2 for a wrong command line, as is usual; 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Failed { line, status } => write!(f, "`{line}` failed: {status}"),
            Self::NotStarted { line, source } => {
                write!(f, "`{line}` could not be started: {source}")
            }
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Missing { what, remedy } => write!(f, "{what} is missing; {remedy}"),
            Self::Unlicensed { packages: 1 } => {
                f.write_str("1 package has a licence that deny.toml does not allow")
            }
            Self::Unlicensed { packages } => {
                write!(f, "{packages} packages have a licence that deny.toml does not allow")
            }
            Self::Found { findings: 1 } => f.write_str("1 finding"),
            Self::Found { findings } => write!(f, "{findings} findings"),
            Self::Untidy { violations: 1 } => f.write_str("1 violation"),
            Self::Untidy { violations } => write!(f, "{violations} violations"),
        }
    }
}
