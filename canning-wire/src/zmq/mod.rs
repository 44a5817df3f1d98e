//! Messages as multipart messages of ZeroMQ, for the sockets of the `zeromq` crate.
//!
//! A part is a blob: each object's header, and behind it its buffers. `docs/wire-format.md` says
//! it exactly. [`pack`] and [`unpack`] do this without a socket; [`send()`], [`recv`], [`send_to`] and
//! [`recv_from`] with one.
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
//! Parts above 64 KiB or so come in a block of their own, which lies well for all dtypes. Smaller
//! ones lie wherever the parts before them ended. A part that is kept, however small, keeps the
//! block that it came in: at most 128 KiB, or the length of the longest part in it.

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
