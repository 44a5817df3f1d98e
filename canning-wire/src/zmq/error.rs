//! What goes wrong with multipart messages.

use std::{error, fmt};

use zeromq::ZmqError;

use crate::error::{Error, ErrorKind};

/// Why a multipart message could not be sent or received, or is no message: what
/// [`ErrorKind::Multipart`](crate::ErrorKind::Multipart) holds.
///
/// Parts are counted from 0, those of the [`Envelope`](super::Envelope) first.
#[derive(Debug)]
#[non_exhaustive]
pub enum MultipartError {
    /// The socket failed; its error is the `source()`. Where it could not send, it may hold the
    /// parts.
    Socket(ZmqError),
    /// There are fewer parts than those of the envelope and one more.
    Envelope {
        /// The parts of the envelope.
        expected: usize,
        /// All parts.
        found: usize,
    },
    /// A part is not what it should be: a header, or the buffer that a header says.
    Part {
        /// The part.
        part: usize,
        /// What is wrong with it.
        error: canning_core::Error,
    },
    /// The message ends before the buffers that a header says.
    Missing {
        /// The part that is the header.
        header: usize,
        /// The number of buffers that it says.
        expected: usize,
        /// The number of parts behind it.
        found: usize,
    },
}

impl MultipartError {
    #[cold]
    pub(super) fn part(part: usize, error: impl Into<canning_core::Error>) -> Self {
        Self::Part { part, error: error.into() }
    }
}

impl fmt::Display for MultipartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(_) => f.write_str("the socket failed"),
            Self::Envelope { expected, found } => {
                write!(f, "{found} parts are too few behind an envelope of {expected}")
            }
            Self::Part { part, error } => write!(f, "part {part}: {error}"),
            Self::Missing { header, expected, found } => write!(
                f,
                "the header in part {header} has {expected} buffers, and {found} parts follow it"
            ),
        }
    }
}

impl error::Error for MultipartError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Socket(error) => Some(error),
            Self::Part { error, .. } => error.source(),
            Self::Envelope { .. } | Self::Missing { .. } => None,
        }
    }
}

impl From<MultipartError> for Error {
    fn from(error: MultipartError) -> Self {
        Self::new(ErrorKind::Multipart(error), 0)
    }
}
