//! What a socket is told before it is used.

use std::{io, net::TcpStream};

use super::{
    options::Options,
    stream::{Kind, Socket},
};

/// Sets what is not about time. Unix sockets are good as they are: larger buffers gain nothing.
pub(super) fn tune(socket: &Socket, options: &Options) -> io::Result<()> {
    socket.set_blocking()?;
    #[cfg(target_vendor = "apple")]
    without_signal(socket)?;
    match &socket.0 {
        #[cfg(unix)]
        Kind::Unix(_) => Ok(()),
        Kind::Tcp(stream) => {
            // The writer puts small messages together itself.
            stream.set_nodelay(true)?;
            match options.tcp_buffers {
                Some(bytes) => set_buffers(stream, bytes),
                None if is_within_host(stream)? => set_buffers(stream, WITHIN_HOST),
                None => Ok(()),
            }
        }
    }
}

/// A peer that is gone is an error, and not a signal too, which ends a process that does not ignore
/// it. Elsewhere each write says so.
#[cfg(target_vendor = "apple")]
fn without_signal(socket: &Socket) -> io::Result<()> {
    use rustix::net::sockopt::set_socket_nosigpipe;
    match &socket.0 {
        Kind::Unix(stream) => set_socket_nosigpipe(stream, true)?,
        Kind::Tcp(stream) => set_socket_nosigpipe(stream, true)?,
    }
    Ok(())
}

/// What the second core reads is still in the cache then.
const WITHIN_HOST: usize = 256 << 10;

fn is_within_host(stream: &TcpStream) -> io::Result<bool> {
    let (here, there) = (stream.local_addr()?.ip(), stream.peer_addr()?.ip());
    Ok(there.to_canonical().is_loopback() || here == there)
}

#[cfg(unix)]
fn set_buffers(stream: &TcpStream, bytes: usize) -> io::Result<()> {
    use rustix::net::sockopt;
    // The system cuts what exceeds its bounds.
    let bytes = bytes.min(1 << 30);
    sockopt::set_socket_send_buffer_size(stream, bytes)?;
    sockopt::set_socket_recv_buffer_size(stream, bytes)?;
    Ok(())
}

/// Elsewhere they stay as they are.
#[cfg(not(unix))]
fn set_buffers(_stream: &TcpStream, _bytes: usize) -> io::Result<()> {
    Ok(())
}
