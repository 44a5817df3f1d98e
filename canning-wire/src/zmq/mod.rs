//! Messages as multipart messages of ZeroMQ, for the sockets of the `zeromq` crate.
//!
//! A part is a blob: each object's header, and behind it its buffers. `docs/wire-format.md` says
//! it exactly. [`pack`] and [`unpack`] do this without a socket; [`send()`], [`recv`], [`send_to`] and
//! [`recv_from`] with one.
//!
//! The sockets are those of `zeromq` 0.7, and their runtime is tokio's. Next to this crate, a program
//! depends on both:
//!
//! ```toml
//! tokio = { version = "1", features = ["macros", "rt"] }
//! zeromq = "0.7"
//! ```
//!
//! ```
//! use std::sync::Arc;
//! use canning_core::{CannedObject, SharedSlice};
//! use canning_wire::{Limits, can_arc, zmq};
//! use zeromq::{PullSocket, PushSocket, Socket};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (mut push, mut pull) = (PushSocket::new(), PullSocket::new());
//! let endpoint = pull.bind("tcp://127.0.0.1:0").await?;
//! push.connect(&endpoint.to_string()).await?;
//!
//! let numbers = Arc::new(vec![0.5_f64; 1 << 16]);
//! zmq::send(&mut push, can_arc(&numbers)?.into()).await?; // shares the array, copies nothing
//!
//! let received = zmq::recv(&mut pull, &Limits::default()).await?;
//! let [object] = received.message.into_array()?;
//! let array: SharedSlice<f64> = object.get_object()?; // shares the part that was received
//! assert_eq!(*array, **numbers);
//! # Ok(())
//! # }
//! ```
//!
//! # What is copied
//!
//! A socket queues messages, so that one which borrows cannot be sent: [`send()`] takes a
//! `Message<'static>`. [`can_arc`](crate::can_arc) makes one that shares, without a copy;
//! [`Object::into_owned`](crate::Object::into_owned) one that copies what was borrowed.
//!
//! | what | costs |
//! | --- | --- |
//! | [`pack`]ing contiguous, transposed, reversed, broadcast arrays; received ones | no copy |
//! | packing sliced arrays, and headers with small arrays that are in memory of their own | a copy, [counted](Packed::copies) |
//! | the `zeromq` crate's sending | it copies each part into one block |
//! | its receiving | it cuts parts out of the block that it received into: no copy, at any address |
//! | [`unpack`]ing parts that lie well for their dtype | no copy |
//! | unpacking others | a copy of the part to where it lies well, [counted](Received::copies) |
//! | borrowing or sharing a received array, as `&[f64]` or [`SharedSlice`](canning_core::SharedSlice) | no copy |
//! | owning it, as a `Vec` | none where the part was copied already; or else a copy, [counted](canning_core::CannedObject::copied): the crate's block cannot be divided |
//!
//! Parts above 64 KiB or so nearly always begin a block of their own, and lie well for all dtypes. A
//! smaller one lies wherever the part before it ended: seven of eight of `f64` are copied. A part that is kept, however small, keeps the
//! block that it came in, of 128 KiB or so, or the length of the longest part in it.
//!
//! # Envelopes
//!
//! Some sockets put parts in front of a message that are not the message. The types say which:
//! [`Plain`] sockets send and receive messages alone, [`Addressed`] ones with an [`Envelope`].
//!
//! | sockets | with | envelope |
//! | --- | --- | --- |
//! | PUSH and PULL, DEALER, REQ and REP | [`send()`], [`recv`] | none |
//! | ROUTER | [`send_to`], [`recv_from`] | the identity of the peer; a REQ socket's empty part |
//! | PUB and SUB | [`send_to`], [`recv_from`] | the topic, a part of its own |
//! | others, and what proxies do | [`pack`], [`unpack`] | as many parts as one says |
//!
//! # What the crate does
//!
//! Of `zeromq` 0.7, which is under the MIT licence and maintained by the ZeroMQ project, a program
//! should know:
//!
//! - **Strangers.** It reserves memory on the word of a peer: a few bytes end the process. Wherever
//!   a peer is not trusted, put a `Guard` in front of the socket (on Unix). Nobody proves who they
//!   are, and nothing is encrypted.
//! - **Slow readers.** A message is sent when it is in a queue. The queues hold 100,000 messages
//!   for each peer, however long they are; then PUSH, DEALER and ROUTER sockets wait, and PUB sockets
//!   drop what they cannot queue. A [`Backlog`] bounds their bytes. What comes is not read ahead of
//!   [`recv`], but for what is in the system's buffers.
//! - **Lost messages.** What is in a peer's queue when the peer goes is lost, as with every ZeroMQ. A
//!   socket that is dropped still writes its queues, but nothing waits for that: the last message of a
//!   program needs an answer. A PUB socket drops what nobody has subscribed to yet.
//! - **Connections.** A SUB socket connects again, the others do not. Connecting waits for a
//!   listener for up to 30 seconds.
//! - **Errors of peers.** A PULL or SUB socket whose peer goes away within a message gives
//!   an error from [`recv`]. It is that peer's; the socket goes on.
//! - **From strangers** receive with PULL, SUB or ROUTER sockets, behind a `Guard`. DEALER, REP and
//!   REQ sockets keep the stream of a peer that ended within a part: from then on [`recv`] gives an
//!   error again and again, and a descriptor stays open for each such peer. An XSUB socket panics
//!   where a peer calls itself STREAM. No guard helps against that.

#[cfg(unix)]
pub use self::guard::{Guard, GuardOptions, Refusal};
pub use self::{
    backlog::Backlog,
    copies::Copies,
    envelope::Envelope,
    error::MultipartError,
    pack::{Packed, pack},
    sockets::{Addressed, Plain, recv, recv_from, send, send_to},
    unpack::{Received, unpack},
};

mod backlog;
mod copies;
mod envelope;
mod error;
#[cfg(unix)]
mod guard;
mod pack;
mod sockets;
mod unpack;
