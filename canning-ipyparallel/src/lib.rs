//! A client for a running ipyparallel cluster: Python's engines, driven from Rust.
//!
//! ```no_run
//! use canning_ipyparallel::{Call, Client};
//!
//! # async fn example() -> canning_ipyparallel::Result<()> {
//! let client = Client::from_profile("default").await?;
//! let engine = client.engine(0)?;
//! engine.push("x", &vec![1.0_f64; 1 << 20]).await?;
//! let sum: f64 = engine.apply(Call::new("numpy.sum").variable("x")).await?;
//! assert_eq!(sum, 1048576.0);
//! # Ok(())
//! # }
//! ```
//!
//! # Overview
//!
//! A [`Client`] is connected by a [`ConnectionFile`]. It gives views, which say whom a request goes
//! to:
//!
//! | view | requests go to | results |
//! | --- | --- | --- |
//! | [`EngineView`] | one engine | one [`AsyncResult`] |
//! | [`DirectView`] | each of several engines | [`Results`], in their order or as they come |
//! | [`BalancedView`] | whichever engine is free | one, or [`Results`] of many calls |
//!
//! Requests are made at once, and results are futures. Functions are [`Call`]ed by their names:
//! engines import them. Values are canned as `canning_python::ipyparallel` says: arrays become
//! NumPy's. [`DirectView::scatter`] and [`DirectView::gather`] hand arrays out in blocks of rows.
//!
//! Code that is [`execute`](EngineView::execute)d gives what it prints and shows: [`Executed`].
//!
//! [`blocking`] has all that without `async`.
//!
//! # Copies
//!
//! A large array that is borrowed is copied once to be sent, because it may be given up before it
//! has left; one in an `Arc` ([`EngineView::push_arc`], [`Call::arc`], [`DirectView::scatter_arc`]) is
//! written from where it lies. What arrives is read into memory of its own, which an owned array
//! takes over: its alignment is guessed from the dtype, and a wrong guess costs a copy.
//!
//! # Safety
//!
//! No unsafe code. Whoever has the key of a cluster can run code on its engines: keep connection
//! files to yourself. What is received is not trusted:
//!
//! - Nothing of a message is read before its signature was checked, in constant time. It covers the
//!   four parts of JSON and not the buffers, where the pickles are: that is ipyparallel's protocol.
//!   Who can change what is sent can replace a result, or the function and the arguments of a
//!   request, and so run code on the engines. Use networks on which nobody can, or a tunnel.
//! - Pickles are read into plain data; nothing is imported, called or evaluated, and
//!   [limits](Options::limits) are kept.
//! - Answers to unknown requests are dropped and [counted](Client::refusals).
//! - Parts of JSON are at most 16 MiB long, and no more is kept of what a piece of code prints.
//! - Nothing is reserved on the word of whoever stands at the other end: memory for a frame grows as
//!   its bytes come, up to [limits](Options::message_limits). Only who has signed the front of a
//!   message is believed how long its buffers are, up to 1 GiB.
//!
//! One thing is not bounded here: what is asked for waits in memory until the controller has taken
//! it. Wait for results before asking for much more.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod align;
mod block;
pub mod blocking;
mod call;
mod client;
mod connection;
mod error;
mod execute;
mod frames;
mod output;
mod packing;
mod remote;
mod result;
mod results;
mod session;
mod socket;
mod tasks;
mod view;
pub mod zmtp;

pub use self::{
    call::{Call, Variables},
    client::{Client, Engine, Options, Refusals},
    connection::{ConnectionFile, FileProblem},
    error::{Error, ErrorKind, LostReason, Result},
    execute::Executed,
    remote::RemoteError,
    result::AsyncResult,
    results::{AllResults, Completed, Gather, Progress, Results},
    view::{BalancedView, DirectView, EngineView},
};
