//! Why the demo fails.

use std::{error, fmt, io, path::PathBuf, process::ExitStatus};

use ndarray_npy::ReadNpyError;

use super::transport::Transport;

/// The result of the demo's parts.
pub(super) type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the demo fails.
#[derive(Debug)]
pub(super) enum Error {
    /// The command line was not understood.
    Usage(String),
    /// The system does not have a transport.
    NotHere(Transport),
    /// A file cannot be opened or read.
    File { path: PathBuf, source: io::Error },
    /// A file does not hold an array.
    Npy { path: PathBuf, source: ReadNpyError },
    /// A file holds items of a type that is not known here.
    Dtype { path: PathBuf, found: String },
    /// Something could not be started, or printed.
    Io(io::Error),
    /// The worker ended while it was needed.
    WorkerEnded(ExitStatus),
    /// The worker says that it failed.
    WorkerFailed(String),
    /// A message was not what the other process should send.
    Protocol(&'static str),
    /// What the worker computed is not what this process computes.
    Differs(String),
    /// An array that was to stay where it is came to be somewhere else.
    Moved(String),
    /// A data set has no label for each image.
    Labels { images: usize, labels: usize },
    /// An array that came has items of a type that is not known here.
    Unknown { dtype: String },
    /// A value could not be taken apart or put together.
    Canning(canning_core::Error),
    /// A message could not be written or read.
    Message(canning_wire::Error),
}

impl Error {
    /// The whole story in one line: the error, and what caused it.
    pub(super) fn line(&self) -> String {
        let mut line = self.to_string();
        let mut cause = error::Error::source(self);
        while let Some(error) = cause {
            let text = error.to_string();
            // Some print their cause themselves.
            if !line.ends_with(&text) {
                line += &format!(": {text}");
            }
            cause = error.source();
        }
        line
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) => write!(f, "{what}; `--help` says what there is"),
            Self::NotHere(transport) => {
                let name = transport.name();
                write!(f, "--transport {name} needs Linux: other systems cannot seal memory")
            }
            Self::File { path, .. } => write!(f, "{} cannot be read", path.display()),
            Self::Npy { path, .. } => write!(f, "{} holds no array", path.display()),
            Self::Dtype { path, found } => {
                write!(
                    f,
                    "{} holds items of dtype {found}, which the demo does not read",
                    path.display()
                )
            }
            Self::Io(_) => f.write_str("the system refused"),
            Self::WorkerEnded(status) => write!(f, "the worker ended too early ({status})"),
            Self::WorkerFailed(why) => write!(f, "the worker failed: {why}"),
            Self::Protocol(why) => write!(f, "unexpected message: {why}"),
            Self::Differs(what) => {
                write!(f, "the worker computed something else than this process: {what}")
            }
            Self::Moved(what) => write!(f, "{what} did not stay where it was"),
            Self::Labels { images, labels } => write!(f, "{images} images, but {labels} labels"),
            Self::Unknown { dtype } => write!(f, "no summary of dtype {dtype}"),
            Self::Canning(_) => f.write_str("a value was refused"),
            Self::Message(_) => f.write_str("a message failed"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::File { source, .. } | Self::Io(source) => Some(source),
            Self::Npy { source, .. } => Some(source),
            Self::Canning(source) => Some(source),
            Self::Message(source) => Some(source),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<canning_core::Error> for Error {
    fn from(error: canning_core::Error) -> Self {
        Self::Canning(error)
    }
}

impl From<canning_wire::Error> for Error {
    fn from(error: canning_wire::Error) -> Self {
        Self::Message(error)
    }
}
