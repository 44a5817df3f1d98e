//! Canning's native header format, messages, framing and transports.

#![forbid(unsafe_code)]

mod chain;
mod diagnose;
mod header;
mod limits;
mod object;

pub use self::{
    chain::{Blobs, deserialize_object, serialize_object},
    limits::Limits,
    object::{CanOptions, Object, can, can_arc},
};
