//! The flat list of blobs: objects chained one after the other.

use std::{collections::VecDeque, fmt};

use canning_core::{Buffer, Can, Error, ErrorKind, Result, buffer::room};

use crate::{can::can, header::Front, limits::Limits, object::Object};

/// Takes a value apart into the flat list: its header, then its buffers.
///
/// # Errors
///
/// As [`can()`].
///
/// # Examples
///
/// ```
/// let numbers = vec![1.0_f64; 2048];
/// let blobs = canning_wire::serialize_object(&numbers)?;
/// assert_eq!(blobs.len(), 2);
/// assert_eq!(blobs[1].as_slice().unwrap().as_ptr(), numbers.as_ptr().cast());
/// assert_eq!(canning_wire::serialize_object(&5)?.len(), 1);
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn serialize_object<T: Can<V> + ?Sized, V>(value: &T) -> Result<Vec<Buffer<'_>>> {
    can(value)?.into_blobs()
}

/// Takes the first object off a flat list; gives it with the remaining blobs.
///
/// # Errors
///
/// When there is no blob, the first is no header, or buffers are missing or have other
/// lengths than it says. To keep the blobs in this case, use [`Blobs::next_object`].
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{deserialize_object, serialize_object};
///
/// let mut blobs = serialize_object(&5)?;
/// blobs.extend(serialize_object("hi")?);
/// let (five, blobs) = deserialize_object(blobs)?;
/// let (hi, blobs) = deserialize_object(blobs)?;
/// assert_eq!(five.get_object::<i32, _>()?, 5);
/// assert_eq!(hi.get_object::<String, _>()?, "hi");
/// assert!(blobs.is_empty());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn deserialize_object<'a>(blobs: impl Into<Blobs<'a>>) -> Result<(Object<'a>, Blobs<'a>)> {
    let mut blobs = blobs.into();
    match blobs.next_object()? {
        Some(object) => Ok((object, blobs)),
        None => Err(Error::new(ErrorKind::Malformed { expected: "a header", offset: 0 })),
    }
}

/// Blobs of several objects in a row, from which objects are taken off.
#[derive(Default)]
pub struct Blobs<'a> {
    blobs: VecDeque<Buffer<'a>>,
    limits: Limits,
}

impl<'a> Blobs<'a> {
    /// Sets the limits for the objects that are taken off.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Appends a blob.
    pub fn push(&mut self, blob: impl Into<Buffer<'a>>) {
        self.blobs.push_back(blob.into());
    }

    /// The number of blobs left.
    pub fn len(&self) -> usize {
        self.blobs.len()
    }

    /// Whether no blob is left.
    pub fn is_empty(&self) -> bool {
        self.blobs.is_empty()
    }

    /// Takes the next object off; `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`deserialize_object`]; the blobs stay as they were.
    pub fn next_object(&mut self) -> Result<Option<Object<'a>>> {
        let Some(header) = self.blobs.front() else {
            return Ok(None);
        };
        let front = Front::parse(header, &self.limits)?;
        let (expected, found) = (front.buffers.len(), self.blobs.len() - 1);
        if found < expected {
            return Err(ErrorKind::BufferCount { expected, found }.into());
        }
        let mut buffers = Vec::new();
        room::reserve_exact(&mut buffers, expected)?;
        buffers.extend(self.blobs.iter().skip(1).take(expected).cloned());
        let object = Object::from_parts(header.clone(), front, buffers, self.limits)?;
        self.blobs.drain(..=expected);
        Ok(Some(object))
    }
}

impl<'a> Iterator for Blobs<'a> {
    type Item = Buffer<'a>;

    fn next(&mut self) -> Option<Buffer<'a>> {
        self.blobs.pop_front()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.blobs.iter().size_hint()
    }
}

impl ExactSizeIterator for Blobs<'_> {}

impl<'a> From<Vec<Buffer<'a>>> for Blobs<'a> {
    fn from(blobs: Vec<Buffer<'a>>) -> Self {
        blobs.into_iter().collect()
    }
}

impl<'a> FromIterator<Buffer<'a>> for Blobs<'a> {
    fn from_iter<I: IntoIterator<Item = Buffer<'a>>>(blobs: I) -> Self {
        Self { blobs: blobs.into_iter().collect(), limits: Limits::default() }
    }
}

impl fmt::Debug for Blobs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.blobs).finish()
    }
}
