//! The handshake on an asynchronous stream.

use std::io::{self, ErrorKind as IoKind};

use ::tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::{
    error::{Error, ErrorKind, Result},
    handshake::{Agreed, Handshake, Hello},
};

/// Says hello and hears the peer's, before the first message: what the connections of `socket` do.
/// Reads nothing beyond it.
///
/// It waits as long as the peer is silent: a server puts a timeout around it. When it is dropped
/// before it is ready, the stream is of no use any more.
///
/// # Errors
///
/// [`ErrorKind::Handshake`] when the peer speaks something else, no common version or flags, or ends
/// before; and [`ErrorKind::Io`].
///
/// # Examples
///
/// ```
/// use canning_wire::{handshake::Hello, tokio::greet};
/// use tokio::io::duplex;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (mut here, mut there) = duplex(1024); // or a socket
/// let (ours, theirs) = (Hello::default(), Hello::default());
/// let (here, there) = tokio::join!(greet(&mut here, ours), greet(&mut there, theirs));
/// assert_eq!(here?, there?);
/// # Ok(())
/// # }
/// ```
pub async fn greet<S>(stream: &mut S, hello: Hello) -> Result<Agreed>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let io = |error| Error::new(ErrorKind::Io(error), 0);
    let mut handshake = Handshake::new(hello);
    match say(stream, &mut handshake).await {
        // What the peer said before it went may tell why.
        Err(error) if matches!(error.kind(), IoKind::BrokenPipe | IoKind::ConnectionReset) => {}
        said => said.map_err(io)?,
    }
    loop {
        let len = stream.read(handshake.space()).await.map_err(io)?;
        if len == 0 {
            return Err(handshake.ended().into());
        }
        if let Some(agreed) = handshake.fill(len)? {
            return Ok(agreed);
        }
    }
}

async fn say<S>(stream: &mut S, handshake: &mut Handshake) -> io::Result<()>
where
    S: AsyncWrite + Unpin,
{
    while !handshake.unsent().is_empty() {
        match stream.write(handshake.unsent()).await? {
            0 => return Err(IoKind::WriteZero.into()),
            len => handshake.advance(len),
        }
    }
    stream.flush().await
}
