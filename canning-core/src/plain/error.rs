//! What serde's traits may say, as kinds of our own.

use std::fmt::Display;

use serde_core::{de, ser};

use crate::error::{Error, ErrorKind};

impl ser::Error for Error {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::new(ErrorKind::Plain(message.to_string().into()))
    }
}

impl de::Error for Error {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::new(ErrorKind::Plain(message.to_string().into()))
    }

    /// The name of the enum is not known here: `deserialize_enum` puts it in.
    #[cold]
    fn unknown_variant(variant: &str, _expected: &'static [&'static str]) -> Self {
        Self::new(ErrorKind::UnknownVariant { record: "", found: variant.into() })
    }

    #[cold]
    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> Self {
        Self::new(ErrorKind::UnknownField { name: field.into() })
    }

    #[cold]
    fn missing_field(field: &'static str) -> Self {
        Self::new(ErrorKind::MissingField { name: field })
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> Self {
        Self::new(ErrorKind::DuplicateField { name: field.into() })
    }
}

/// Names the enum in an error of [`unknown_variant`](de::Error::unknown_variant).
pub(super) fn name_enum(mut error: Error, name: &'static str) -> Error {
    if let ErrorKind::UnknownVariant { record, .. } = error.kind_mut()
        && record.is_empty()
    {
        *record = name;
    }
    error
}
