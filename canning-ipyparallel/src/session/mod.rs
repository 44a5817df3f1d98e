//! Messages as Jupyter writes them: signed JSON, and buffers.
//!
//! ```text
//! route … │ <IDS|MSG> │ signature │ header │ parent header │ metadata │ content │ buffer …
//! ```
//!
//! The signature covers the four parts of JSON, not the buffers.

mod incoming;
mod key;
mod outgoing;

pub(crate) use self::{
    incoming::{Incoming, Refused},
    outgoing::{MessageId, Request, Session},
};
