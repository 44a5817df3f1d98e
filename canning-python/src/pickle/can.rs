//! Taking values apart for `pickle.loads`.

use std::sync::Arc;

use canning_core::{Can, Result};

use crate::{
    object::{Dialect, Object},
    write::CanOptions,
};

/// Takes a value apart into what `pickle.loads(header, buffers=buffers)` reads; its buffers
/// borrow its memory.
///
/// Costs the same whatever the size of the arrays, at any depth: none is copied, but those of at
/// most [1024 bytes](CanOptions::inline_threshold), which go into the header. Python 3.8 and
/// later read it, and arrays need NumPy of any version.
///
/// # Errors
///
/// Where Python has no such value: a key of a dict that it cannot hash, with its path; and where
/// the value has no portable form, as a path that is not UTF-8.
///
/// # Examples
///
/// ```
/// let numbers = vec![1.0_f64; 2048];
/// let blobs = canning_python::pickle::can(&numbers)?.into_blobs();
/// let [_header, buffer] = blobs.as_slice() else { panic!("one array, one buffer") };
/// assert_eq!(buffer.as_slice().unwrap().as_ptr(), numbers.as_ptr().cast());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn can<T: Can<V> + ?Sized, V>(value: &T) -> Result<Object<'_>> {
    CanOptions::new(Dialect::Pickle).can(value)
}

/// Takes a value apart that an `Arc` owns; the buffers keep it alive, so that the object may
/// outlive the caller.
///
/// # Errors
///
/// As [`can`].
pub fn can_arc<T, V>(value: &Arc<T>) -> Result<Object<'static>>
where
    T: Can<V> + Send + Sync + 'static,
{
    CanOptions::new(Dialect::Pickle).can_arc(value)
}
