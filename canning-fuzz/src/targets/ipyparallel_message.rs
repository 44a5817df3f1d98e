//! Messages of ipyparallel.

use canning_core::Buffer;
use canning_python::ipyparallel::{deserialize_object_with, unpack_apply_message_with};

use crate::{
    heap,
    input::Input,
    python::{LIMITS, bound, read_in_every_way},
};

/// Reads blobs as objects one after the other, or as an apply message.
///
/// They are read or refused, within the promised memory; each object takes at least a blob. See
/// [`read_in_every_way`] for the objects.
pub(crate) fn ipyparallel_message(data: &[u8]) {
    let mut input = Input::new(data);
    let is_apply = input.bool();
    let pieces = input.pieces();
    let len: usize = pieces.iter().map(|piece| piece.len()).sum();
    let most = bound(len) + 4 * pieces.len() * size_of::<Buffer<'_>>();
    let mut blobs: Vec<_> = pieces.iter().map(|piece| Buffer::borrowed(piece)).collect();
    if is_apply {
        let unpack = || unpack_apply_message_with(blobs, LIMITS);
        if let Ok(message) = heap::within("an apply message", 2 * most, unpack) {
            let kwargs = message.kwargs.into_iter().map(|(_, object)| object);
            let objects = [message.function].into_iter().chain(message.args).chain(kwargs);
            objects.for_each(|mut object| read_in_every_way(&mut object));
        }
        return;
    }
    while !blobs.is_empty() {
        let before = blobs.len();
        let read = || deserialize_object_with(blobs, LIMITS);
        let Ok((mut object, rest)) = heap::within("an object", 2 * most, read) else { return };
        assert!(rest.len() < before, "an object is at least its header");
        read_in_every_way(&mut object);
        blobs = rest;
    }
}
