//! rkyv: values as they lie, behind relative pointers; made into owned values, or used after a
//! check.

use std::mem;

use ::rkyv::{
    Archive, Deserialize, Serialize,
    api::high::{HighDeserializer, HighSerializer, HighValidator, access, from_bytes, to_bytes_in},
    bytecheck::CheckBytes,
    rancor::Error,
    ser::allocator::ArenaHandle,
};

use crate::{
    peers::format::{Access, Format},
    values::{ArchivedFrame, Value, Views},
};

/// Its blocks are ordinary vectors, which the allocator aligns well enough; the check would say
/// so if it did not. An `AlignedVec` cannot be read into without filling it with zeros before.
pub(crate) struct Rkyv {
    block: Vec<u8>,
}

impl<T> Format<T> for Rkyv
where
    T: Value + for<'a> Serialize<HighSerializer<Vec<u8>, ArenaHandle<'a>, Error>>,
    T: Archive<
        Archived: for<'a> CheckBytes<HighValidator<'a, Error>>
                      + Deserialize<T, HighDeserializer<Error>>,
    >,
{
    const NAME: &'static str = "rkyv";

    fn with_capacity(bytes: usize) -> Self {
        Self { block: Vec::with_capacity(bytes) }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.block.clear();
        self.block = to_bytes_in(value, mem::take(&mut self.block)).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        from_bytes(block).unwrap()
    }
}

impl Access for Rkyv {
    const NAME: &'static str = "rkyv_access";

    fn access<R>(&mut self, block: &[u8], look: impl FnOnce(Views<'_>) -> R) -> R {
        let frame = access::<ArchivedFrame, Error>(block).unwrap();
        look(Views {
            pos: bytemuck::cast_slice(frame.pos.as_slice()),
            vel: bytemuck::cast_slice(frame.vel.as_slice()),
            ids: bytemuck::cast_slice(frame.ids.as_slice()),
        })
    }
}
