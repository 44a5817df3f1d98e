//! A message on a byte stream, without IO.
//!
//! [`FrameWriter`] says which bytes to write next; [`FrameReader`] says where the next bytes
//! are to be put. A transport, blocking or not, only moves bytes between these and the system,
//! and may stop and go on at any byte.
//!
//! `docs/wire-format.md` in the repository specifies the frame byte by byte.

#[cfg(any(feature = "zmq", all(feature = "shm", target_os = "linux")))]
pub(crate) use self::prelude::limit;
pub(crate) use self::{
    in_place::take_apart,
    one_value::OneValue,
    outbox::{Outbox, sent_of},
    prelude::VERSION,
};
pub use self::{
    read::{FrameReader, Place},
    write::{FrameWriter, Slices},
};

#[cfg(feature = "file")]
pub(crate) use self::prelude::Prelude;

mod in_place;
mod one_value;
mod outbox;
mod prelude;
mod read;
mod write;
