//! The same without `async`: each call waits for its result.
//!
//! A [`Client`] has a runtime with a thread of its own, which moves messages while nobody calls.
//!
//! It is not for asynchronous code. A client that is made on a thread of a tokio runtime, be it by
//! `spawn_blocking`, is refused as [`InRuntime`](crate::ErrorKind::InRuntime); one that was made
//! elsewhere panics in asynchronous code, as [`tokio::runtime::Runtime::block_on`] does.
//!
//! ```no_run
//! use canning_ipyparallel::{Call, blocking::Client};
//!
//! let client = Client::from_profile("default")?;
//! let engine = client.engine(0)?;
//! engine.push("x", &vec![1.0_f64; 1 << 20])?;
//! let sum: f64 = engine.apply(Call::new("numpy.sum").variable("x"))?;
//! assert_eq!(sum, 1048576.0);
//! # Ok::<(), canning_ipyparallel::Error>(())
//! ```

mod client;
mod completed;
mod runtime;
mod views;

pub use self::{
    client::Client,
    completed::CompletedIter,
    views::{BalancedView, DirectView, EngineView},
};
