//! A message on a byte stream, without IO.
//!
//! [`FrameWriter`] says which bytes to write next; [`FrameReader`] says where the next bytes
//! are to be put. A transport, blocking or not, only moves bytes between these and the system,
//! and may stop and go on at any byte.
//!
//! `docs/wire-format.md` in the repository specifies the frame byte by byte.

pub(crate) use self::outbox::{Outbox, sent_of};
pub use self::{read::FrameReader, slices::Slices, write::FrameWriter};

mod block;
mod outbox;
mod place;
mod prelude;
mod read;
mod slices;
mod write;
