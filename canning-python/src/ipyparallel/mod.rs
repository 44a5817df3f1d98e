//! ipyparallel's messages: canned objects and what is applied to them.

pub use self::{
    deserialize::{deserialize_object, deserialize_object_with},
    unpack::{ApplyMessage, unpack_apply_message, unpack_apply_message_with},
};

pub(crate) mod canned;
mod deserialize;
mod order;
pub(crate) mod restore;
mod unpack;
