//! The command line.

use std::{ffi::OsString, path::PathBuf};

use super::{
    error::{Error, Result},
    transport::{HAS_SHM, Transport},
};

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Arguments {
    /// The digits, and then a long array of so many MiB.
    Digits {
        mib: usize,
        transport: Transport,
    },
    /// The user's own arrays.
    Files {
        paths: Vec<PathBuf>,
        transport: Transport,
    },
    /// To be the second process.
    Worker(Transport),
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
        let mut transport = Transport::default();
        let mut paths = Vec::new();
        while let Some(argument) = given.next() {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(Self::Help),
                Some(WORKER) => return Ok(Self::Worker(parse_transport(WORKER, given.next())?)),
                Some(TRANSPORT) => transport = parse_transport(TRANSPORT, given.next())?,
                // Not in the help: the tests have no need to send as much.
                Some("--mib") => mib = parse_mib(given.next())?,
                Some("--") => paths.extend(given.by_ref().map(PathBuf::from)),
                Some(option) if option.starts_with('-') => {
                    return Err(Error::Usage(format!("unknown option {option}")));
                }
                _ => paths.push(argument.into()),
            }
        }
        Ok(match paths.is_empty() {
            true => Self::Digits { mib, transport },
            false => Self::Files { paths, transport },
        })
    }
}

fn parse_mib(given: Option<OsString>) -> Result<usize> {
    given
        .and_then(|mib| mib.to_str()?.parse().ok())
        .filter(|mib| (1..=4096).contains(mib))
        .ok_or_else(|| Error::Usage("--mib takes a number from 1 to 4096".into()))
}

fn parse_transport(option: &str, given: Option<OsString>) -> Result<Transport> {
    let transport = given.and_then(|name| Transport::parse(name.to_str()?)).ok_or_else(|| {
        Error::Usage(format!("{option} takes `unix`, `tcp`, `file`, `shm` or `zmq`"))
    })?;
    transport.check(HAS_SHM)?;
    Ok(transport)
}

/// The argument that makes a process the worker; the transport follows.
pub(super) const WORKER: &str = "--worker";

const TRANSPORT: &str = "--transport";

/// The length of the long array.
const MIB: usize = 256;

/// What `--help` prints.
pub(super) const HELP: &str = "\
Sends arrays to a second process, and shows what that takes.

Usage: cargo xtask demo [--transport unix|tcp|file|shm|zmq] [FILE.npy...]

  --transport unix   over a Unix socket, which is where nothing is said
  --transport tcp    over TCP within this host
  --transport file   through files in the system's directory for temporary ones: each process
                     appends to its own and reads the other's; they take the disk for twice
                     the longest message, and are gone at the end, whoever is killed
  --transport shm    in shared memory, where the arrays are made and stay (on Linux)
  --transport zmq    over sockets of ZeroMQ, within this host

Without files it sends a data set of handwritten digits, which the second process averages and
analyses, and then one array of 256 MiB, several times, in each of the ways that the transport
has. With files it sends the arrays that they hold, whose types the second process does not
know; a path is relative to the workspace's root.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(given: &[&str]) -> Result<Arguments> {
        Arguments::parse(given.iter().map(OsString::from))
    }

    #[test]
    fn files_replace_the_digits() {
        let digits = |mib| Arguments::Digits { mib, transport: Transport::Unix };
        assert_eq!(parse(&[]).unwrap(), digits(256));
        assert_eq!(parse(&["--mib", "8"]).unwrap(), digits(8));
        let paths = vec!["a.npy".into(), "-b.npy".into()];
        let files = Arguments::Files { paths, transport: Transport::Unix };
        assert_eq!(parse(&["a.npy", "--", "-b.npy"]).unwrap(), files);
    }

    #[test]
    fn transport_is_named_or_a_unix_socket() {
        let tcp = Arguments::Digits { mib: 256, transport: Transport::Tcp };
        assert_eq!(parse(&["--transport", "tcp"]).unwrap(), tcp);
        assert_eq!(parse(&["--transport", "unix"]).unwrap(), parse(&[]).unwrap());
        for given in [&["--transport"][..], &["--transport", "udp"]] {
            let error = parse(given).unwrap_err().to_string();
            let expected = "--transport takes `unix`, `tcp`, `file`, `shm` or `zmq`";
            assert!(error.starts_with(expected), "{error}");
        }
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
