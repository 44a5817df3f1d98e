//! ipyparallel's messages: canned objects and what is applied to them.

pub use self::{
    apply::{Function, pack_apply_message},
    can::{can, can_arc, serialize_object},
    reference::Reference,
};

mod apply;
mod can;
pub(crate) mod canned;
mod order;
mod reference;
pub(crate) mod restore;
