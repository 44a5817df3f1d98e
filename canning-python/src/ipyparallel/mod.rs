//! ipyparallel's messages.

pub use self::{
    apply::{Function, pack_apply_message},
    can::{can, can_arc, serialize_object},
    reference::Reference,
};

mod apply;
mod can;
mod reference;
