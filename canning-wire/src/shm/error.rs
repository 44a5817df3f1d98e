//! What goes wrong with shared memory.

use std::{error, fmt, io};

use crate::error::{Error, ErrorKind};

/// What is wrong with shared memory, of one's own or of a peer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ShmError {
    /// The system refused; its error is the `source()`.
    System {
        /// What was tried, such as "map the memory".
        tried: &'static str,
        /// Why.
        error: io::Error,
    },
    /// An array does not fit what is left of its arena.
    Full {
        /// Bytes that it needs.
        needed: usize,
        /// Bytes that are left, from the next place that is aligned well.
        available: usize,
    },
    /// Memory of zeros is no value of the element type, as for `NonZero`.
    NotZero,
    /// A slot of another arena.
    OtherArena,
    /// A descriptor that has no seals: a file, a socket, anything but a memfd.
    NotMemory,
    /// Memory that somebody could still change.
    NotSealed {
        /// The seals that are missing, as the system numbers them.
        missing: u32,
    },
    /// Memory of which pages are missing, so that reading it could fail.
    Holes {
        /// Its length in bytes.
        len: u64,
        /// Bytes that are there.
        present: u64,
    },
    /// More or fewer descriptors came than were announced.
    Descriptors {
        /// How many were announced.
        expected: usize,
        /// How many came, or the number of one that does not exist.
        found: usize,
    },
    /// Bytes that are not within the memory, or do not lie where their items can.
    Range {
        /// Where they start.
        offset: u64,
        /// How many they are.
        len: u64,
        /// The length of the memory.
        memory: u64,
        /// The alignment of the items.
        align: usize,
    },
    /// A message where a pool was expected, or a pool where a message was.
    Unexpected {
        /// The kind that came: 0 is a message, 1 a pool.
        found: u8,
    },
    /// Checksums or compression were asked for, which parcels have not.
    Frames,
}

impl ShmError {
    #[cold]
    pub(super) fn system(tried: &'static str, error: impl Into<io::Error>) -> Self {
        Self::System { tried, error: error.into() }
    }
}

impl fmt::Display for ShmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { tried, .. } => write!(f, "cannot {tried}"),
            Self::Full { needed, available } => {
                write!(f, "the array has {needed} bytes, and {available} are left of the arena")
            }
            Self::NotZero => f.write_str("zeros are no values of the element type"),
            Self::OtherArena => f.write_str("the slot is of another arena"),
            Self::NotMemory => f.write_str("a descriptor is of no memory that can be sealed"),
            Self::NotSealed { missing } => {
                write!(f, "the memory could still change: seals {missing:#x} are missing")
            }
            Self::Holes { len, present } => {
                write!(f, "only {present} of the memory's {len} bytes are there")
            }
            Self::Descriptors { expected, found } => {
                write!(f, "expected {expected} descriptors, found {found}")
            }
            Self::Range { offset, len, memory, align } => write!(
                f,
                "{len} bytes at {offset}, aligned to {align}, do not lie in memory of {memory}"
            ),
            Self::Unexpected { found } => write!(f, "a parcel of kind {found} came out of turn"),
            Self::Frames => {
                f.write_str("what is handed over has no checksums and is not compressed")
            }
        }
    }
}

impl error::Error for ShmError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::System { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<ShmError> for Error {
    fn from(error: ShmError) -> Self {
        Self::new(ErrorKind::SharedMemory(error), 0)
    }
}
