//! The error of canning: one pointer wide, with a kind to match on and the path of the field.

use std::{borrow::Cow, error, fmt};

pub use self::kind::ErrorKind;
pub(crate) use self::name::{Name, ShortDtype};
use crate::record::RecordName;

mod kind;
mod name;

/// Why a value could not be taken apart or put together.
///
/// Match on [`kind`](Self::kind); print the whole for a person. The text starts with the
/// [`path`](Self::path) of the place where it went wrong:
///
/// ```text
/// frames[3].positions: expected <f8, found <f4
/// ```
pub struct Error(Box<Inner>);

/// The result of canning and uncanning.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Makes an error without a path.
    #[cold]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner { kind, path: Vec::new(), moved: 0 }))
    }

    /// Makes an error from one that a foreign type or format gave.
    #[cold]
    pub fn custom(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Custom(source.into()))
    }

    /// Says what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    #[cfg(feature = "serde")]
    pub(crate) fn kind_mut(&mut self) -> &mut ErrorKind {
        &mut self.0.kind
    }

    /// Takes the kind out, without the path.
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// Says what went wrong in other words, at the same place; for implementors of formats.
    #[must_use]
    pub fn map_kind(self, say: impl FnOnce(ErrorKind) -> ErrorKind) -> Self {
        let Inner { kind, path, moved } = *self.0;
        Self(Box::new(Inner { kind: say(kind), path, moved }))
    }

    /// Says where it went wrong, as `frames[3].positions`; empty for the value itself.
    pub fn path(&self) -> impl fmt::Display + '_ {
        Path(&self.0.path)
    }

    /// Says how many buffers a failed `take` had already moved out of the object, and so lost.
    pub fn buffers_moved(&self) -> usize {
        self.0.moved
    }

    /// Records how many buffers were moved out before this error; for implementors of formats.
    #[must_use]
    pub fn with_buffers_moved(mut self, moved: usize) -> Self {
        self.0.moved = moved;
        self
    }

    /// Puts the name of a record's field in front of the path.
    #[cold]
    #[must_use]
    pub fn in_field(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.at(Step::Field(name.into()))
    }

    /// As [`in_field`](Self::in_field), for a name that a peer chose: keeps what is shown of it, as it
    /// may be long, and stand at every step of the path.
    #[cold]
    #[must_use]
    pub(crate) fn in_received_field(self, name: &str) -> Self {
        self.in_field(Name(name).shown().to_owned())
    }

    /// Puts the name of a field, or its position where it has none, in front of the path.
    #[cold]
    #[must_use]
    pub fn in_any_field(self, record: &RecordName, index: usize) -> Self {
        match record.fields.get(index) {
            Some(name) => self.in_received_field(name),
            None => self.in_item(index),
        }
    }

    /// Puts the position in a sequence, tuple or tuple struct in front of the path.
    #[cold]
    #[must_use]
    pub fn in_item(self, index: usize) -> Self {
        self.at(Step::Item(index))
    }

    /// Puts the position of a map's entry in front of the path: the key or the value failed.
    #[cold]
    #[must_use]
    pub fn in_entry(self, index: usize) -> Self {
        self.at(Step::Entry(index))
    }

    fn at(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        self.0.kind.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("path", &self.path().to_string())
            .field("kind", &self.0.kind)
            .finish()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.0.kind {
            ErrorKind::Custom(error) => error.source(),
            ErrorKind::Text(source) => Some(source),
            _ => None,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

struct Inner {
    kind: ErrorKind,
    /// Innermost step first: an error is built from the inside out.
    path: Vec<Step>,
    moved: usize,
}

enum Step {
    Field(Cow<'static, str>),
    Item(usize),
    Entry(usize),
}

struct Path<'e>(&'e [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.0.iter().rev().enumerate() {
            match step {
                Step::Field(name) if depth == 0 => Name(name).fmt(f)?,
                Step::Field(name) => write!(f, ".{}", Name(name))?,
                Step::Item(index) => write!(f, "[{index}]")?,
                Step::Entry(index) => write!(f, "{{{index}}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::str::Utf8Error;

    use super::*;

    #[test]
    fn text_starts_with_the_path_outermost_first() {
        let error = Error::new(ErrorKind::Length { expected: 3, found: 2 })
            .in_field("positions")
            .in_item(3)
            .in_field("frames");
        assert_eq!(error.to_string(), "frames[3].positions: expected length 3, found 2");
        assert_eq!(error.path().to_string(), "frames[3].positions");
    }

    #[test]
    fn names_of_a_peer_are_escaped() {
        let name = || "Q\nok\x1b[2J".into();
        let expected = "P";
        let kinds = [
            ErrorKind::Record { expected, found: name() },
            ErrorKind::UnknownVariant { record: expected, found: name() },
            ErrorKind::UnknownField { name: name() },
            ErrorKind::DuplicateField { name: name() },
        ];
        for kind in kinds {
            let text = Error::new(kind).in_field(String::from(name())).to_string();
            assert_eq!(text.matches(r"Q\nok\u{1b}[2J").count(), 2, "{text}");
        }
        let long = Error::new(ErrorKind::UnknownField { name: "x".repeat(1 << 20).into() });
        assert!(long.in_field("y".repeat(1 << 20)).to_string().len() < 200);
    }

    #[test]
    fn error_is_one_pointer_wide_and_sendable() {
        fn sendable<T: Send + Sync + 'static>() {}
        sendable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }

    #[test]
    fn custom_error_speaks_for_itself() {
        let error = Error::custom("the disk is full").in_field("log");
        assert_eq!(error.to_string(), "log: the disk is full");
        assert!(error::Error::source(&error).is_none(), "nothing is said twice");
        let caused = Error::custom(Error::new(ErrorKind::Text(not_utf8())));
        assert_eq!(caused.to_string(), "text is not UTF-8");
        assert!(error::Error::source(&caused).is_some_and(|source| source.is::<Utf8Error>()));
    }

    fn not_utf8() -> Utf8Error {
        String::from_utf8(vec![0xff]).unwrap_err().utf8_error()
    }

    #[test]
    fn debug_output_has_the_path_and_the_kind() {
        let error = Error::new(ErrorKind::Length { expected: 3, found: 2 }).in_item(1);
        assert_eq!(
            format!("{error:?}"),
            "Error { path: \"[1]\", kind: Length { expected: 3, found: 2 } }"
        );
    }

    #[test]
    fn moved_buffers_are_kept_with_other_words() {
        let error =
            Error::custom("a").with_buffers_moved(2).map_kind(|_| ErrorKind::Text(not_utf8()));
        assert_eq!((error.buffers_moved(), error.to_string()), (2, "text is not UTF-8".to_owned()));
    }

    #[test]
    fn one_buffer_is_no_buffers() {
        let text = |expected| Error::new(ErrorKind::BufferCount { expected, found: 0 }).to_string();
        assert_eq!(text(1), "expected 1 buffer, found 0");
        assert_eq!(text(2), "expected 2 buffers, found 0");
    }
}
