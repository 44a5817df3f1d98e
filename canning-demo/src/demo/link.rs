//! A way for messages between the two processes, whatever it is made of.

use std::time::Duration;

use canning_wire::Message;
use ndarray::Array1;

use super::{error::Result, progress::Progress};

#[cfg(target_os = "linux")]
pub(super) use self::shm::ShmLink;
pub(super) use self::{file::FileLink, stream::StreamLink, zmq::ZmqLink};

mod file;
#[cfg(target_os = "linux")]
mod shm;
mod stream;
mod zmq;

/// One end of a way. Both processes have the same.
pub(super) trait Link {
    /// Sends a message, and gives the bytes of its buffers that this copied: those that
    /// [`Transport::copied_here`](super::transport::Transport::copied_here) names.
    ///
    /// # Errors
    ///
    /// Those of the transport.
    fn send(&mut self, message: Message<'_>, progress: &mut Progress) -> Result<u64>;

    /// Waits for a message; `None` where the other process has ended.
    ///
    /// # Errors
    ///
    /// Those of the transport.
    fn receive(&mut self) -> Result<Option<Incoming>>;

    /// Takes memory back, to receive later messages into, where that is possible.
    fn recycle(&mut self, numbers: Array1<f64>);
}

/// A message that has come.
pub(super) struct Incoming {
    pub(super) message: Message<'static>,
    /// From its first byte, or from the word that it is there, to its last, where that is known.
    pub(super) time: Option<Duration>,
}
