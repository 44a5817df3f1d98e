//! Python's formats: pickles with out-of-band buffers (PEP 574), and ipyparallel's messages.

#![forbid(unsafe_code)]

pub mod ipyparallel;
mod limits;
pub mod numpy;
mod object;
pub mod pickle;
mod write;

pub use self::{
    limits::Limits,
    object::{Dialect, Object, view},
    write::CanOptions,
};
