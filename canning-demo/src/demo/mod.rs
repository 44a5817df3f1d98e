//! The demo: arrays go to a second process over a socket, are worked on, and come back.
//!
//! [`main`] is both processes: with a hidden argument it is the worker.

pub use self::parent::main;

mod arguments;
mod components;
mod costs;
mod dataset;
mod error;
mod memory;
mod npy;
mod parent;
mod picture;
mod process;
mod progress;
mod protocol;
mod science;
mod summary;
mod table;
mod transport;
mod worker;
