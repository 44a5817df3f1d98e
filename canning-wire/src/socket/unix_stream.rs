//! Connecting to a Unix socket without waiting for ever.
//!
//! Linux lets who connects wait while the listener's queue is full, by default without a limit.
//! Other systems refuse at once, as if nobody listened.

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) use self::limited::{connect, probe};
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) use self::plain::{connect, probe};

#[cfg(any(target_os = "linux", target_os = "android"))]
mod limited {
    use std::{
        io,
        os::unix::net::UnixStream,
        path::Path,
        time::{Duration, Instant},
    };

    use rustix::{
        io::Errno,
        net::{self, AddressFamily, SocketAddrUnix, SocketFlags, SocketType},
    };

    /// Connects, or fails with [`TimedOut`](io::ErrorKind::TimedOut). The write timeout is another
    /// afterwards.
    pub(in super::super) fn connect(path: &Path, timeout: Duration) -> io::Result<UnixStream> {
        let (start, address, stream) = (Instant::now(), address(path)?, unconnected()?);
        let mut left = timeout;
        loop {
            stream.set_write_timeout(Some(left))?;
            match net::connect(&stream, &address) {
                Ok(()) => return Ok(stream),
                // A signal came: there is no restart of a wait that has a limit.
                Err(Errno::INTR) => left = timeout.saturating_sub(start.elapsed()),
                Err(Errno::AGAIN) => return Err(io::ErrorKind::TimedOut.into()),
                Err(error) => return Err(error.into()),
            }
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }

    /// Connects, and fails with [`WouldBlock`](io::ErrorKind::WouldBlock) where it had to wait.
    pub(in super::super) fn probe(path: &Path) -> io::Result<()> {
        let stream = unconnected()?;
        stream.set_nonblocking(true)?;
        Ok(net::connect(&stream, &address(path)?)?)
    }

    fn unconnected() -> io::Result<UnixStream> {
        let (family, kind) = (AddressFamily::UNIX, SocketType::STREAM);
        Ok(net::socket_with(family, kind, SocketFlags::CLOEXEC, None)?.into())
    }

    fn address(path: &Path) -> io::Result<SocketAddrUnix> {
        // It would be a name that is no file's.
        if path.as_os_str().is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path is empty"));
        }
        Ok(SocketAddrUnix::new(path)?)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod plain {
    use std::{io, os::unix::net::UnixStream, path::Path, time::Duration};

    pub(in super::super) fn connect(path: &Path, _timeout: Duration) -> io::Result<UnixStream> {
        UnixStream::connect(path)
    }

    pub(in super::super) fn probe(path: &Path) -> io::Result<()> {
        UnixStream::connect(path).map(drop)
    }
}
