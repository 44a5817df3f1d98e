//! The two kinds of sockets between the processes.

use std::{
    fmt, io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixStream},
};

use canning_wire::socket::Socket;

use super::error::{Error, Result};

/// What connects the processes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Transport {
    #[default]
    Unix,
    Tcp,
}

impl Transport {
    /// Reads the name that a user gives it.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "unix" => Some(Self::Unix),
            "tcp" => Some(Self::Tcp),
            _ => None,
        }
    }

    /// What [`parse`](Self::parse) reads.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::Tcp => "tcp",
        }
    }

    /// Two ends that are connected: one for here, one for another process to inherit. Nobody else
    /// can come between them.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(super) fn pair(self) -> Result<(Socket, OwnedFd)> {
        match self {
            Self::Unix => {
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

    /// The socket that was inherited.
    pub(super) fn inherited(self, end: OwnedFd) -> Socket {
        match self {
            Self::Unix => UnixStream::from(end).into(),
            Self::Tcp => TcpStream::from(end).into(),
        }
    }
}

/// As a sentence names it.
impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unix => "a Unix socket",
            Self::Tcp => "a TCP socket",
        })
    }
}
