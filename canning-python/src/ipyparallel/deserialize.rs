//! One object off the front of a list of blobs.

use std::collections::VecDeque;

use canning_core::{Buffer, ErrorKind, Result};

use crate::{Dialect, Limits, Object};

/// Takes the first object off a list of blobs, as ipyparallel's `deserialize_object` does: a
/// header, and the buffers that it waits for. Gives the other blobs back.
///
/// No buffer is copied. Nothing that the header describes is imported, called or evaluated.
///
/// # Errors
///
/// When there is no blob, the header is no pickle, it waits for more buffers than there are, or
/// asks for more than the default [`Limits`] allow.
///
/// # Examples
///
/// ```
/// use canning_core::{Buffer, CannedObject};
/// use canning_python::{ipyparallel::deserialize_object, view::View};
///
/// // `serialize_object(b"…")` of 2000 bytes, then `serialize_object(5)`.
/// let header = b"\x80\x04cipyparallel.serialize.canning\nCannedBytes\n)\x81}\x8c\x07buffers]Nasb.";
/// let blobs = vec![Buffer::borrowed(header), vec![7; 2000].into(), Buffer::borrowed(b"K\x05.")];
/// let (object, rest) = deserialize_object(blobs)?;
/// assert!(matches!(object.view()?, View::Bytes(bytes) if bytes.len() == 2000));
/// let (object, rest) = deserialize_object(rest)?;
/// assert!(matches!(object.view()?, View::Int(5)));
/// assert!(rest.is_empty());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn deserialize_object(blobs: Vec<Buffer<'_>>) -> Result<(Object<'_>, Vec<Buffer<'_>>)> {
    deserialize_object_with(blobs, Limits::default())
}

/// As [`deserialize_object`], within limits of one's own.
///
/// # Errors
///
/// As [`deserialize_object`].
pub fn deserialize_object_with(
    blobs: Vec<Buffer<'_>>,
    limits: Limits,
) -> Result<(Object<'_>, Vec<Buffer<'_>>)> {
    let mut blobs = VecDeque::from(blobs);
    let object = take_object(&mut blobs, limits)?;
    Ok((object, blobs.into()))
}

/// Takes an object off the front.
pub(super) fn take_object<'a>(
    blobs: &mut VecDeque<Buffer<'a>>,
    limits: Limits,
) -> Result<Object<'a>> {
    let Some(header) = blobs.pop_front() else {
        return Err(ErrorKind::BufferCount { expected: 1, found: 0 }.into());
    };
    Object::restore_first(Dialect::Ipyparallel, header, blobs, limits)
}
