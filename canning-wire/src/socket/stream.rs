//! A connected socket, and its two directions.

#[cfg(all(unix, not(any(target_vendor = "apple", target_os = "redox"))))]
use std::os::fd::AsFd;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::{
    io::{self, IoSlice, IoSliceMut, Read, Write},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::Duration,
};

#[cfg(all(unix, not(any(target_vendor = "apple", target_os = "redox"))))]
use rustix::net::{SendAncillaryBuffer, SendFlags, sendmsg};

/// A connected socket of either kind.
#[derive(Debug)]
pub struct Socket(pub(super) Kind);

#[derive(Debug)]
pub(super) enum Kind {
    #[cfg(unix)]
    Unix(UnixStream),
    Tcp(TcpStream),
}

#[cfg(unix)]
impl From<UnixStream> for Socket {
    fn from(stream: UnixStream) -> Self {
        Self(Kind::Unix(stream))
    }
}

impl From<TcpStream> for Socket {
    fn from(stream: TcpStream) -> Self {
        Self(Kind::Tcp(stream))
    }
}

/// Does the same with either kind.
macro_rules! of_either {
    ($socket:expr, $stream:ident => $what:expr) => {
        match &$socket.0 {
            #[cfg(unix)]
            Kind::Unix($stream) => $what,
            Kind::Tcp($stream) => $what,
        }
    };
}

impl Socket {
    pub(super) fn read(&self, space: &mut [u8]) -> io::Result<usize> {
        self.read_vectored(&mut [IoSliceMut::new(space)])
    }

    fn read_vectored(&self, spaces: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        of_either!(self, stream => (&mut &*stream).read_vectored(spaces)).map_err(timed_out)
    }

    pub(super) fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        of_either!(self, stream => send(stream, slices)).map_err(timed_out)
    }

    pub(super) fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        of_either!(self, stream => stream.set_read_timeout(timeout))
    }

    pub(super) fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        of_either!(self, stream => stream.set_write_timeout(timeout))
    }

    /// Blocking, whatever it was before.
    pub(super) fn set_blocking(&self) -> io::Result<()> {
        of_either!(self, stream => stream.set_nonblocking(false))
    }

    fn shutdown(&self, direction: Shutdown) -> io::Result<()> {
        of_either!(self, stream => stream.shutdown(direction))
    }
}

/// Writes without the signal of a peer that is gone. Rust's runtime has it ignored, but a host of
/// another language may have not, and would end.
#[cfg(all(unix, not(any(target_vendor = "apple", target_os = "redox"))))]
fn send(stream: impl AsFd, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    let slices = slices.get(..MOST_SLICES).unwrap_or(slices);
    let mut nothing = SendAncillaryBuffer::default();
    Ok(sendmsg(stream, slices, &mut nothing, SendFlags::NOSIGNAL)?)
}

/// More at once are an error.
#[cfg(all(unix, not(any(target_vendor = "apple", target_os = "redox"))))]
const MOST_SLICES: usize = 1024;

/// Writes; the socket was told to send [no signal](super::tuning::tune) where one would come.
#[cfg(not(all(unix, not(any(target_vendor = "apple", target_os = "redox")))))]
fn send(mut stream: impl Write, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    stream.write_vectored(slices)
}

/// The socket blocks, so that it only says so after a timeout, on some systems.
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

/// The direction of a connection that comes in.
#[derive(Debug)]
pub struct ReadHalf(Arc<Socket>);

/// The direction of a connection that goes out. Where it is dropped, the peer reads to the end of
/// what was written, and then finds that nothing more comes.
#[derive(Debug)]
pub struct WriteHalf(Arc<Socket>);

impl Socket {
    pub(super) fn into_halves(self) -> (ReadHalf, WriteHalf) {
        let socket = Arc::new(self);
        (ReadHalf(Arc::clone(&socket)), WriteHalf(socket))
    }
}

impl Read for ReadHalf {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.0.read(space)
    }

    /// The end of a buffer and what follows it come with one call.
    fn read_vectored(&mut self, spaces: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        self.0.read_vectored(spaces)
    }
}

impl WriteHalf {
    /// Ends this direction, as dropping it does, or the other, or both: a reader that waits in
    /// another thread then finds the end of the stream.
    ///
    /// # Errors
    ///
    /// Those of the system, such as when there is no connection any more.
    pub fn shutdown(&self, direction: Shutdown) -> io::Result<()> {
        self.0.shutdown(direction)
    }
}

impl Write for WriteHalf {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.write_vectored(slices)
    }

    /// Does nothing: the system holds nothing back.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for WriteHalf {
    fn drop(&mut self) {
        // It fails where the connection is gone, and the peer with it.
        self.shutdown(Shutdown::Write).ok();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn one_call_fills_several_slices() {
        let (here, there) = UnixStream::pair().unwrap();
        let (mut incoming, _outgoing) = Socket::from(here).into_halves();
        (&there).write_all(b"end and what follows").unwrap();
        let (mut first, mut second) = ([0; 3], [0; 100]);
        let mut spaces = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        assert_eq!(incoming.read_vectored(&mut spaces).unwrap(), 20);
        assert_eq!((&first, &second[..17]), (b"end", &b" and what follows"[..]));
    }

    #[test]
    fn more_slices_than_the_system_takes_are_written_in_part() {
        let (here, there) = UnixStream::pair().unwrap();
        let (_incoming, mut outgoing) = Socket::from(here).into_halves();
        let slices: Vec<_> = (0..1500).map(|_| IoSlice::new(b"a")).collect();
        assert_eq!(outgoing.write_vectored(&slices).unwrap(), 1024);
        assert_eq!(outgoing.write_vectored(&[]).unwrap(), 0);
        let mut came = [0; 2000];
        assert_eq!((&there).read(&mut came).unwrap(), 1024);
    }
}
