//! Pairs of connected streams.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    os::{fd::AsFd, unix::net::UnixStream},
};

use rustix::net::sockopt::{set_socket_recv_buffer_size, set_socket_send_buffer_size};

/// One end of a connection.
pub(crate) trait Stream: Read + Write + AsFd + Send {}

impl Stream for UnixStream {}

impl Stream for TcpStream {}

/// Both ends of a connection.
pub(crate) type Pair = (Box<dyn Stream>, Box<dyn Stream>);

/// Unix sockets, as the system makes them: they gain nothing from larger buffers.
pub(crate) fn unix() -> Pair {
    let (here, there) = UnixStream::pair().unwrap();
    (Box::new(here), Box::new(there))
}

/// TCP over the loopback interface, without delay, and with buffers of 256 KiB, which are faster
/// there than those that the system chooses.
pub(crate) fn tcp() -> Pair {
    let (here, there) = connect().unwrap();
    (Box::new(here), Box::new(there))
}

fn connect() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    with_buffers(&listener)?;
    let here = TcpStream::connect(listener.local_addr()?)?;
    let (there, _) = listener.accept()?;
    for stream in [&here, &there] {
        stream.set_nodelay(true)?;
        with_buffers(stream)?;
    }
    Ok((here, there))
}

fn with_buffers(socket: &impl AsFd) -> io::Result<()> {
    set_socket_send_buffer_size(socket, BUFFER)?;
    set_socket_recv_buffer_size(socket, BUFFER)?;
    Ok(())
}

const BUFFER: usize = 256 << 10;
