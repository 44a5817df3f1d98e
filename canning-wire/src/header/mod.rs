//! The native header: one CBOR item that says everything but the bytes of the buffers.
//!
//! `docs/wire-format.md` in the repository specifies it byte by byte.

pub(crate) use self::{
    decode::{Bounds, Buffers, Decoder, Met},
    encode::{Encoder, Scratch},
    front::{BufferEntry, Front, Parts, TAIL_NEEDS, VERSION, are_zeros},
    tables::{Known, KnownTables, Tables},
};

mod body;
mod cbor;
mod decode;
mod distinct;
mod dtypes;
mod encode;
mod few_bytes;
mod front;
mod names;
mod tables;
