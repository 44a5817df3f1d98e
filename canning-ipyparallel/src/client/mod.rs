//! The client: sockets, who the engines are, and which requests wait for an answer.

mod connect;
mod core;
mod engines;
mod events;
mod handle;
mod options;
mod pending;
mod placing;

pub(crate) use self::{
    core::{Core, Target},
    pending::{Reply, Waiting},
};
pub use self::{
    engines::Engine,
    handle::{Client, Refusals},
    options::Options,
};
