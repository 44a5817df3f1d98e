//! A client for a running ipyparallel cluster.

#![forbid(unsafe_code)]

mod block;
pub mod blocking;
mod call;
mod client;
mod connection;
mod error;
mod execute;
mod packing;
mod remote;
mod result;
mod results;
mod session;
mod socket;
mod tasks;
mod view;

pub use self::{
    call::{Call, Variables},
    client::{Client, Engine, Options, Refusals},
    connection::{ConnectionFile, FileProblem},
    error::{Error, ErrorKind, Result},
    execute::Executed,
    remote::RemoteError,
    result::AsyncResult,
    results::{AllResults, Completed, Gather, Progress, Results},
    view::{BalancedView, DirectView, EngineView},
};
