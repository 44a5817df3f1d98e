//! Between a socket and strangers: nothing is believed beyond the limits.

use std::{env, io, os::unix::net::UnixListener as StdListener, sync::Arc, time::Duration};

use ::tokio::{
    net::{TcpListener, UnixListener},
    task::AbortHandle,
};
use zeromq::{Endpoint, Socket, ZmqError};

pub use self::refusal::Refusal;
use self::{room::Room, watch::Watch};
use super::MultipartError;
use crate::{
    error::{Error, ErrorKind, Result},
    limits::Limits,
};

mod heads;
mod refusal;
mod relay;
mod room;
mod watch;

/// Stands between a socket and strangers, and ends connections that exceed the limits.
///
/// The `zeromq` crate, 0.7, makes room for a part as soon as its head has come. Ten bytes that
/// declare 2⁴⁰ of them end the process. So a socket that strangers can reach, or that connects to
/// one, should do so through a guard: it listens or connects in the place of the socket, and passes
/// the bytes on through a Unix socket in a directory that no other user can enter. It looks at the
/// head of each part that comes before the socket sees it, and keeps none.
///
/// Per connection it reserves 128 KiB, and the socket behind it at most twice
/// [`believed_bytes`](Limits::believed_bytes), and 256 KiB, beyond what has come. What has come of a message
/// is at most [`message_bytes`](Limits::message_bytes); the socket keeps it until it is received.
///
/// | limit | here it bounds |
/// | --- | --- |
/// | [`believed_bytes`](Limits::believed_bytes) | each part |
/// | [`message_bytes`](Limits::message_bytes) | the parts of a message together, with its envelope |
/// | [`objects`](Limits::objects) + [`buffers`](Limits::buffers) | the number of parts, with its envelope |
///
/// The others hold when the message is [unpacked](super::unpack).
///
/// Behind a guard, PULL, SUB and ROUTER sockets can receive from strangers. DEALER, REP, REQ and
/// XSUB sockets cannot: they [suffer](super#what-the-crate-does) from peers that keep to all limits.
///
/// What it does not bound: how many messages a peer sends; how many topics a subscriber asks for,
/// which the socket keeps. And a peer may claim the identity of another.
///
/// When it is dropped, its connections end, and nobody reaches the socket any more. A socket that was
/// [bound](Self::bind) still has its listener, a descriptor, until it is dropped itself, or
/// [unbound](Socket::unbind).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, can_arc, zmq::{self, Guard, GuardOptions}};
/// use zeromq::{PullSocket, PushSocket, Socket};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let limits = Limits { believed_bytes: 1 << 20, message_bytes: 1 << 24, ..Limits::default() };
/// let options = GuardOptions { limits, ..GuardOptions::default() };
/// let mut pull = PullSocket::new();
/// let guard = Guard::bind(&mut pull, "tcp://127.0.0.1:0", options).await?;
///
/// let mut push = PushSocket::new(); // far away
/// push.connect(&guard.endpoint().to_string()).await?;
/// zmq::send(&mut push, can_arc(&Arc::new(5))?.into()).await?;
/// let [five] = zmq::recv(&mut pull, &limits).await?.message.into_array()?;
/// assert_eq!(five.get::<i32, _>()?, 5);
///
/// let numbers = Arc::new(vec![0.5; 1 << 18]); // 2 MiB
/// zmq::send(&mut push, can_arc(&numbers)?.into()).await?;
/// while guard.refused() == 0 {
///     tokio::task::yield_now().await;
/// }
/// let refusal = guard.last_refusal().unwrap();
/// assert_eq!(refusal.to_string(), "a part has 2097152 bytes, above the limit of 1048576");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Guard {
    endpoint: Endpoint,
    watch: Arc<Watch>,
    /// Owns all connections.
    task: AbortHandle,
    _room: Arc<Room>,
}

impl Guard {
    /// Listens in the place of a socket, which then is connected to whoever comes.
    ///
    /// The endpoint is one of TCP, as `tcp://0.0.0.0:5555`; port 0 is any that is free.
    ///
    /// # Errors
    ///
    /// When nothing can listen there, or the socket not in the directory for temporary files.
    ///
    /// # Panics
    ///
    /// Outside of a runtime of tokio's.
    pub async fn bind<S: Socket>(
        socket: &mut S,
        endpoint: &str,
        options: GuardOptions,
    ) -> Result<Self> {
        let (_, (host, port)) = of_tcp(endpoint)?;
        let listener = TcpListener::bind((host.as_str(), port)).await;
        let listener = listener.map_err(|error| failed("listen at", endpoint, error))?;
        let address = listener.local_addr();
        let address = address.map_err(|error| failed("listen at", endpoint, error))?;
        let (room, inside) = Self::inside()?;
        socket.bind_listener(inside).await.map_err(MultipartError::Socket)?;
        let watch = Arc::new(Watch::new(options));
        let task = ::tokio::spawn(Arc::clone(&watch).let_in(listener, Arc::clone(&room)));
        let endpoint = Endpoint::from_tcp_addr(address);
        Ok(Self { endpoint, watch, task: task.abort_handle(), _room: room })
    }

    /// Connects a socket to an endpoint of TCP, as `tcp://example.org:5555`.
    ///
    /// # Errors
    ///
    /// When nobody listens there, which is not waited for, or does not speak ZeroMQ; and when the path of
    /// the directory for temporary files is not UTF-8.
    ///
    /// # Panics
    ///
    /// Outside of a runtime of tokio's.
    pub async fn connect<S: Socket>(
        socket: &mut S,
        endpoint: &str,
        options: GuardOptions,
    ) -> Result<Self> {
        let (endpoint, stranger) = of_tcp(endpoint)?;
        let (room, inside) = Self::inside()?;
        // The socket takes it as text only.
        let Some(path) = room.path().to_str() else {
            let error = io::Error::new(io::ErrorKind::InvalidFilename, "the path is not UTF-8");
            return Err(failed("connect to", &room.path().to_string_lossy(), error));
        };
        let listener = inside.set_nonblocking(true).and_then(|()| UnixListener::from_std(inside));
        let listener = listener.map_err(|error| failed("listen at", path, error))?;
        let watch = Arc::new(Watch::new(options));
        let task = ::tokio::spawn(Arc::clone(&watch).let_out(listener, stranger));
        let guard = Self { endpoint, watch, task: task.abort_handle(), _room: Arc::clone(&room) };
        socket.connect(&format!("ipc://{path}")).await.map_err(MultipartError::Socket)?;
        Ok(guard)
    }

    /// Where it listens, with the port that it was given, or what it is connected to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// How many connections it has refused or ended.
    pub fn refused(&self) -> u64 {
        self.watch.refused().0
    }

    /// Why it ended the last of them.
    pub fn last_refusal(&self) -> Option<Refusal> {
        self.watch.refused().1
    }

    /// A private place, and a listener in it.
    fn inside() -> Result<(Arc<Room>, StdListener)> {
        let made = Room::new().map_err(|error| {
            failed("make a directory in", &env::temp_dir().to_string_lossy(), error)
        })?;
        let path = made.path();
        let listener = StdListener::bind(path);
        let listener =
            listener.map_err(|error| failed("listen at", &path.to_string_lossy(), error))?;
        Ok((Arc::new(made), listener))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a [`Guard`] lets pass.
#[derive(Clone, Copy, Debug)]
pub struct GuardOptions {
    /// What a peer's heads may declare.
    pub limits: Limits,
    /// Connections at a time. Further ones are ended at once. Default 1024.
    pub connections: usize,
    /// For how long a peer's greeting is waited for. Default ten seconds.
    pub patience: Duration,
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self { limits: Limits::default(), connections: 1024, patience: Duration::from_secs(10) }
    }
}

/// An endpoint, its host and its port.
fn of_tcp(endpoint: &str) -> Result<(Endpoint, (String, u16))> {
    match endpoint.parse() {
        Ok(Endpoint::Tcp(host, port)) => {
            let address = (host.to_string(), port);
            Ok((Endpoint::Tcp(host, port), address))
        }
        Ok(_other) => {
            let error = io::Error::new(io::ErrorKind::Unsupported, "a guard speaks TCP");
            Err(failed("guard", endpoint, error))
        }
        Err(error) => Err(MultipartError::Socket(ZmqError::Endpoint(error)).into()),
    }
}

fn failed(tried: &'static str, address: &str, error: io::Error) -> Error {
    Error::new(ErrorKind::Socket { tried, address: address.to_owned(), error }, 0)
}
