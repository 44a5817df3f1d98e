//! Connected sockets of each kind.

use std::{
    fs::File,
    net::{TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixStream},
};

use canning_wire::socket::Socket;

/// Both ends of a Unix socket, and of a TCP socket.
pub fn pairs() -> [(Socket, Socket); 2] {
    of_each_kind()
}

/// The same, of which the other end belongs to a peer that sends what it likes.
pub fn raw_pairs() -> [(Socket, File); 2] {
    of_each_kind::<_, OwnedFd>().map(|(here, there)| (here, there.into()))
}

fn of_each_kind<H, T>() -> [(H, T); 2]
where
    H: From<UnixStream> + From<TcpStream>,
    T: From<UnixStream> + From<TcpStream>,
{
    let (here, there) = UnixStream::pair().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connected = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    [(here.into(), there.into()), (connected.into(), accepted.into())]
}
