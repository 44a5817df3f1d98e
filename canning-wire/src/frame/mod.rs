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
    in_place::take_apart, one_value::OneValue, options::FrameOptions, outbox::Outbox,
    prelude::VERSION,
};
pub use self::{
    part::Part,
    read::{FrameReader, Place},
    write::{FrameWriter, Slices},
};

#[cfg(feature = "file")]
pub(crate) use self::prelude::{LEN as PRELUDE, Prelude};

mod chunks;
mod in_place;
mod lengths;
mod one_value;
pub(crate) mod options;
mod outbox;
mod part;
mod prelude;
mod read;
mod write;
