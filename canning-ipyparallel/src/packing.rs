//! Values as buffers of messages, and back.

use std::sync::Arc;

use bytes::Bytes;
use canning_core::{Can, UncanOwned, buffer::Buffer};

use crate::error::{ErrorKind, Result};

/// Cans a value as ipyparallel's `serialize_object` does.
pub(crate) fn serialize<T: Can<V> + ?Sized, V>(value: &T) -> Result<Vec<Buffer<'_>>> {
    Ok(canning_python::ipyparallel::serialize_object(value)?)
}

/// Cans a value that the buffers keep.
pub(crate) fn serialize_arc<T, V>(value: &Arc<T>) -> Result<Vec<Buffer<'static>>>
where
    T: Can<V> + Send + Sync + 'static,
{
    Ok(canning_python::ipyparallel::serialize_object_arc(value)?)
}

/// A variable of the engine, by its name.
pub(crate) fn reference(name: &str) -> Result<Vec<Buffer<'static>>> {
    if !name.split('.').all(crate::call::is_identifier) {
        return Err(ErrorKind::Name(name.to_owned()).into());
    }
    todo!()
}

/// Buffers as frames of ZeroMQ. What is shared is shared, what is borrowed is copied.
pub(crate) fn to_frames(buffers: Vec<Buffer<'_>>) -> Result<Vec<Bytes>> {
    buffers.into_iter().map(to_frame).collect()
}

fn to_frame(buffer: Buffer<'_>) -> Result<Bytes> {
    /// Memory in one piece.
    struct Whole(Buffer<'static>);

    impl AsRef<[u8]> for Whole {
        fn as_ref(&self) -> &[u8] {
            self.0.as_slice().unwrap_or_default()
        }
    }

    let mut buffer = buffer.into_owned(1)?;
    if buffer.as_slice().is_none() {
        buffer = buffer.to_allocation(1)?.into();
    }
    Ok(Bytes::from_owner(Whole(buffer)))
}

/// The pickle of a function that can be imported, by its names, which are checked already.
pub(crate) fn global(module: &str, name: &str) -> Bytes {
    // PROTO 4, two texts, STACK_GLOBAL, STOP.
    let mut pickle = vec![0x80, 4];
    for text in [module, name] {
        pickle.push(b'X');
        // No name has 4 GiB.
        pickle.extend(u32::try_from(text.len()).unwrap_or_default().to_le_bytes());
        pickle.extend(text.as_bytes());
    }
    pickle.extend([0x93, b'.']);
    pickle.into()
}
