//! A connection that hands memory over.

use std::os::unix::net::UnixStream;

use super::{
    error::ShmError,
    parcel,
    pool::SharedPool,
    read::{Incoming, read_front},
    write::{Outgoing, write_alone},
};
use crate::{
    error::{Error, ErrorKind, Result},
    frame::FrameOptions,
    message::Message,
    socket::{Options, Socket, greet},
};

/// A Unix socket between two processes of one machine, over which messages go whose arrays stay in
/// sealed memory.
///
/// [The module](crate::shm) shows its use. Both ends must use it.
#[derive(Debug)]
pub struct Handover {
    socket: UnixStream,
    options: Options,
    /// Set as long as a parcel is not whole: nothing can follow it.
    writes: bool,
    reads: bool,
}

/// How a message was handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// Bytes of buffers that stayed where they were.
    pub shared: u64,
    /// Bytes of buffers that went over the socket, because they do not lie in sealed memory, or not
    /// well for their dtype.
    pub sent: u64,
    /// All bytes that went over the socket: headers, tables and those buffers.
    pub bytes: u64,
}

impl Handover {
    /// Greets the peer of a socket that is connected already. The peer must do the same, at the
    /// same time. Of the options, those for TCP and the pool mean nothing here.
    ///
    /// # Errors
    ///
    /// - [`ShmError::Frames`] when the [options](Options::frames) ask for checksums or compression:
    ///   what is handed over is not moved, and parcels are no frames.
    /// - As [`Connection::over`](crate::socket::Connection::over).
    pub fn over(socket: UnixStream, options: &Options) -> Result<Self> {
        if options.frames != FrameOptions::new() {
            return Err(ShmError::Frames.into());
        }
        let io_error = |error| Error::new(ErrorKind::Io(error), 0);
        socket.set_nonblocking(false).map_err(io_error)?;
        // The timeouts are those of the socket, whichever descriptor sets them.
        greet(&Socket::from(socket.try_clone().map_err(io_error)?), options)?;
        socket.set_read_timeout(options.read_timeout).map_err(io_error)?;
        socket.set_write_timeout(options.write_timeout).map_err(io_error)?;
        Ok(Self { socket, options: options.clone(), writes: false, reads: false })
    }

    /// Writes a message: of buffers that lie in sealed memory only their place, if that is a multiple of
    /// the alignment of their dtype, as parts of arrays of packed structs may not be.
    ///
    /// It costs one system call, and one for each long buffer that does not lie there. Nothing
    /// is kept: the message, and the memory, may be dropped at once.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Io`] when the socket fails, after which nothing more can be written.
    /// - When buffers were taken out of an object.
    pub fn write_message(&mut self, message: &Message<'_>) -> Result<Handed> {
        let outgoing = Outgoing::new(message)?;
        check_usable(self.writes)?;
        self.writes = true;
        let handed = outgoing.write(&self.socket)?;
        self.writes = false;
        Ok(handed)
    }

    /// Reads a message; `None` where the peer has ended.
    ///
    /// Buffers in sealed memory are mapped, not copied: receive them borrowed, or as
    /// [`SharedSlice`](canning_core::SharedSlice). What is owned, such as a `Vec`, is copied out of
    /// the memory, and [counted](canning_core::CannedObject::copied).
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::SharedMemory`] when a descriptor is not of sealed memory, or not as
    ///   announced.
    /// - When the bytes are malformed or exceed a limit, and [`ErrorKind::Truncated`].
    /// - [`ErrorKind::Io`] when the socket fails.
    ///
    /// Nothing more can be read then, and nothing stays open or mapped; but after a timeout before
    /// the first byte it may be called again.
    pub fn read_message(&mut self) -> Result<Option<Message<'static>>> {
        let limits = self.options.limits;
        check_usable(self.reads)?;
        let front = read_front(&self.socket, &limits, &mut self.reads)?;
        let Some((parcel, descriptors)) = front else {
            return Ok(None);
        };
        parcel.check_kind(parcel::MESSAGE)?;
        let incoming = Incoming::new(&self.socket, &limits, &parcel);
        let message = incoming.read(&parcel, descriptors)?;
        self.reads = false;
        Ok(Some(message))
    }

    /// Gives the peer a pool, once, to use it together from then on.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] when the socket fails.
    pub fn write_pool(&mut self, pool: &SharedPool) -> Result<()> {
        check_usable(self.writes)?;
        self.writes = true;
        write_alone(&self.socket, parcel::POOL, pool.fd())?;
        self.writes = false;
        Ok(())
    }

    /// Receives the peer's pool.
    ///
    /// # Errors
    ///
    /// As [`read_message`](Self::read_message); [`ErrorKind::Truncated`] where the peer has ended.
    pub fn read_pool(&mut self) -> Result<SharedPool> {
        let limits = self.options.limits;
        check_usable(self.reads)?;
        let front = read_front(&self.socket, &limits, &mut self.reads)?;
        let (parcel, descriptors) =
            front.ok_or_else(|| Error::new(ErrorKind::Truncated { read: 0 }, 0))?;
        parcel.check_kind(parcel::POOL)?;
        let found = descriptors.len();
        let [fd] = <[_; 1]>::try_from(descriptors)
            .map_err(|_others| ShmError::Descriptors { expected: 1, found })?;
        if parcel.rest > 0 {
            return Err(Error::new(ErrorKind::Frame("longer than its objects"), 0));
        }
        let pool = SharedPool::received(fd, limits.message_bytes)?;
        self.reads = false;
        Ok(pool)
    }
}

/// Refuses to go on after a parcel that is not whole.
fn check_usable(is_cut: bool) -> Result<()> {
    match is_cut {
        true => Err(Error::new(ErrorKind::Io(std::io::ErrorKind::BrokenPipe.into()), 0)),
        false => Ok(()),
    }
}
