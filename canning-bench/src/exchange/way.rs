//! One way to get a value to the other end of a stream.

use crate::{exchange::Stream, values::Value};

/// What the sender does, and what the receiver does.
pub(crate) struct Way<'a> {
    pub(super) implementation: String,
    /// The bytes of the value.
    pub(super) bytes: u64,
    /// What the receiver is to find.
    pub(super) sum: f64,
    /// Which implementation it is compared with, if not with that of the group.
    pub(super) next_to: Option<&'static str>,
    pub(super) send: Sender<'a>,
    pub(super) receive: Receiver,
}

/// Writes one value.
type Sender<'a> = Box<dyn FnMut(&mut dyn Stream) + 'a>;

/// Reads one value and gives the sum of its numbers; none where the stream ends.
pub(super) type Receiver = Box<dyn FnMut(&mut dyn Stream) -> Option<f64> + Send>;

impl<'a> Way<'a> {
    pub(crate) fn new(
        implementation: impl Into<String>,
        value: &impl Value,
        send: impl FnMut(&mut dyn Stream) + 'a,
        receive: impl FnMut(&mut dyn Stream) -> Option<f64> + Send + 'static,
    ) -> Self {
        Self {
            implementation: implementation.into(),
            bytes: value.bytes(),
            sum: value.sum(),
            next_to: None,
            send: Box::new(send),
            receive: Box::new(receive),
        }
    }

    /// Compares it with another implementation than the rest of the group.
    pub(crate) fn next_to(self, implementation: &'static str) -> Self {
        Self { next_to: Some(implementation), ..self }
    }
}
