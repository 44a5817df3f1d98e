//! The bytes of one connection, from the peer to the socket and back.

use std::{io, time::Duration};

use ::tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, copy_buf, split},
    select, time,
};

use super::{Refusal, heads::Heads};

/// Passes bytes on in both directions until one side ends, or the peer sends what `heads` refuse.
pub(super) async fn relay<P, S>(
    peer: P,
    socket: S,
    heads: Heads,
    patience: Duration,
) -> Result<(), Refusal>
where
    P: AsyncRead + AsyncWrite,
    S: AsyncRead + AsyncWrite,
{
    let (from_peer, mut to_peer) = split(peer);
    let (from_socket, to_socket) = split(socket);
    let mut from_socket = BufReader::with_capacity(BLOCK, from_socket);
    select! {
        checked = check(from_peer, to_socket, heads, patience) => checked,
        // Whichever side failed, the connection is over.
        _sent = copy_buf(&mut from_socket, &mut to_peer) => Ok(()),
    }
}

/// Passes on what the peer sends, block by block, each after its heads were looked at.
async fn check<R, W>(
    mut from: R,
    mut to: W,
    mut heads: Heads,
    patience: Duration,
) -> Result<(), Refusal>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let start = time::Instant::now();
    let mut block = vec![0; BLOCK];
    loop {
        let read = from.read(&mut block);
        let read = if heads.has_greeted() {
            read.await
        } else {
            // There may be no instant so far away.
            let left = patience.saturating_sub(start.elapsed());
            let read = time::timeout(left, read).await;
            read.map_err(|_elapsed| Refusal::Silent { waited: patience })?
        };
        let came = match read {
            Ok(len) if len > 0 => block.get(..len).unwrap_or_default(),
            _end => break,
        };
        heads.pass(came)?;
        if to.write_all(came).await.is_err() {
            break;
        }
    }
    let _: io::Result<()> = to.shutdown().await;
    Ok(())
}

/// Bytes that wait in each direction.
const BLOCK: usize = 64 << 10;
