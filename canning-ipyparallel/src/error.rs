//! The error of a client.

use std::{error, fmt, io, path::PathBuf, time::Duration};

use crate::{connection::FileProblem, remote::RemoteError};

/// Why the cluster did not do what it was asked for.
///
/// One pointer wide; match on [`kind`](Self::kind).
pub struct Error(Box<ErrorKind>);

/// The result of what a client does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection file cannot be used.
    ConnectionFile {
        /// Where it is, or was looked for.
        path: PathBuf,
        /// What is wrong with it.
        problem: FileProblem,
    },
    /// No connection to a socket of the controller.
    Connect {
        /// The address, as `tcp://127.0.0.1:41035`.
        endpoint: String,
        /// What the socket says.
        source: Box<dyn error::Error + Send + Sync>,
    },
    /// The hub did not answer in time. A wrong key gets no answer, nor does a controller that has
    /// ended.
    NoAnswer {
        /// The address of the hub.
        endpoint: String,
        /// How long it had.
        after: Duration,
    },
    /// The connection to the controller broke, or the controller ended. The client is of no use
    /// any more.
    ConnectionLost,
    /// The client was closed.
    Closed,
    /// Fewer engines than asked for came in time.
    TooFewEngines {
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// No engine of this number.
    NoSuchEngine(u32),
    /// The engine ended before it answered.
    EngineLost(u32),
    /// No result in time. The request is forgotten; the engine may still be working on it.
    Timeout {
        /// How long it had.
        after: Duration,
    },
    /// The request was aborted before it began.
    Aborted,
    /// Python raised an exception.
    Remote(RemoteError),
    /// The answer is none of the protocol; says what is missing.
    Protocol(&'static str),
    /// The value could not be canned, or is not what was asked for.
    Canning(canning_core::Error),
    /// The name is none that Python could give a variable.
    Name(String),
    /// The blocks of engines are no parts of one array; says what is not the same.
    Blocks {
        /// Which block, counted from zero.
        block: usize,
        /// What does not fit the first.
        problem: &'static str,
    },
    /// The runtime of a blocking client could not be started.
    Runtime(io::Error),
}

impl Error {
    /// Makes an error.
    #[cold]
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// Says what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Takes the kind out.
    pub fn into_kind(self) -> ErrorKind {
        *self.0
    }

    /// The exception that Python raised, if that is what went wrong.
    pub fn remote(&self) -> Option<&RemoteError> {
        match self.kind() {
            ErrorKind::Remote(remote) => Some(remote),
            _ => None,
        }
    }

    /// Whether there was no answer in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout { .. } | ErrorKind::NoAnswer { .. })
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl From<canning_core::Error> for Error {
    fn from(error: canning_core::Error) -> Self {
        Self::new(ErrorKind::Canning(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::ConnectionFile { path, problem } => {
                write!(f, "{}: {problem}", path.display())
            }
            ErrorKind::Connect { endpoint, .. } => write!(f, "no connection to {endpoint}"),
            ErrorKind::NoAnswer { endpoint, after } => write!(
                f,
                "no answer from the hub at {endpoint} within {after:?}: is the controller \
                 running, and the key the right one"
            ),
            ErrorKind::ConnectionLost => f.write_str("the connection to the controller is lost"),
            ErrorKind::Closed => f.write_str("the client is closed"),
            ErrorKind::TooFewEngines { wanted, found } => {
                write!(f, "{found} engines are there, not {wanted}")
            }
            ErrorKind::NoSuchEngine(id) => write!(f, "there is no engine {id}"),
            ErrorKind::EngineLost(id) => write!(f, "engine {id} ended before it answered"),
            ErrorKind::Timeout { after } => write!(f, "no result within {after:?}"),
            ErrorKind::Aborted => f.write_str("aborted before it began"),
            ErrorKind::Remote(remote) => remote.fmt(f),
            ErrorKind::Protocol(problem) => write!(f, "not an answer of ipyparallel: {problem}"),
            ErrorKind::Canning(error) => error.fmt(f),
            ErrorKind::Name(name) => write!(f, "not a name of Python: {name:?}"),
            ErrorKind::Blocks { block, problem } => {
                write!(f, "block {block} is not a part of the same array: {problem}")
            }
            ErrorKind::Runtime(_) => f.write_str("the runtime could not be started"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error").field(self.kind()).finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self.kind() {
            ErrorKind::ConnectionFile { problem, .. } => problem.source(),
            ErrorKind::Connect { source, .. } => Some(&**source),
            ErrorKind::Canning(error) => error.source(),
            ErrorKind::Runtime(source) => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_pointer_wide_and_may_go_anywhere() {
        const fn goes_anywhere<T: Send + Sync + error::Error>() {}
        goes_anywhere::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
