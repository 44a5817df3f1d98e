//! ipyparallel's messages: canned objects and what is applied to them.
//!
//! | here | `ipyparallel.serialize` |
//! | --- | --- |
//! | [`serialize_object`], [`can`] | `serialize_object` |
//! | [`deserialize_object`] | `deserialize_object`, where nothing is uncanned before it is asked for |
//! | [`pack_apply_message`] | `pack_apply_message` of an importable function |
//! | [`unpack_apply_message`] | `unpack_apply_message`, where nothing is imported |
//! | [`Reference`] | `Reference`, where nothing is evaluated |
//!
//! Buffers go to the canned objects at the top, or in the list, tuple, set or dict of fewer than 64
//! items that stands there, in their order; that of a dict is the order of its sorted keys.
//!
//! An object that was pickled beforehand (`PrePickled`) cannot be told from any other.

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
