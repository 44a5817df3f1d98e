//! Waiting for connections.

use std::{
    io,
    net::{TcpListener, ToSocketAddrs},
};

#[cfg(unix)]
use super::unix_path::BoundPath;
use super::{address::Address, connection::Connection, options::Options, stream::Socket};
use crate::error::{Error, ErrorKind, Result};

/// Waits for connections.
///
/// A Unix listener makes a socket file, and removes it when it is dropped. One that a process
/// left behind when it was killed is replaced, but only when nobody listens there, and only where
/// the directory can be locked, for which it must be readable. Who may
/// connect is what the permissions of its directory say.
///
/// # Examples
///
/// ```
/// use std::thread;
/// use canning_core::CannedObject;
/// use canning_wire::{can, socket::{Connection, Listener, Options}};
///
/// let options = Options::default();
/// let listener = Listener::bind(&"tcp:localhost:0".parse()?, &options)?;
/// let address = listener.address().clone();
/// thread::scope(|scope| {
///     scope.spawn(|| {
///         let mut connection = listener.accept()?.handshake()?;
///         connection.write_message(&can("welcome")?.into())?;
///         connection.finish()
///     });
///     let mut connection = Connection::connect(&address, &options)?;
///     let message = connection.read_message()?.expect("a welcome");
///     assert_eq!(message.objects()[0].get::<&str, _>()?, "welcome");
///     assert!(connection.read_message()?.is_none());
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Listener {
    kind: Kind,
    address: Address,
    options: Options,
}

#[derive(Debug)]
enum Kind {
    #[cfg(unix)]
    Unix(BoundPath),
    Tcp(TcpListener),
}

/// A connection that was made, and has not greeted yet.
#[derive(Debug)]
#[must_use = "the peer waits for the handshake"]
pub struct Incoming {
    socket: Socket,
    options: Options,
}

impl Listener {
    /// Listens at an address. The options hold for the connections.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Socket`], mostly because somebody listens there already.
    pub fn bind(address: &Address, options: &Options) -> Result<Self> {
        let (kind, address) = listen(address).map_err(|error| {
            let address = address.to_string();
            Error::new(ErrorKind::Socket { tried: "listen on", address, error }, 0)
        })?;
        Ok(Self { kind, address, options: options.clone() })
    }

    /// Where it listens, with the port that the system chose for port 0.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Waits for the next connection. It does not wait for a word of it: that is
    /// [`Incoming::handshake`], which belongs into the thread that serves the connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Socket`] when the system fails, as by too many open files. It may be called
    /// again.
    pub fn accept(&self) -> Result<Incoming> {
        loop {
            match self.accept_socket() {
                Ok(socket) => return Ok(Incoming { socket, options: self.options.clone() }),
                // A peer that went before it was accepted.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    let (tried, address) = ("accept a connection on", self.address.to_string());
                    return Err(Error::new(ErrorKind::Socket { tried, address, error }, 0));
                }
            }
        }
    }

    fn accept_socket(&self) -> io::Result<Socket> {
        match &self.kind {
            #[cfg(unix)]
            Kind::Unix(bound) => Ok(bound.listener().accept()?.0.into()),
            Kind::Tcp(listener) => Ok(listener.accept()?.0.into()),
        }
    }
}

impl Incoming {
    /// Greets the peer.
    ///
    /// # Errors
    ///
    /// As [`Connection::over`].
    pub fn handshake(self) -> Result<Connection> {
        Connection::over(self.socket, &self.options)
    }
}

#[cfg(unix)]
fn listen(address: &Address) -> io::Result<(Kind, Address)> {
    match address {
        Address::Unix(path) => Ok((Kind::Unix(BoundPath::bind(path)?), address.clone())),
        Address::Tcp { host, port } => listen_tcp(host, *port),
    }
}

#[cfg(not(unix))]
fn listen(address: &Address) -> io::Result<(Kind, Address)> {
    match address {
        Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        Address::Tcp { host, port } => listen_tcp(host, *port),
    }
}

fn listen_tcp(host: &str, port: u16) -> io::Result<(Kind, Address)> {
    let addresses: Vec<_> = (host, port).to_socket_addrs()?.collect();
    let listener = TcpListener::bind(addresses.as_slice())?;
    let bound = listener.local_addr()?;
    let address = Address::Tcp { host: bound.ip().to_string(), port: bound.port() };
    Ok((Kind::Tcp(listener), address))
}
