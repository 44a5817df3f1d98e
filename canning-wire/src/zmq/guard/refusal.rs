//! Why a guard ended a connection.

use std::{fmt, time::Duration};

/// Why a [`Guard`](super::Guard) ended a connection.
///
/// A declared length is refused before the socket has seen it, and so before memory is reserved
/// for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The peer speaks something else, or a version of ZeroMQ's protocol before 3.
    Greeting {
        /// The place of the first wrong byte.
        at: usize,
        /// The byte found there.
        found: u8,
    },
    /// The greetings did not come in time.
    Silent {
        /// How long they were waited for.
        waited: Duration,
    },
    /// There are as many connections as there may be.
    Crowd {
        /// The limit.
        limit: usize,
    },
    /// The flags of a part are none that exist.
    Flags {
        /// The flags.
        found: u8,
    },
    /// A command of the protocol is too long.
    Command {
        /// The limit in bytes.
        limit: u64,
        /// Its length.
        declared: u64,
    },
    /// A part is longer than is believed before it has come.
    Part {
        /// The limit in bytes.
        limit: u64,
        /// Its length.
        declared: u64,
    },
    /// The parts of a message are too long together.
    Message {
        /// The limit in bytes.
        limit: u64,
        /// Their length so far.
        declared: u64,
    },
    /// A message has too many parts.
    Parts {
        /// The limit.
        limit: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Greeting { at, found } => {
                write!(f, "byte {at} of the greeting is {found:#04x}, which is not of version 3")
            }
            Self::Silent { waited } => write!(f, "no greeting came within {waited:?}"),
            Self::Crowd { limit } => write!(f, "there are {limit} connections already"),
            Self::Flags { found } => write!(f, "the flags {found:#04x} of a part do not exist"),
            Self::Command { limit, declared } => {
                write!(f, "a command has {declared} bytes, above the limit of {limit}")
            }
            Self::Part { limit, declared } => {
                write!(f, "a part has {declared} bytes, above the limit of {limit}")
            }
            Self::Message { limit, declared } => {
                write!(f, "a message has {declared} bytes, above the limit of {limit}")
            }
            Self::Parts { limit } => write!(f, "a message has more than {limit} parts"),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_what_was_declared_and_what_is_allowed() {
        let waited = Duration::from_secs(5);
        for (refusal, said) in [
            (
                Refusal::Greeting { at: 10, found: 1 },
                "byte 10 of the greeting is 0x01, which is not of version 3",
            ),
            (Refusal::Silent { waited }, "no greeting came within 5s"),
            (Refusal::Crowd { limit: 3 }, "there are 3 connections already"),
            (Refusal::Flags { found: 0xf8 }, "the flags 0xf8 of a part do not exist"),
            (
                Refusal::Command { limit: 100, declared: 200 },
                "a command has 200 bytes, above the limit of 100",
            ),
            (
                Refusal::Part { limit: 100, declared: 200 },
                "a part has 200 bytes, above the limit of 100",
            ),
            (
                Refusal::Message { limit: 100, declared: 200 },
                "a message has 200 bytes, above the limit of 100",
            ),
            (Refusal::Parts { limit: 3 }, "a message has more than 3 parts"),
        ] {
            assert_eq!(refusal.to_string(), said);
        }
    }
}
