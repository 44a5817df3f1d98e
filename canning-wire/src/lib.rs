//! Canning's native header format, messages, framing and transports.

#![forbid(unsafe_code)]

mod chain;
mod diagnose;
mod error;
pub mod frame;
mod header;
mod io;
mod limits;
mod message;
mod object;

pub use self::{
    chain::{Blobs, deserialize_object, serialize_object},
    error::{Error, ErrorKind, Result},
    io::{MessageReader, Sent, read_message, write_message},
    limits::Limits,
    message::Message,
    object::{CanOptions, Object, can, can_arc},
};
