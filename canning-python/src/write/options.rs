//! How values are canned for Python.

use std::sync::Arc;

use canning_core::{Can, Result, buffer::can_arc};

use super::pickler::Pickler;
use crate::object::{Dialect, Object};

/// How values are canned for Python.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_python::{CanOptions, Dialect};
///
/// let small = vec![1.0_f64; 8];
/// let options = CanOptions::new(Dialect::Pickle);
/// assert_eq!(options.can(&small)?.into_blobs().len(), 1);
/// assert_eq!(options.inline_threshold(0).can(&small)?.into_blobs().len(), 2);
/// # Ok::<(), canning_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CanOptions {
    pub(super) dialect: Dialect,
    pub(super) inline_threshold: usize,
    pub(super) received_classes: bool,
}

impl CanOptions {
    /// The defaults: arrays of up to 1024 bytes stay in the header, as with ipyparallel.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, inline_threshold: 1024, received_classes: false }
    }

    /// Keeps arrays of at most so many bytes in the header, which copies them. Empty arrays
    /// always stay there.
    #[must_use]
    pub fn inline_threshold(self, bytes: usize) -> Self {
        Self { inline_threshold: bytes, ..self }
    }

    /// Whether a record that was received may name the class of a Python object: a
    /// [`Value`](canning_core::Value) that came from elsewhere has its names from there.
    ///
    /// Python calls what a pickle names, and a record may be called `os.system`. So this is
    /// refused, but for the classes of `datetime` and a few others which do nothing but hold their
    /// arguments. Names of the program's own types, `#[canned(rename = "module.Class")]`, are
    /// never refused.
    #[must_use]
    pub fn received_classes(self, allow: bool) -> Self {
        Self { received_classes: allow, ..self }
    }

    /// Takes a value apart; its buffers borrow its memory.
    ///
    /// # Errors
    ///
    /// As [`pickle::can`](crate::pickle::can()) and [`ipyparallel::can`](crate::ipyparallel::can()).
    pub fn can<'a, T: Can<V> + ?Sized, V>(&self, value: &'a T) -> Result<Object<'a>> {
        let mut pickler = Pickler::new(self.clone());
        value.can(&mut pickler)?;
        Ok(pickler.finish())
    }

    /// Takes a value apart that an `Arc` owns; the buffers keep it alive.
    ///
    /// # Errors
    ///
    /// As [`can`](Self::can).
    pub fn can_arc<T, V>(&self, value: &Arc<T>) -> Result<Object<'static>>
    where
        T: Can<V> + Send + Sync + 'static,
    {
        let mut pickler = Pickler::new(self.clone());
        can_arc(value, &mut pickler)?;
        Ok(pickler.finish())
    }
}
