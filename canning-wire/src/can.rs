//! Taking values apart.

use std::sync::Arc;

use canning_core::{Can, Result, buffer::can_arc as core_can_arc};

use crate::{
    header::{Encoder, Scratch},
    object::Object,
};

/// Takes a value apart; its buffers borrow its memory.
///
/// Costs the same whatever the size of the arrays: none is copied, but those of at most
/// [1024 bytes](CanOptions::inline_threshold), which go into the header.
///
/// # Errors
///
/// Where the value has no portable form, as a path that is not UTF-8.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
///
/// let numbers = vec![1.0_f64; 2048];
/// let canned = canning_wire::can(&numbers)?;
/// let [buffer] = canned.buffers() else { panic!("one array, one buffer") };
/// assert_eq!(buffer.as_slice().unwrap().as_ptr(), numbers.as_ptr().cast());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn can<T: Can<V> + ?Sized, V>(value: &T) -> Result<Object<'_>> {
    CanOptions::new().can(value)
}

/// Takes a value apart that an `Arc` owns; the buffers keep it alive, so that the object may
/// outlive the caller: in a queue, a spawned task, another thread.
///
/// # Errors
///
/// As [`can`].
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, thread};
/// use canning_core::CannedObject;
///
/// let numbers = Arc::new(vec![1.0_f64; 2048]);
/// let address = numbers.as_ptr();
/// let canned = canning_wire::can_arc(&numbers)?;
/// drop(numbers);
/// let sender = thread::spawn(move || canned.buffers()[0].as_slice().unwrap().as_ptr().addr());
/// assert_eq!(sender.join().unwrap(), address.addr());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn can_arc<T, V>(value: &Arc<T>) -> Result<Object<'static>>
where
    T: Can<V> + Send + Sync + 'static,
{
    CanOptions::new().can_arc(value)
}

/// How values are canned.
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::CanOptions;
///
/// let small = vec![1.0_f64; 8];
/// assert!(canning_wire::can(&small)?.buffers().is_empty());
/// let out_of_band = CanOptions::new().inline_threshold(0).can(&small)?;
/// assert_eq!(out_of_band.buffers().len(), 1);
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CanOptions {
    inline_threshold: usize,
}

impl CanOptions {
    /// The defaults: arrays and text of up to 1024 bytes stay in the header.
    pub fn new() -> Self {
        Self { inline_threshold: 1024 }
    }

    /// Keeps arrays and text of at most so many bytes in the header, which copies them.
    #[must_use]
    pub fn inline_threshold(self, bytes: usize) -> Self {
        Self { inline_threshold: bytes }
    }

    /// As [`can()`].
    ///
    /// # Errors
    ///
    /// As [`can()`].
    pub fn can<'a, T: Can<V> + ?Sized, V>(&self, value: &'a T) -> Result<Object<'a>> {
        let mut scratch = Scratch::default();
        let mut encoder = self.encoder(&mut scratch);
        value.can(&mut encoder)?;
        Object::from_encoder(encoder)
    }

    #[inline]
    pub(crate) fn encoder<'a, 's>(&self, scratch: &'s mut Scratch) -> Encoder<'a, 's> {
        Encoder::new(scratch, self.inline_threshold)
    }

    /// As [`can_arc()`].
    ///
    /// # Errors
    ///
    /// As [`can()`].
    pub fn can_arc<T, V>(&self, value: &Arc<T>) -> Result<Object<'static>>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        let mut scratch = Scratch::default();
        let mut encoder = self.encoder(&mut scratch);
        core_can_arc(value, &mut encoder)?;
        Object::from_encoder(encoder)
    }
}

impl Default for CanOptions {
    fn default() -> Self {
        Self::new()
    }
}
