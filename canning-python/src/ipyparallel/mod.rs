//! ipyparallel's messages: canned objects and what is applied to them.

pub(crate) mod canned;
mod order;
pub(crate) mod restore;
