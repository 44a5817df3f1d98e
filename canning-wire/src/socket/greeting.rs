//! The handshake on a socket.

use std::{
    io::{ErrorKind as IoKind, IoSlice},
    time::{Duration, Instant},
};

use super::{options::Options, stream::Socket};
use crate::{
    error::{Error, ErrorKind, Result},
    handshake::{Agreed, Handshake, HandshakeError, Hello},
};

/// Says hello, and waits for the peer's, as long as the options allow in all. Reads nothing
/// beyond it. The socket's timeouts are others afterwards.
pub(crate) fn greet(socket: &Socket, options: &Options) -> Result<Agreed> {
    let start = Instant::now();
    let mut handshake = Handshake::new(Hello::default());
    send(socket, options, &mut handshake)?;
    receive(socket, options, start, &mut handshake)
}

fn send(socket: &Socket, options: &Options, handshake: &mut Handshake) -> Result<()> {
    socket.set_write_timeout(Some(options.hello_timeout)).map_err(io_error)?;
    while !handshake.unsent().is_empty() {
        match socket.write_vectored(&[IoSlice::new(handshake.unsent())]) {
            Ok(0) => return Err(io_error(IoKind::WriteZero.into())),
            Ok(len) => handshake.advance(len),
            Err(error) => match error.kind() {
                IoKind::Interrupted => {}
                // What the peer said before it went may tell why.
                IoKind::BrokenPipe | IoKind::ConnectionReset => return Ok(()),
                _ => return Err(io_error(error)),
            },
        }
    }
    Ok(())
}

fn receive(
    socket: &Socket,
    options: &Options,
    start: Instant,
    handshake: &mut Handshake,
) -> Result<Agreed> {
    loop {
        let left = options.hello_timeout.saturating_sub(start.elapsed());
        // What has come is read, however late this thread gets to look at it.
        socket.set_read_timeout(Some(left.max(LEAST))).map_err(io_error)?;
        match socket.read(handshake.space()) {
            Ok(0) => return Err(handshake.ended().into()),
            Ok(len) => {
                if let Some(agreed) = handshake.fill(len)? {
                    return Ok(agreed);
                }
            }
            Err(error) => match error.kind() {
                IoKind::Interrupted | IoKind::TimedOut if left.is_zero() => {
                    let read = handshake.bytes_read();
                    let waited = options.hello_timeout;
                    return Err(HandshakeError::Silent { read, waited }.into());
                }
                IoKind::Interrupted | IoKind::TimedOut => {}
                IoKind::BrokenPipe | IoKind::ConnectionReset => {
                    return Err(handshake.ended().into());
                }
                _ => return Err(io_error(error)),
            },
        }
    }
}

pub(super) fn io_error(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io(error), 0)
}

/// No wait at all cannot be asked for.
const LEAST: Duration = Duration::from_millis(1);
