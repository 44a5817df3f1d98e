//! Several canned objects in a row.

use canning_core::{Buffer, Can, CannedObject, ErrorKind, Result, UncanOwned, buffer::room};

use crate::{can::can, chain::Blobs, object::Object};

/// Several canned objects in a row: what is written to a stream, and read from one, at once.
///
/// Cloning it shares the memory of the objects, so that one message can be queued for many streams.
///
/// # Examples
///
/// ```
/// use canning_wire::Message;
///
/// let numbers = vec![1.0_f64; 2048];
/// let mut message = Message::new();
/// message.add(&5)?.add("hi")?.add(&numbers)?;
/// assert_eq!(message.objects().len(), 3);
/// assert_eq!(message.into_blobs()?.len(), 4);
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Message<'a> {
    objects: Vec<Object<'a>>,
}

impl<'a> Message<'a> {
    /// A message without objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cans a value and appends it.
    ///
    /// # Errors
    ///
    /// As [`can()`]; the message stays as it was.
    pub fn add<T: Can<V> + ?Sized, V>(&mut self, value: &'a T) -> Result<&mut Self> {
        self.objects.push(can(value)?);
        Ok(self)
    }

    /// Appends an object, canned just now, kept, or received from elsewhere.
    pub fn push(&mut self, object: Object<'a>) {
        self.objects.push(object);
    }

    /// The objects, in their order.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The objects, to take values out of.
    pub fn objects_mut(&mut self) -> &mut [Object<'a>] {
        &mut self.objects
    }

    /// The objects.
    pub fn into_objects(self) -> Vec<Object<'a>> {
        self.objects
    }

    /// Takes the value out of the only object.
    pub(crate) fn take_only<T: UncanOwned<V>, V>(&mut self) -> Result<T> {
        match self.objects.as_mut_slice() {
            [object] => object.take(),
            objects => Err(ErrorKind::Length { expected: 1, found: objects.len() }.into()),
        }
    }

    /// The objects, as many as the receiver expects.
    ///
    /// # Errors
    ///
    /// [`Length`](canning_core::ErrorKind::Length) when there are more or fewer.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::CannedObject;
    /// use canning_wire::Message;
    ///
    /// let mut message = Message::new();
    /// message.add(&5)?.add("hi")?;
    /// let [five, hi] = message.into_array()?;
    /// assert_eq!((five.get::<i32, _>()?, hi.get::<&str, _>()?), (5, "hi"));
    /// # Ok::<(), canning_core::Error>(())
    /// ```
    pub fn into_array<const N: usize>(self) -> Result<[Object<'a>; N]> {
        let found = self.objects.len();
        let objects = self.objects.try_into();
        objects.map_err(|_others| ErrorKind::Length { expected: N, found }.into())
    }

    /// The flat list of all objects' blobs.
    ///
    /// # Errors
    ///
    /// As [`Object::into_blobs`].
    pub fn into_blobs(self) -> Result<Vec<Buffer<'a>>> {
        let mut blobs = Vec::new();
        for object in self.objects {
            blobs.extend(object.into_blobs()?);
        }
        Ok(blobs)
    }

    /// Takes all objects off a flat list.
    ///
    /// # Errors
    ///
    /// As [`Blobs::next_object`].
    pub fn from_blobs(blobs: impl Into<Blobs<'a>>) -> Result<Self> {
        let mut blobs = blobs.into();
        let mut objects = Vec::new();
        while let Some(object) = blobs.next_object()? {
            room::push(&mut objects, object)?;
        }
        Ok(Self { objects })
    }
}

impl<'a> IntoIterator for Message<'a> {
    type Item = Object<'a>;
    type IntoIter = std::vec::IntoIter<Object<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.objects.into_iter()
    }
}

impl<'a> FromIterator<Object<'a>> for Message<'a> {
    fn from_iter<I: IntoIterator<Item = Object<'a>>>(objects: I) -> Self {
        Self { objects: objects.into_iter().collect() }
    }
}

impl<'a> From<Vec<Object<'a>>> for Message<'a> {
    fn from(objects: Vec<Object<'a>>) -> Self {
        Self { objects }
    }
}

impl<'a> From<Object<'a>> for Message<'a> {
    fn from(object: Object<'a>) -> Self {
        Self { objects: vec![object] }
    }
}
