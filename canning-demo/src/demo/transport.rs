//! What connects the processes.

use std::{
    fmt, io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixStream},
};

use super::{
    error::{Error, Result},
    link::{FileLink, Link, StreamLink, ZmqLink},
    origin::Origin,
    protocol::Hold,
};

/// What connects the processes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Transport {
    #[default]
    Unix,
    Tcp,
    /// Files that are appended to.
    File,
    /// Arrays that stay in sealed shared memory.
    Shm,
    /// Sockets of ZeroMQ.
    Zmq,
}

impl Transport {
    /// Reads the name that a user gives it.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.name() == name)
    }

    /// What [`parse`](Self::parse) reads.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::Tcp => "tcp",
            Self::File => "file",
            Self::Shm => "shm",
            Self::Zmq => "zmq",
        }
    }

    /// Refuses what this system does not have.
    ///
    /// # Errors
    ///
    /// [`Error::NotHere`].
    pub(super) fn check(self, has_shm: bool) -> Result<()> {
        match self {
            Self::Shm if !has_shm => Err(Error::NotHere(self)),
            _ => Ok(()),
        }
    }

    /// Two ends of a socket that are connected: one for here, one for another process to inherit.
    /// Nobody else can come between them.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(super) fn pair(self) -> Result<(OwnedFd, OwnedFd)> {
        match self {
            Self::Unix | Self::File | Self::Shm | Self::Zmq => {
                let (here, there) = UnixStream::pair()?;
                Ok((here.into(), there.into()))
            }
            Self::Tcp => {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
                let here = TcpStream::connect(listener.local_addr()?)?;
                let (there, from) = listener.accept()?;
                if from != here.local_addr()? {
                    return Err(Error::Io(io::Error::other("another process has connected")));
                }
                Ok((here.into(), there.into()))
            }
        }
    }

    /// Greets the other process, which does the same with the other end.
    ///
    /// # Errors
    ///
    /// When it does not greet.
    pub(super) fn link(self, end: OwnedFd) -> Result<Box<dyn Link>> {
        Ok(match self {
            Self::Unix => Box::new(StreamLink::over(UnixStream::from(end).into())?),
            Self::Tcp => Box::new(StreamLink::over(TcpStream::from(end).into())?),
            Self::File => Box::new(FileLink::over(end.into())?),
            Self::Zmq => Box::new(ZmqLink::over(end.into())?),
            #[cfg(target_os = "linux")]
            Self::Shm => Box::new(super::link::ShmLink::over(end.into())?),
            #[cfg(not(target_os = "linux"))]
            Self::Shm => return Err(Error::NotHere(self)),
        })
    }

    /// Where the arrays that it sends are to be made.
    pub(super) fn origin(self) -> Origin {
        match self {
            Self::Unix | Self::Tcp | Self::File => Origin::Heap,
            Self::Shm => Origin::Arena,
            Self::Zmq => Origin::Shared,
        }
    }

    /// How the worker is to hold a long array.
    pub(super) fn hold(self) -> Hold {
        match self {
            Self::Unix | Self::Tcp | Self::File => Hold::Owned,
            Self::Shm | Self::Zmq => Hold::Viewed,
        }
    }

    /// Whether long arrays can be received into the memory of earlier ones. The reader of a file
    /// can do it, too; but a long array has a file, and a reader, of its own.
    pub(super) fn recycles(self) -> bool {
        matches!(self, Self::Unix | Self::Tcp)
    }

    /// The way that an array takes, in a sentence.
    pub(super) fn way(self) -> &'static str {
        match self {
            Self::Unix => "over a Unix socket",
            Self::Tcp => "over a TCP socket",
            Self::File => "through a file",
            Self::Shm => "in shared memory",
            Self::Zmq => "over ZeroMQ",
        }
    }

    /// What the worker does to have an array, and what the system does for it.
    pub(super) fn reading(self) -> &'static str {
        match self {
            Self::Unix | Self::Tcp => "the worker's reading; the socket copies twice",
            Self::File => "the worker's reading; the system copies twice",
            Self::Shm => "the worker's mapping; nothing copies",
            Self::Zmq => "the worker's reading, in its socket",
        }
    }

    /// What the table's column of this name counts.
    pub(super) fn copied_here(self) -> &'static str {
        match self {
            Self::Unix | Self::Tcp | Self::File => {
                "bytes of the header, and of rows too short to be sent one by one"
            }
            Self::Shm => "bytes of the header, and of arrays with gaps, which go over a socket",
            Self::Zmq => {
                "bytes of the header, and of what is borrowed; the zeromq crate copies all again"
            }
        }
    }

    const ALL: [Self; 5] = [Self::Unix, Self::Tcp, Self::File, Self::Shm, Self::Zmq];
}

/// As a sentence names it.
impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unix => "a Unix socket",
            Self::Tcp => "a TCP socket",
            Self::File => "a file for each direction",
            Self::Shm => "shared memory",
            Self::Zmq => "ZeroMQ",
        })
    }
}

/// Whether this system can seal memory.
pub(super) const HAS_SHM: bool = cfg!(target_os = "linux");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for transport in Transport::ALL {
            assert_eq!(Transport::parse(transport.name()), Some(transport));
        }
        assert_eq!(Transport::parse("udp"), None);
    }

    #[test]
    fn shared_memory_is_refused_where_memory_cannot_be_sealed() {
        Transport::ALL.iter().for_each(|transport| transport.check(true).unwrap());
        Transport::File.check(false).unwrap();
        let error = Transport::Shm.check(false).unwrap_err().line();
        assert_eq!(error, "--transport shm needs Linux: other systems cannot seal memory");
    }
}
