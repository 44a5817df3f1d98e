//! What derived code calls: kept here, so that it is compiled and read once.

pub use self::{
    element::{Check, check, element_field, in_order, nothing},
    field::{
        can_field, can_field_inline, can_field_with, cold, no_field, no_variant, required,
        set_field, set_field_with, uncan_field, uncan_field_with, unsupported,
    },
};

mod element;
mod field;
