//! A client for a running ipyparallel cluster.

#![forbid(unsafe_code)]

pub mod connection;
mod error;
mod remote;
mod session;

pub use self::{
    error::{Error, ErrorKind, Result},
    remote::RemoteError,
};
