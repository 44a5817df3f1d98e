//! A connection of ZeroMQ over TCP: version 3.0 and 3.1 of its protocol, ZMTP, without security.
//!
//! What it is for: a client of a controller that must believe nothing of what a peer says, and
//! move large arrays at the speed of the socket.
//!
//! - Nothing is reserved on a peer's word beyond [`Limits::believed_bytes`], unless
//!   [`Options::placing`] knows the peer better: memory grows as bytes come. Lengths, and the
//!   number of frames, are bounded by [`Limits`].
//! - A long frame is read into the memory that it stays in, at the alignment that
//!   [`Options::placing`] chooses, so that a `Vec` can take it over.
//! - A frame is written from where it lies. What is copied is [counted](Sender::copied).
//!
//! The `zeromq` crate, 0.7, has other aims. It makes room for a frame as soon as its header has
//! come: ten bytes that declare 2⁴⁰ of them, after the greetings, end the process (`memory
//! allocation of 1099511693321 bytes failed`), and 2³⁴ become 16 GiB of address space. It copies
//! each frame into one block on the way out, and cuts received frames out of a block at whatever
//! alignment they have there.
//!
//! What is left out: listening, security, other transports, routing, connecting again.

mod command;
mod connection;
mod decoder;
mod encoder;
mod error;
mod greeting;
mod landing;
mod options;

pub use self::{
    connection::{Receiver, Sender, connect},
    decoder::Message,
    error::Error,
    options::{Limits, Options, Place, Placing, SocketType},
};
