//! One way to get a value to the other end of a stream.

use crate::{exchange::Stream, harness::Stopwatch, values::Value};

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

/// Writes one value, and waits for the receiver's sum.
pub(super) enum Sender<'a> {
    /// All of it counts, and waiting too.
    Whole(Whole<'a>),
    /// It counts itself what is to count, and [waits](answer).
    Staged(Staged<'a>),
}

type Whole<'a> = Box<dyn FnMut(&mut dyn Stream) + 'a>;

type Staged<'a> = Box<dyn FnMut(&mut Stopwatch, &mut dyn Stream) -> f64 + 'a>;

/// Waits until the sum is back.
pub(crate) fn answer(stream: &mut dyn Stream) -> f64 {
    let mut sum = [0; size_of::<f64>()];
    stream.read_exact(&mut sum).unwrap();
    f64::from_ne_bytes(sum)
}

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
            send: Sender::Whole(Box::new(send)),
            receive: Box::new(receive),
        }
    }

    /// Measures only what `send` hands to the stopwatch, which waits for the [`answer`] itself.
    pub(crate) fn staged(
        implementation: impl Into<String>,
        value: &impl Value,
        send: impl FnMut(&mut Stopwatch, &mut dyn Stream) -> f64 + 'a,
        receive: impl FnMut(&mut dyn Stream) -> Option<f64> + Send + 'static,
    ) -> Self {
        let way = Self::new(implementation, value, |_| (), receive);
        Self { send: Sender::Staged(Box::new(send)), ..way }
    }

    /// The receiver answers something else than the sum.
    pub(crate) fn answered(self, sum: f64) -> Self {
        Self { sum, ..self }
    }

    /// Compares it with another implementation than the rest of the group.
    pub(crate) fn next_to(self, implementation: &'static str) -> Self {
        Self { next_to: Some(implementation), ..self }
    }
}
