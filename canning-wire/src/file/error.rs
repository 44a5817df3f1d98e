//! What is wrong with a file of messages.

use std::{error, fmt, io, path::PathBuf};

use crate::error::{Error, ErrorKind};

/// Why a file of messages could not be opened, written or read.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// The system refused; its error is the `source()`.
    System {
        /// What was tried, such as "open".
        tried: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Another writer has the file open.
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The bytes do not start with those of a file of messages.
    Magic {
        /// What they start with; zeros where there is less.
        found: [u8; 4],
    },
    /// The version of the file is not known here.
    Version {
        /// The version found.
        found: u8,
    },
    /// A critical flag of the file, or of a record, is not known here.
    Flags {
        /// The unknown bits.
        unknown: u32,
    },
    /// Bytes are not those that were written.
    Damaged {
        /// Where in the file the record, or the head of the file, starts.
        offset: u64,
    },
    /// The place of a message is damaged, so that it cannot be found.
    Lost {
        /// The position of the message.
        position: u64,
    },
    /// The bytes of a message are not those that were written.
    Checksum {
        /// The position of the message.
        position: u64,
    },
    /// There is no message at a position.
    Position {
        /// The position asked for.
        position: u64,
        /// The number of messages.
        len: u64,
    },
    /// No message has a name.
    Name {
        /// The name asked for.
        name: String,
    },
    /// A name is too long.
    NameLength {
        /// Its length in bytes.
        len: usize,
        /// The most bytes that a name may have.
        most: usize,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { tried, path, .. } => write!(f, "cannot {tried} {path:?}"),
            Self::Locked { path } => write!(f, "another writer has {path:?} open"),
            Self::Magic { found } => {
                write!(f, "expected the start of a file of messages, found {found:02x?}")
            }
            Self::Version { found } => write!(f, "unknown file version {found}"),
            Self::Flags { unknown } => write!(f, "unknown critical file flags {unknown:#x}"),
            Self::Damaged { offset } => write!(f, "the file is damaged at byte {offset}"),
            Self::Lost { position } => write!(f, "the place of message {position} is damaged"),
            Self::Checksum { position } => {
                write!(f, "message {position} is damaged: its checksum differs")
            }
            Self::Position { position, len } => {
                write!(f, "no message {position}: the file has {len}")
            }
            Self::Name { name } => write!(f, "no message is called {name:?}"),
            Self::NameLength { len, most } => {
                write!(f, "a name of {len} bytes, above the limit of {most}")
            }
        }
    }
}

impl error::Error for FileError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::System { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Self::new(ErrorKind::File(error), 0)
    }
}

/// The error of a system that stopped while a file was read or written.
pub(super) fn failed(error: io::Error) -> Error {
    Error::new(ErrorKind::Io(error), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_named_as_the_source_and_keeps_its_kind() {
        let gone = io::ErrorKind::NotFound.into();
        let error = FileError::System { tried: "open", path: "a\n".into(), error: gone };
        let error = Error::from(error);
        assert_eq!(error.to_string(), "cannot open \"a\\n\"");
        assert!(error::Error::source(&error).unwrap().is::<io::Error>());
        assert_eq!(io::Error::from(error).kind(), io::ErrorKind::NotFound);
    }
}
