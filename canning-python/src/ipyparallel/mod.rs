//! ipyparallel's messages: canned objects and what is applied to them.

pub use self::{
    apply::{Function, pack_apply_message},
    can::{can, can_arc, serialize_object},
    deserialize::{deserialize_object, deserialize_object_with},
    reference::Reference,
    unpack::{ApplyMessage, unpack_apply_message, unpack_apply_message_with},
};

mod apply;
mod can;
pub(crate) mod canned;
mod deserialize;
mod order;
mod reference;
pub(crate) mod restore;
mod unpack;
