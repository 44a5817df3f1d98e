//! Taking values apart for `ipyparallel.serialize.deserialize_object`.

use std::sync::Arc;

use canning_core::{Buffer, Can, Result};

use crate::{
    object::{Dialect, Object},
    write::CanOptions,
};

/// Takes a value apart into what `ipyparallel.serialize.deserialize_object` reads; its buffers
/// borrow its memory.
///
/// Arrays of more than [1024 bytes](CanOptions::inline_threshold) go out of band, without a
/// copy and in whatever order they lie, where ipyparallel looks for them: the value itself, and
/// the items of one list, tuple, set or dict (records are dicts) of fewer than 64 items. All others
/// are copied into the header, and [counted](canning_core::CannedObject::copied).
///
/// # Errors
///
/// As [`pickle::can`](crate::pickle::can()); and for a dict of fewer than 64 items whose keys Python
/// cannot sort, as text and numbers mixed.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
///
/// let numbers = BTreeMap::from([("b", vec![1.0_f64; 2048]), ("a", vec![2.0; 2048])]);
/// let blobs = canning_python::ipyparallel::can(&numbers)?.into_blobs();
/// let [_header, a, b] = blobs.as_slice() else { panic!("two arrays, two buffers") };
/// assert_eq!(a.as_slice().unwrap().as_ptr(), numbers["a"].as_ptr().cast());
/// assert_eq!(b.as_slice().unwrap().as_ptr(), numbers["b"].as_ptr().cast());
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn can<T: Can<V> + ?Sized, V>(value: &T) -> Result<Object<'_>> {
    CanOptions::new(Dialect::Ipyparallel).can(value)
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
    CanOptions::new(Dialect::Ipyparallel).can_arc(value)
}

/// Takes a value apart into a flat list, as ipyparallel's function of the same name: the header,
/// then the buffers.
///
/// # Errors
///
/// As [`can`].
pub fn serialize_object<T: Can<V> + ?Sized, V>(value: &T) -> Result<Vec<Buffer<'_>>> {
    can(value).map(Object::into_blobs)
}
