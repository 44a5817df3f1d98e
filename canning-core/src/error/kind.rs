//! What can go wrong, with its numbers.

use std::{error, fmt};

use super::name::{Name, ShortDtype};
use crate::{dtype::Dtype, visitor::Kind};

/// What went wrong, with its numbers.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another kind of value stands here.
    Kind {
        /// What the type asked for.
        expected: Kind,
        /// What was there.
        found: Kind,
    },
    /// The array's elements have another dtype.
    Dtype {
        /// The dtype that the type asked for.
        expected: Dtype,
        /// The dtype that was there.
        found: Dtype,
    },
    /// The array has another number of axes.
    Rank {
        /// Axes that the type asked for, the inner ones of `[T; N]` elements included.
        expected: usize,
        /// Axes that were there.
        found: usize,
    },
    /// A sequence, an axis or a tuple has another length.
    Length {
        /// The length that the type asked for.
        expected: usize,
        /// The length that was there.
        found: usize,
    },
    /// The array's shape and axes contradict each other or overflow the address space.
    Layout(&'static str),
    /// A record of another name stands here.
    Record {
        /// The name that the type has.
        expected: &'static str,
        /// The name that was there.
        found: Box<str>,
    },
    /// A field without a default is missing.
    MissingField {
        /// Its name.
        name: &'static str,
    },
    /// A field that the type does not have, and which it does not ignore.
    UnknownField {
        /// Its name.
        name: Box<str>,
    },
    /// A field, or a field and its alias, stands twice.
    DuplicateField {
        /// Its name.
        name: Box<str>,
    },
    /// A variant that the enum does not have.
    UnknownVariant {
        /// The name of the enum.
        record: &'static str,
        /// The variant that was there.
        found: Box<str>,
    },
    /// An integer does not fit its type.
    IntegerRange {
        /// The type that was asked for.
        expected: &'static str,
        /// The integer; saturated where it does not even fit 128 bits.
        found: i128,
    },
    /// An element's bits are not a value of its type.
    InvalidBits {
        /// The dtype of the array.
        dtype: Dtype,
        /// Which element, counted as the buffer lies.
        index: usize,
    },
    /// The text is not one `char`, an address or the like.
    InvalidText {
        /// What the text should have been.
        expected: &'static str,
    },
    /// The text is not UTF-8.
    Text(std::str::Utf8Error),
    /// A path is not UTF-8 and has no portable form.
    PathNotUtf8,
    /// A map has the same key, or a set the same item, twice.
    DuplicateKey,
    /// A buffer has another length than its dtype and shape ask for.
    BufferLength {
        /// Bytes that the shape asks for.
        expected: usize,
        /// Bytes that the buffer has.
        found: usize,
    },
    /// The number of buffers handed over is not the one that the header names.
    BufferCount {
        /// Buffers that the header names.
        expected: usize,
        /// Buffers that were there.
        found: usize,
    },
    /// A buffer was moved out by an earlier `take`.
    BufferTaken {
        /// Its number.
        index: usize,
    },
    /// A buffer is referenced twice, out of turn, or never.
    BufferReference {
        /// The number of the buffer whose turn it was.
        expected: usize,
        /// The number that was referenced; `None` at the end of the header.
        found: Option<usize>,
    },
    /// Memory that is to be borrowed does not lie at a multiple of its type's alignment.
    Misaligned {
        /// The alignment that the type needs, in bytes.
        align: usize,
    },
    /// Memory that is to be borrowed lies in several pieces.
    NotContiguous,
    /// Memory that is to be borrowed was moved out of the received object.
    MovedOut,
    /// The array's items lie in another order than a slice's: reversed, or not in C order.
    Order,
    /// The array is broadcast: its items do not lie in memory one by one, as a slice's do.
    Broadcast,
    /// A number in the input exceeds a limit that the receiver set.
    Limit {
        /// What is limited.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// What the input asked for.
        found: u64,
    },
    /// There was no memory.
    OutOfMemory {
        /// The bytes asked for.
        bytes: usize,
    },
    /// The bytes do not follow the format.
    Malformed {
        /// What was expected.
        expected: &'static str,
        /// Where, in bytes from the start of the header.
        offset: usize,
    },
    /// The version of the format is not known here.
    Version {
        /// The version found.
        found: u64,
    },
    /// A critical flag is not known here.
    Flags {
        /// The unknown bits.
        unknown: u64,
    },
    /// The format cannot express this.
    Unsupported(&'static str),
    /// What stands here is never part of a plain value.
    NotPlain(Kind),
    /// What a plain type says was wrong with it, which serde passes on as text.
    Plain(Box<str>),
    /// An error of a foreign type or format: its text and its `source()` are those of this.
    Custom(Box<dyn error::Error + Send + Sync>),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Dtype { expected, found } => {
                write!(f, "expected {expected}, found {}", ShortDtype(found))
            }
            Self::Rank { expected, found } => {
                let axes = if *expected == 1 { "axis" } else { "axes" };
                write!(f, "expected {expected} {axes}, found {found}")
            }
            Self::Length { expected, found } => {
                write!(f, "expected length {expected}, found {found}")
            }
            Self::Layout(why) => write!(f, "impossible array layout: {why}"),
            Self::Record { expected, found } => {
                write!(f, "expected record `{expected}`, found `{}`", Name(found))
            }
            Self::MissingField { name } => write!(f, "missing field `{name}`"),
            Self::UnknownField { name } => write!(f, "unknown field `{}`", Name(name)),
            Self::DuplicateField { name } => write!(f, "duplicate field `{}`", Name(name)),
            Self::UnknownVariant { record, found } => {
                write!(f, "enum `{record}` has no variant `{}`", Name(found))
            }
            Self::IntegerRange { expected, found } => {
                write!(f, "integer {found} does not fit {expected}")
            }
            Self::InvalidBits { dtype, index } => {
                write!(f, "element {index} is not a valid {dtype}")
            }
            Self::InvalidText { expected } => write!(f, "text is not {expected}"),
            Self::Text(_) => f.write_str("text is not UTF-8"),
            Self::PathNotUtf8 => f.write_str("path is not UTF-8"),
            Self::DuplicateKey => f.write_str("duplicate key"),
            Self::BufferLength { expected, found } => {
                write!(f, "expected a buffer of {expected} bytes, found {found}")
            }
            Self::BufferCount { expected, found } => {
                let buffers = if *expected == 1 { "buffer" } else { "buffers" };
                write!(f, "expected {expected} {buffers}, found {found}")
            }
            Self::BufferTaken { index } => write!(f, "buffer {index} was already taken"),
            Self::BufferReference { expected, found: Some(found) } => {
                write!(f, "expected a reference to buffer {expected}, found buffer {found}")
            }
            Self::BufferReference { expected, found: None } => {
                write!(f, "buffer {expected} is never referenced")
            }
            Self::Misaligned { align } => {
                write!(f, "memory to borrow is not aligned to {align} bytes")
            }
            Self::NotContiguous => f.write_str("memory to borrow lies in several pieces"),
            Self::MovedOut => f.write_str("an array that was moved out cannot be borrowed"),
            Self::Order => f.write_str("the array's items are not in the order of a slice"),
            Self::Broadcast => f.write_str("a broadcast array is not a slice"),
            Self::Limit { what, limit, found } => {
                write!(f, "{what} is {found}, above the limit of {limit}")
            }
            Self::OutOfMemory { bytes } => write!(f, "out of memory for {bytes} bytes"),
            Self::Malformed { expected, offset } => {
                write!(f, "malformed header at byte {offset}: expected {expected}")
            }
            Self::Version { found } => write!(f, "unknown format version {found}"),
            Self::Flags { unknown } => write!(f, "unknown critical flags {unknown:#x}"),
            Self::Unsupported(what) => write!(f, "the format cannot express {what}"),
            Self::NotPlain(found) => write!(f, "expected a plain value, found {found}"),
            Self::Plain(message) => f.write_str(message),
            Self::Custom(error) => error.fmt(f),
        }
    }
}
