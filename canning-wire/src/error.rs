//! The error of messages on streams.

use std::{error, fmt, io};

#[cfg(feature = "file")]
use crate::file::FileError;
#[cfg(feature = "zmq")]
use crate::zmq::MultipartError;
use crate::{frame::Part, handshake::HandshakeError};

/// Why a message could not be written or read.
///
/// One pointer wide; match on [`kind`](Self::kind).
pub struct Error(Box<Inner>);

/// The result of writing and reading messages.
pub type Result<T, E = Error> = std::result::Result<T, E>;

struct Inner {
    kind: ErrorKind,
    objects: usize,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: ErrorKind, objects: usize) -> Self {
        Self(Box::new(Inner { kind, objects }))
    }

    /// Notes how many objects were whole.
    pub(crate) fn after(mut self, objects: usize) -> Self {
        self.0.objects = objects;
        self
    }

    /// Says what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Says how many objects of the message had been written or read whole.
    pub fn whole_objects(&self) -> usize {
        self.0.objects
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.objects {
            0 => write!(f, "{}", self.0.kind),
            objects => write!(f, "{} (after {objects} whole objects)", self.0.kind),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("whole_objects", &self.0.objects)
            .finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Io(source) | ErrorKind::Socket { error: source, .. } => Some(source),
            ErrorKind::Object(error) => error.source(),
            #[cfg(all(feature = "shm", target_os = "linux"))]
            ErrorKind::SharedMemory(error) => error.source(),
            #[cfg(feature = "file")]
            ErrorKind::File(error) => error::Error::source(error),
            #[cfg(feature = "zmq")]
            ErrorKind::Multipart(error) => error.source(),
            _ => None,
        }
    }
}

impl From<canning_core::Error> for Error {
    fn from(error: canning_core::Error) -> Self {
        Self::new(ErrorKind::Object(error), 0)
    }
}

/// Keeps the kind of an error of the stream; anything else is invalid data.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::Io(source) | ErrorKind::Socket { error: source, .. } => source.kind(),
            ErrorKind::Handshake(HandshakeError::Silent { .. }) => io::ErrorKind::TimedOut,
            ErrorKind::Handshake(HandshakeError::Ended { .. }) | ErrorKind::Truncated { .. } => {
                io::ErrorKind::UnexpectedEof
            }
            ErrorKind::CutOff { .. } => io::ErrorKind::BrokenPipe,
            #[cfg(feature = "zmq")]
            ErrorKind::Multipart(MultipartError::Socket(zeromq::ZmqError::Network(source))) => {
                source.kind()
            }
            #[cfg(feature = "file")]
            ErrorKind::File(FileError::System { error: source, .. }) => source.kind(),
            #[cfg(feature = "file")]
            ErrorKind::File(FileError::Locked { .. }) => io::ErrorKind::WouldBlock,
            #[cfg(feature = "file")]
            ErrorKind::File(FileError::Position { .. } | FileError::Name { .. }) => {
                io::ErrorKind::NotFound
            }
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

/// What went wrong, with its numbers.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The stream failed; it is the `source()`.
    Io(io::Error),
    /// The stream, or the block, ended within a message.
    Truncated {
        /// Bytes of the message that had been read, or are there.
        read: u64,
    },
    /// An earlier message was given up in the middle, so that nothing can follow it: the stream
    /// must be closed.
    CutOff {
        /// Bytes of the message that were written.
        written: u64,
        /// The length of the message in bytes.
        len: u64,
    },
    /// The bytes do not start with those of a frame.
    Magic {
        /// What they start with.
        found: [u8; 4],
    },
    /// The version of the frame is not known here.
    Version {
        /// The version found.
        found: u8,
    },
    /// A critical flag is not known here.
    Flags {
        /// The unknown bits.
        unknown: u32,
    },
    /// The frame uses what this build was made without.
    Feature {
        /// The feature of this crate that reads it.
        feature: &'static str,
    },
    /// Bytes were damaged on their way: the checksum of a part of the frame differs.
    Checksum {
        /// The part.
        part: Part,
    },
    /// Compressed bytes are not as they must be.
    Compression {
        /// The part that they are of.
        part: Part,
        /// What is wrong.
        why: &'static str,
    },
    /// The frame's numbers contradict each other.
    Frame(&'static str),
    /// Memory that a message is to be copied to has no room for it.
    Room {
        /// The length of the message in bytes.
        needed: u64,
        /// The length of the memory in bytes.
        available: u64,
    },
    /// A block of one message goes on after its end.
    Trailing {
        /// The length of the message in bytes.
        message: u64,
        /// The length of the block in bytes.
        block: u64,
    },
    /// A number in the input exceeds a limit that the receiver set.
    Limit {
        /// What is limited.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// What the input asked for.
        found: u64,
    },
    /// A buffer does not fit the array that it was to be read into.
    Place {
        /// The number of the buffer in its object.
        buffer: usize,
        /// What differs.
        error: canning_core::Error,
    },
    /// The two ends of a connection do not come together.
    Handshake(HandshakeError),
    /// A connection could not be made; the system's error is the `source()`.
    Socket {
        /// What was tried, such as "connect to".
        tried: &'static str,
        /// The address, as it is written.
        address: String,
        /// Why.
        error: io::Error,
    },
    /// Something is wrong with shared memory, of one's own or of a peer.
    #[cfg(all(feature = "shm", target_os = "linux"))]
    SharedMemory(crate::shm::ShmError),
    /// A file of messages cannot be opened, is damaged, or has no such message.
    #[cfg(feature = "file")]
    File(FileError),
    /// A multipart message could not be sent or received, or its parts are no message.
    #[cfg(feature = "zmq")]
    Multipart(MultipartError),
    /// The message had fewer buffers than arrays to read into.
    PlacesLeft {
        /// The arrays for which there was no buffer.
        left: usize,
    },
    /// An object is malformed, or could not be canned or put together: its text and its
    /// `source()` are those of this.
    Object(canning_core::Error),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(_) => f.write_str("the stream failed"),
            Self::Truncated { read } => {
                write!(f, "the input ended within a message, after {read} bytes of it")
            }
            Self::CutOff { written, len } => {
                write!(f, "an earlier message was cut off after {written} of its {len} bytes")
            }
            Self::Magic { found: [0x89, b'H', b'E', b'L'] } => {
                f.write_str("expected the start of a message, found a handshake")
            }
            Self::Magic { found } => {
                write!(f, "expected the start of a message, found {found:02x?}")
            }
            Self::Version { found } => write!(f, "unknown frame version {found}"),
            Self::Flags { unknown } => write!(f, "unknown critical frame flags {unknown:#x}"),
            Self::Feature { feature } => {
                write!(f, "reading this frame needs the feature `{feature}` of canning-wire")
            }
            Self::Checksum { part } => write!(f, "{part} was damaged: its checksum differs"),
            Self::Compression { part, why } => write!(f, "{part} is badly compressed: {why}"),
            Self::Frame(why) => write!(f, "malformed frame: {why}"),
            Self::Room { needed, available } => {
                write!(f, "the message has {needed} bytes, and there is room for {available}")
            }
            Self::Trailing { message, block } => {
                write!(f, "the message ends after {message} of the block's {block} bytes")
            }
            Self::Limit { what, limit, found } => {
                write!(f, "{what} is {found}, above the limit of {limit}")
            }
            Self::Place { buffer, error } => {
                write!(f, "buffer {buffer} does not fit its place: {error}")
            }
            Self::Handshake(error) => error.fmt(f),
            Self::Socket { tried, address, .. } => write!(f, "cannot {tried} {address}"),
            #[cfg(all(feature = "shm", target_os = "linux"))]
            Self::SharedMemory(error) => error.fmt(f),
            #[cfg(feature = "file")]
            Self::File(error) => error.fmt(f),
            #[cfg(feature = "zmq")]
            Self::Multipart(error) => error.fmt(f),
            Self::PlacesLeft { left } => {
                write!(f, "the message has no buffers for the last {left} places")
            }
            Self::Object(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn error_is_one_pointer_wide_and_names_its_source() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        let error = Error::new(ErrorKind::Io(io::ErrorKind::BrokenPipe.into()), 2);
        assert_eq!(error.to_string(), "the stream failed (after 2 whole objects)");
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn errors_of_the_stream_have_the_kind_that_std_gives_them() {
        let kind = |kind| io::Error::from(Error::new(kind, 0)).kind();
        let silent = HandshakeError::Silent { read: 1, waited: Duration::ZERO };
        assert_eq!(kind(ErrorKind::Handshake(silent)), io::ErrorKind::TimedOut);
        let ended = HandshakeError::Ended { read: 1 };
        assert_eq!(kind(ErrorKind::Handshake(ended)), io::ErrorKind::UnexpectedEof);
        assert_eq!(kind(ErrorKind::Truncated { read: 1 }), io::ErrorKind::UnexpectedEof);
        assert_eq!(kind(ErrorKind::CutOff { written: 1, len: 2 }), io::ErrorKind::BrokenPipe);
        assert_eq!(kind(ErrorKind::Version { found: 9 }), io::ErrorKind::InvalidData);
    }

    #[cfg(feature = "file")]
    #[test]
    fn errors_of_a_file_have_the_kind_that_std_gives_them() {
        let kind = |error| io::Error::from(Error::from(error)).kind();
        assert_eq!(kind(FileError::Locked { path: "a".into() }), io::ErrorKind::WouldBlock);
        assert_eq!(kind(FileError::Position { position: 1, len: 1 }), io::ErrorKind::NotFound);
        assert_eq!(kind(FileError::Name { name: "a".into() }), io::ErrorKind::NotFound);
        assert_eq!(kind(FileError::Damaged { offset: 0 }), io::ErrorKind::InvalidData);
    }

    #[test]
    fn the_cause_is_the_source_and_not_said_twice() {
        let source = |error: &Error| error::Error::source(error).map(ToString::to_string);
        let broken = || io::Error::other("unplugged");
        assert_eq!(source(&Error::new(ErrorKind::Io(broken()), 0)), Some("unplugged".to_owned()));
        let caused = canning_core::Error::custom(Error::new(ErrorKind::Io(broken()), 0));
        let error = Error::from(caused);
        assert_eq!(
            (error.to_string(), source(&error)),
            ("the stream failed".to_owned(), Some("unplugged".to_owned()))
        );
        assert_eq!(source(&Error::new(ErrorKind::Truncated { read: 1 }, 0)), None);
    }

    #[test]
    fn whole_objects_are_counted() {
        let error = |objects| Error::new(ErrorKind::Truncated { read: 1 }, objects);
        assert_eq!([0, 1, 7].map(|objects| error(objects).whole_objects()), [0, 1, 7]);
    }
}
