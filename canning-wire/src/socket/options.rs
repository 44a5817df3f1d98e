//! How connections are made.

use std::time::Duration;

use canning_core::buffer::Pool;

use crate::{frame::FrameOptions, limits::Limits};

/// How connections are made. The defaults are for peers in good faith; a server that faces
/// strangers lowers `limits` and sets the timeouts.
///
/// ```
/// use std::time::Duration;
/// use canning_wire::socket::Options;
///
/// let options = Options { read_timeout: Some(Duration::from_secs(60)), ..Options::default() };
/// assert_eq!(options.write_timeout, None);
/// ```
///
/// Timeouts must not be zero; the system refuses it.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is believed of messages.
    pub limits: Limits,
    /// Memory to read into, which several connections may share. None by default: the first
    /// [`recycle`](crate::socket::Connection::recycle) makes one.
    pub pool: Option<Pool>,
    /// What the frames that are written do for their bytes: checksums, compression. By default
    /// neither. A peer that does not read it is refused with
    /// [`HandshakeError::Unread`](crate::handshake::HandshakeError::Unread). To write what both read
    /// instead, leave this as it is, and give the
    /// [writer](crate::socket::Connection::writer) what was
    /// [agreed](crate::handshake::Agreed::frames). What is read needs no option.
    pub frames: FrameOptions,
    /// How long to wait for the peer's whole hello. Default 10 seconds.
    pub hello_timeout: Duration,
    /// How long to wait for a connection; over TCP for each address that the host's name has.
    /// Default 10 seconds. A Unix socket answers at once, unless so many wait to be accepted that
    /// there is no room for one more: then Linux waits, and others refuse.
    pub connect_timeout: Duration,
    /// How long a read may wait for the next byte. Then it fails with
    /// [`TimedOut`](std::io::ErrorKind::TimedOut), and may be called again. Default: for ever.
    pub read_timeout: Option<Duration>,
    /// How long a write may wait until the peer takes another byte. Default: for ever.
    pub write_timeout: Option<Duration>,
    /// Bytes of the system's buffers of a TCP socket, each direction. By default 256 KiB within
    /// one host, where a transfer of 64 MiB takes half the time with it, as it stays in the
    /// processor's caches; and between hosts what the system finds out, as a fixed size would limit
    /// the bytes on a long way.
    pub tcp_buffers: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            pool: None,
            frames: FrameOptions::new(),
            hello_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            read_timeout: None,
            write_timeout: None,
            tcp_buffers: None,
        }
    }
}
