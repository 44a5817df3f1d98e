//! The native header: one CBOR item that says everything but the bytes of the buffers.
//!
//! `docs/wire-format.md` in the repository specifies it byte by byte.

pub(crate) use self::{
    decode::{Buffers, Decoder},
    encode::Encoder,
    front::{Front, TAIL_NEEDS, VERSION},
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
