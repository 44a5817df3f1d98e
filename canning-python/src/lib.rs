//! Python's formats: pickles with out-of-band buffers (PEP 574), and ipyparallel's messages.

#![forbid(unsafe_code)]

pub mod ipyparallel;
mod limits;
pub mod numpy;
mod object;
mod pickle;

pub use self::{
    limits::Limits,
    object::{Dialect, Object, view},
};
