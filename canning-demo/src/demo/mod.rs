//! The demo: arrays go to a second process, over a socket, through files or in shared memory, are
//! worked on, and come back.
//!
//! [`main`] is both processes: with a hidden argument it is the worker.

pub use self::parent::main;

mod arguments;
mod components;
mod costs;
mod dataset;
mod error;
mod link;
mod memory;
mod npy;
mod origin;
mod parent;
mod picture;
mod place;
mod process;
mod progress;
mod protocol;
mod science;
mod sender;
mod summary;
mod table;
mod transport;
mod worker;
