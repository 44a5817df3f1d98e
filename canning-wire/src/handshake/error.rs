//! Why two ends of a connection do not come together.

use std::{fmt, ops::RangeInclusive, time::Duration};

/// Why a handshake failed: what
/// [`ErrorKind::Handshake`](crate::ErrorKind::Handshake) holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandshakeError {
    /// The peer speaks something else: its bytes are not those of a hello.
    Magic {
        /// The place of the first wrong byte.
        at: usize,
        /// The byte found there.
        found: u8,
        /// The byte of a hello.
        expected: u8,
    },
    /// The peer's range of versions is empty, or starts at zero.
    Range {
        /// What has these versions.
        what: &'static str,
        /// The lowest.
        lowest: u8,
        /// The highest.
        highest: u8,
    },
    /// No version is spoken by both.
    Version {
        /// What has these versions.
        what: &'static str,
        /// Those spoken here.
        ours: RangeInclusive<u8>,
        /// Those spoken there.
        theirs: RangeInclusive<u8>,
    },
    /// The peer asks for something that is not known here.
    Flags {
        /// The unknown bits.
        unknown: u32,
    },
    /// The peer does not read what frames here are to have.
    Unread {
        /// What it does not read.
        what: &'static str,
    },
    /// The peer ended the connection within its hello, or before it.
    Ended {
        /// Bytes of the hello that had come.
        read: usize,
    },
    /// The peer's hello did not come in time.
    Silent {
        /// Bytes of the hello that had come.
        read: usize,
        /// How long it was waited for.
        waited: Duration,
    },
}

impl fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic { at: 1, found: b'C', .. } => {
                f.write_str("the peer speaks something else: it sends messages without a handshake")
            }
            Self::Magic { at, found, expected } => write!(
                f,
                "the peer speaks something else: expected byte {at} of its hello to be \
                 {expected:#04x}, found {found:#04x}"
            ),
            Self::Range { what, lowest, highest } => {
                write!(f, "malformed hello: {what} versions from {lowest} to {highest}")
            }
            Self::Version { what, ours, theirs } => {
                write!(f, "no common {what} version: ")?;
                versions(f, ours)?;
                f.write_str(" here, ")?;
                versions(f, theirs)?;
                f.write_str(" there")
            }
            Self::Flags { unknown } => {
                write!(f, "unknown critical flags {unknown:#x} in the hello")
            }
            Self::Unread { what } => write!(f, "the peer does not read frames with {what}"),
            Self::Ended { read } => {
                write!(f, "the peer ended the connection after {read} bytes of its hello")
            }
            Self::Silent { read, waited } => {
                write!(f, "{read} bytes of the peer's hello came within {waited:?}")
            }
        }
    }
}

fn versions(f: &mut fmt::Formatter<'_>, range: &RangeInclusive<u8>) -> fmt::Result {
    match range.start() == range.end() {
        true => write!(f, "{}", range.start()),
        false => write!(f, "{} to {}", range.start(), range.end()),
    }
}
