//! Objects as bytes, and back.

use canning_core::{Buffer, CannedObject};
use canning_wire::Object;

/// The bytes of a blob, in one piece.
pub fn of(buffer: &Buffer<'_>) -> Vec<u8> {
    buffer.segments().flatten().copied().collect()
}

/// The bytes of an object's header, and of each buffer.
pub fn parts(object: &Object<'_>) -> (Vec<u8>, Vec<Vec<u8>>) {
    (of(object.header()), object.buffers().iter().map(of).collect())
}

/// An object of copied bytes.
pub fn restored(object: &Object<'_>) -> canning_core::Result<Object<'static>> {
    let (header, buffers) = parts(object);
    let buffers = buffers.into_iter().map(Buffer::from).collect();
    Object::restore(header.into(), buffers)
}
