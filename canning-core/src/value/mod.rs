//! Any received object without its Rust type.

#[cfg(feature = "serde")]
pub(crate) use self::build::ValueBuilder;
pub use self::{array::ArrayValue, object_array::ObjectArray, record::RecordValue, tree::Value};

mod access;
mod array;
mod build;
mod can;
mod convert;
mod display;
mod equal;
mod keys;
mod object_array;
mod read;
mod record;
mod scalar;
mod tree;
mod uncan;
