//! Plain values as values to can.

use serde_core::{Deserialize, Serialize};

use super::{de::PlainDeserializer, ser::PlainSerializer};
use crate::{
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

/// Cans a value as it serializes itself.
///
/// # Errors
///
/// Those of the canner; and what the value itself refuses.
pub fn can_plain<'a, T: Serialize + ?Sized, C: Canner<'a>>(
    value: &T,
    canner: &mut C,
) -> Result<()> {
    value.serialize(PlainSerializer::new(canner))
}

/// Uncans a value as it deserializes itself.
///
/// Text and bytes that it borrows, as `&'b str`, must lie in the received object.
///
/// # Errors
///
/// When something else was sent; with the path to it.
pub fn uncan_plain<'b, T: Deserialize<'b>, U: Uncanner<'b>>(uncanner: &mut U) -> Result<T> {
    T::deserialize(PlainDeserializer::new(uncanner))
}

/// A value that is canned as it serializes itself.
///
/// # Examples
///
/// ```
/// use canning_core::{Value, plain::Plain};
///
/// #[derive(serde::Serialize, serde::Deserialize, Debug, PartialEq)]
/// struct Options {
///     verbose: bool,
///     level: Option<u8>,
/// }
///
/// let options = Plain(Options { verbose: true, level: Some(3) });
/// let value = Value::of(&options)?;
/// assert_eq!(value.to_string(), r#"{"verbose": true, "level": 3}"#);
/// assert_eq!(value.read::<Plain<Options>, _>()?, options);
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plain<T>(pub T);

impl<T: Serialize> Can for Plain<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_plain(&self.0, canner)
    }
}

impl<'b, T: Deserialize<'b>> Uncan<'b> for Plain<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_plain(uncanner).map(Self)
    }
}
