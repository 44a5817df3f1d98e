//! What two ends of a connection say before the first message, without IO.
//!
//! Both send a [`Hello`] of 16 bytes at once, and then read that of the other. It says which
//! versions are spoken, so that an end which is too old or too new is told so before anything
//! large is sent, and a peer that speaks something else is found at its first wrong byte. A stream
//! of messages without it stays possible: [`MessageReader`](crate::MessageReader) expects none.
//!
//! ```
//! use canning_wire::handshake::{Handshake, Hello};
//!
//! let theirs = Hello::default().encode(); // what a peer of this release sends
//! let mut handshake = Handshake::new(Hello::default());
//! let sent = handshake.unsent().to_vec(); // to be written
//! handshake.advance(sent.len());
//!
//! let agreed = loop {
//!     let space = handshake.space(); // to be read into
//!     let len = space.len();
//!     space.copy_from_slice(&theirs[..len]);
//!     if let Some(agreed) = handshake.fill(len)? {
//!         break agreed;
//!     }
//! };
//! assert_eq!((agreed.frame, agreed.header), (1, 1));
//! # Ok::<(), canning_wire::Error>(())
//! ```
//!
//! `docs/wire-format.md` in the repository specifies the hello byte by byte.

pub use self::{
    error::HandshakeError,
    exchange::Handshake,
    hello::{Agreed, Hello},
};

mod error;
mod exchange;
mod hello;
