//! The error of a connection.

use std::{error, fmt, io};

/// Why a connection did not come about, or is of no use any more.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The address is none of the form `tcp://host:port`.
    Endpoint(String),
    /// The socket failed; or ended, in the middle of a message as well.
    Io(io::Error),
    /// No greeting within the time for a connection.
    TimedOut,
    /// What answers does not speak ZMTP.
    NotZmtp,
    /// The other side ended the connection rather than greet, as libzmq does when it asks for
    /// another mechanism than `NULL`.
    HungUp,
    /// The other side speaks an old version of ZMTP, before 3.
    Version(u8),
    /// The other side asks for another mechanism than `NULL`.
    Mechanism(String),
    /// The other side is of a type that does not go with ours.
    SocketType(String),
    /// The other side says that it does not want us.
    Refused(String),
    /// Bytes that mean nothing in ZMTP; says what they should be.
    Malformed(&'static str),
    /// A frame is declared to be longer than the limit. Nothing was reserved for it.
    FrameLength {
        /// What its header says.
        declared: u64,
        /// The limit.
        limit: u64,
    },
    /// The frames of a message would together be longer than the limit.
    MessageLength {
        /// The limit.
        limit: u64,
    },
    /// A message has more frames than the limit.
    Parts {
        /// The limit.
        limit: usize,
    },
    /// No memory for what came, or for what is sent.
    Memory(canning_core::Error),
    /// An earlier write failed: what the other side has got is unknown.
    Poisoned,
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<canning_core::Error> for Error {
    fn from(error: canning_core::Error) -> Self {
        Self::Memory(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(endpoint) => write!(f, "not an address of TCP: {endpoint:?}"),
            Self::Io(error) => error.fmt(f),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::NotZmtp => f.write_str("what answers does not speak ZMTP"),
            Self::HungUp => f.write_str(
                "the other side hung up when it was greeted: does it ask for a password or keys",
            ),
            Self::Version(version) => {
                write!(f, "the other side speaks version {version} of ZMTP, not 3")
            }
            Self::Mechanism(name) => {
                write!(f, "the other side asks for the mechanism {name:?}, not NULL")
            }
            Self::SocketType(name) => {
                write!(f, "the other side is of type {name:?}, which does not go with ours")
            }
            Self::Refused(reason) => write!(f, "the other side refused: {reason:?}"),
            Self::Malformed(expected) => write!(f, "not ZMTP: expected {expected}"),
            Self::FrameLength { declared, limit } => {
                write!(f, "a frame of {declared} bytes is longer than the limit of {limit}")
            }
            Self::MessageLength { limit } => {
                write!(f, "a message is longer than the limit of {limit} bytes")
            }
            Self::Parts { limit } => write!(f, "a message has more than {limit} frames"),
            Self::Memory(error) => error.fmt(f),
            Self::Poisoned => f.write_str("an earlier write to the connection failed"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io(error) => error.source(),
            Self::Memory(error) => error.source(),
            _ => None,
        }
    }
}
