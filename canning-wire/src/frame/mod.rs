//! A message on a byte stream, without IO.
//!
//! [`FrameWriter`] says which bytes to write next; [`FrameReader`] says where the next bytes
//! are to be put. A transport, blocking or not, only moves bytes between these and the system,
//! and may stop and go on at any byte.
//!
//! `docs/wire-format.md` in the repository specifies the frame byte by byte.

pub(crate) use self::{
    in_place::take_apart,
    outbox::{Outbox, sent_of},
    prelude::VERSION,
};
pub use self::{place::Place, read::FrameReader, slices::Slices, write::FrameWriter};

mod ahead;
mod block;
mod in_place;
mod landing;
mod outbox;
mod parts;
mod place;
mod position;
mod prelude;
mod read;
mod slices;
mod spare;
mod value;
mod write;
