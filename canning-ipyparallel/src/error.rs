//! The error of a client.

use std::{error, fmt, io, path::PathBuf, sync::Arc, time::Duration};

use crate::{connection::FileProblem, output::Output, remote::RemoteError, zmtp};

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
    ConnectionLost {
        /// What happened to the connection; `None` where the controller ended it.
        reason: Option<LostReason>,
    },
    /// The client was closed.
    Closed,
    /// Fewer engines than asked for came in time.
    TooFewEngines {
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// A view of no engines. They come some time after the controller.
    NoEngines,
    /// No engine of this number.
    NoSuchEngine(u32),
    /// The engine was there, and has ended before it was asked.
    EngineEnded(u32),
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
    /// The value could not be canned.
    Canning(canning_core::Error),
    /// The result is not of the type that was asked for, or cannot be read.
    WrongResult {
        /// The function, variable or expression whose result it is, shortened where it is long.
        of: String,
        /// The engine that has sent it, where that is known.
        engine: Option<u32>,
        /// What is wrong with it.
        source: canning_core::Error,
    },
    /// The name is none that Python could give a variable.
    Name(String),
    /// The blocks of engines are no parts of one array.
    Blocks {
        /// Which block, counted from zero.
        block: usize,
        /// The engine that has sent it, where that is known.
        engine: Option<u32>,
        /// What does not fit the first.
        problem: String,
    },
    /// The runtime of a blocking client could not be started.
    Runtime(io::Error),
    /// A blocking client would block a thread of a tokio runtime.
    InRuntime,
}

/// Why a connection was lost, shared by all whom that concerns.
pub type LostReason = Arc<zmtp::Error>;

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

    /// Says whose result could not be read.
    pub(crate) fn of_result(self, of: &str, engine: Option<u32>) -> Self {
        match self.into_kind() {
            ErrorKind::Canning(source) => {
                ErrorKind::WrongResult { of: of.to_owned(), engine, source }.into()
            }
            kind => kind.into(),
        }
    }

    /// Adds what was printed before an exception was raised.
    pub(crate) fn add_output(&mut self, output: Output) {
        if let ErrorKind::Remote(remote) = &mut *self.0 {
            (remote.stdout, remote.stderr) = (output.stdout, output.stderr);
        }
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
                 running, and the key the right one?"
            ),
            ErrorKind::ConnectionLost { .. } => {
                f.write_str("the connection to the controller is lost")
            }
            ErrorKind::Closed => f.write_str("the client is closed"),
            ErrorKind::TooFewEngines { wanted, found } => {
                let are = if *found == 1 { "engine is" } else { "engines are" };
                write!(f, "{found} {are} there, not {wanted}")
            }
            ErrorKind::NoEngines => {
                f.write_str("no engines for a view: `wait_for_engines` waits until they have come")
            }
            ErrorKind::NoSuchEngine(id) => write!(f, "there is no engine {id}"),
            ErrorKind::EngineEnded(id) => {
                write!(f, "engine {id} has ended: make a view of those that are there")
            }
            ErrorKind::EngineLost(id) => write!(f, "engine {id} ended before it answered"),
            ErrorKind::Timeout { after } => write!(f, "no result within {after:?}"),
            ErrorKind::Aborted => f.write_str("aborted before it began"),
            ErrorKind::Remote(remote) => remote.fmt(f),
            ErrorKind::Protocol(problem) => write!(f, "not an answer of ipyparallel: {problem}"),
            ErrorKind::Canning(error) => error.fmt(f),
            ErrorKind::WrongResult { of, engine, source } => {
                write!(f, "the result of `{of}`{}: {source}", On(*engine))
            }
            ErrorKind::Name(name) => write!(f, "not a name of Python: {name:?}"),
            ErrorKind::Blocks { block, engine, problem } => {
                write!(f, "block {block}{} is not a part of the same array: {problem}", On(*engine))
            }
            ErrorKind::Runtime(_) => f.write_str("the runtime could not be started"),
            ErrorKind::InRuntime => f.write_str(
                "a blocking client is not for asynchronous code: use `canning_ipyparallel::Client`",
            ),
        }
    }
}

/// To be read, as it is what a program ends with whose `main` gives an error: the kind, what
/// `Display` says, and what lies behind that, a line each at least.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.kind().name())?;
        let mut source = error::Error::source(self);
        while let Some(cause) = source {
            write!(f, "\ncaused by: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl ErrorKind {
    fn name(&self) -> &'static str {
        match self {
            Self::ConnectionFile { .. } => "ConnectionFile",
            Self::Connect { .. } => "Connect",
            Self::NoAnswer { .. } => "NoAnswer",
            Self::ConnectionLost { .. } => "ConnectionLost",
            Self::Closed => "Closed",
            Self::TooFewEngines { .. } => "TooFewEngines",
            Self::NoEngines => "NoEngines",
            Self::NoSuchEngine(_) => "NoSuchEngine",
            Self::EngineEnded(_) => "EngineEnded",
            Self::EngineLost(_) => "EngineLost",
            Self::Timeout { .. } => "Timeout",
            Self::Aborted => "Aborted",
            Self::Remote(_) => "Remote",
            Self::Protocol(_) => "Protocol",
            Self::Canning(_) => "Canning",
            Self::WrongResult { .. } => "WrongResult",
            Self::Name(_) => "Name",
            Self::Blocks { .. } => "Blocks",
            Self::Runtime(_) => "Runtime",
            Self::InRuntime => "InRuntime",
        }
    }
}

/// The engine, where it is known.
struct On(Option<u32>);

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |engine| write!(f, " on engine {engine}"))
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self.kind() {
            ErrorKind::ConnectionFile { problem, .. } => problem.source(),
            ErrorKind::Connect { source, .. } => Some(&**source),
            ErrorKind::ConnectionLost { reason: Some(reason) } => Some(&**reason),
            ErrorKind::Canning(error) | ErrorKind::WrongResult { source: error, .. } => {
                error.source()
            }
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

    #[test]
    fn what_a_program_ends_with_can_be_read() {
        let content = serde_json::json!({
            "ename": "NameError", "evalue": "name 'x' is not defined",
            "traceback": ["\u{1b}[31mline 1\u{1b}[0m\nline 2"], "engine_info": {"engine_id": 0},
        });
        let remote = RemoteError::from_content(content.as_object().unwrap());
        let debug = format!("{:?}", Error::new(ErrorKind::Remote(remote)));
        assert_eq!(
            debug,
            "Remote: NameError: name 'x' is not defined (on engine 0)\nline 1\nline 2"
        );
        let lost =
            Error::new(ErrorKind::ConnectionLost { reason: Some(Arc::new(zmtp::Error::NotZmtp)) });
        let text = format!("ConnectionLost: {lost}\ncaused by: {}", zmtp::Error::NotZmtp);
        assert_eq!(format!("{lost:?}"), text);
        assert_eq!(format!("{:?}", Error::new(ErrorKind::Closed)), "Closed: the client is closed");
    }
}
