//! Messages over a Unix socket, but for arrays in sealed memory, which stay where they are.

use std::{io, os::unix::net::UnixStream, time::Instant};

use canning_wire::{Message, shm::Handover, socket::Options};
use ndarray::Array1;
use rustix::{
    io::retry_on_intr,
    net::{RecvFlags, recv},
};

use super::{Incoming, Link};
use crate::demo::{error::Result, progress::Progress};

/// A socket over which memory is handed.
pub(in crate::demo) struct ShmLink {
    connection: Handover,
    /// The same socket, to know when the first byte comes.
    socket: UnixStream,
}

impl ShmLink {
    /// Greets the other process.
    ///
    /// # Errors
    ///
    /// As [`Handover::over`].
    pub(in crate::demo) fn over(socket: UnixStream) -> Result<Self> {
        let copy = socket.try_clone()?;
        Ok(Self { connection: Handover::over(socket, &Options::default())?, socket: copy })
    }

    /// Waits until something can be read, or the other process has ended.
    fn wait(&self) -> Result<()> {
        let peeked = retry_on_intr(|| recv(&self.socket, &mut [0_u8; 1], RecvFlags::PEEK));
        peeked.map_err(io::Error::from)?;
        Ok(())
    }
}

impl Link for ShmLink {
    fn send(&mut self, message: Message<'_>, progress: &mut Progress) -> Result<u64> {
        let handed = self.connection.write_message(&message)?;
        progress.reach(handed.shared + handed.bytes);
        Ok(handed.sent)
    }

    fn receive(&mut self) -> Result<Option<Incoming>> {
        self.wait()?;
        let start = Instant::now();
        let message = self.connection.read_message()?;
        Ok(message.map(|message| Incoming { message, time: Some(start.elapsed()) }))
    }

    /// What was read over the socket is not worth keeping; what was mapped cannot be.
    fn recycle(&mut self, _numbers: Array1<f64>) {}
}
