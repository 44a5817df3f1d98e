//! Messages over the sockets of the `zeromq` crate.

use zeromq::{
    DealerRecvHalf, DealerSendHalf, DealerSocket, PubSocket, PullSocket, PushSocket, RepSocket,
    ReqSocket, RouterRecvHalf, RouterSendHalf, RouterSocket, SocketRecv, SocketSend, SubSocket,
    ZmqMessage,
};

use super::{Copies, Envelope, MultipartError, Received, pack, unpack};
use crate::{error::Result, limits::Limits, message::Message};

/// Sockets whose messages have no envelope: PUSH, PULL, DEALER, REQ, REP.
///
/// A type that wraps one may implement it as well.
pub trait Plain {}

/// Sockets whose messages have an address in front: ROUTER the identity of a peer, PUB and SUB a
/// topic.
///
/// A type that wraps one may implement it as well.
pub trait Addressed {
    /// Whether an empty part may stand behind the address: a REQ socket sends it, and wants it in
    /// front of the answer.
    const MAY_DELIMIT: bool;
}

/// Sends a message.
///
/// Gives what of it was copied, as [`pack`] does. The socket has only queued it then.
///
/// If the future is dropped before it is ready, the message may be lost, and of a REQ or REP socket
/// the turn to send.
///
/// # Errors
///
/// - As [`pack`].
/// - [`MultipartError::Socket`] when the socket cannot send, such as without a peer.
pub async fn send<S>(socket: &mut S, message: Message<'static>) -> Result<Copies>
where
    S: SocketSend + Plain + ?Sized,
{
    send_parts(socket, message, Envelope::none()).await
}

/// Sends a message behind an envelope: to a ROUTER's peer, or of a topic.
///
/// Gives what of it was copied, as [`pack`] does. The socket has only queued it then, and a PUB
/// socket may have dropped it. If the future is dropped before it is ready, the message may be lost.
///
/// # Errors
///
/// As [`send()`]; and when a ROUTER does not know the identity.
pub async fn send_to<S>(
    socket: &mut S,
    envelope: impl Into<Envelope> + Send,
    message: Message<'static>,
) -> Result<Copies>
where
    S: SocketSend + Addressed + ?Sized,
{
    send_parts(socket, message, envelope.into()).await
}

/// Receives a message.
///
/// It may be dropped before it is ready, and nothing is lost.
///
/// # Errors
///
/// - As [`unpack`]. The message is gone; the next call receives the next one.
/// - [`MultipartError::Socket`] when a peer sent something that is not ZeroMQ, or went away within
///   a message. It ends that peer, not the socket: the next call receives from the others. But
///   DEALER, REP and REQ sockets may [give it again and again](super#what-the-crate-does).
pub async fn recv<S>(socket: &mut S, limits: &Limits) -> Result<Received>
where
    S: SocketRecv + Plain + ?Sized,
{
    let parts = recv_parts(socket).await?;
    unpack(parts, 0, limits)
}

/// Receives a message behind an envelope: from a ROUTER's peer, or of a topic.
///
/// It may be dropped before it is ready, and nothing is lost.
///
/// # Errors
///
/// As [`recv`].
pub async fn recv_from<S>(socket: &mut S, limits: &Limits) -> Result<Received>
where
    S: SocketRecv + Addressed + ?Sized,
{
    let parts = recv_parts(socket).await?;
    let is_delimited = S::MAY_DELIMIT && parts.len() > 2;
    let is_delimited = is_delimited && parts.get(1).is_some_and(|part| part.is_empty());
    unpack(parts, 1 + usize::from(is_delimited), limits)
}

async fn send_parts<S>(
    socket: &mut S,
    message: Message<'static>,
    envelope: Envelope,
) -> Result<Copies>
where
    S: SocketSend + ?Sized,
{
    let packed = pack(message, envelope)?;
    socket.send(packed.message).await.map_err(MultipartError::Socket)?;
    Ok(packed.copies)
}

async fn recv_parts<S>(socket: &mut S) -> Result<ZmqMessage>
where
    S: SocketRecv + ?Sized,
{
    Ok(socket.recv().await.map_err(MultipartError::Socket)?)
}

impl Plain for PushSocket {}
impl Plain for PullSocket {}
impl Plain for DealerSocket {}
impl Plain for DealerSendHalf {}
impl Plain for DealerRecvHalf {}
impl Plain for ReqSocket {}
impl Plain for RepSocket {}

impl Addressed for RouterSocket {
    const MAY_DELIMIT: bool = true;
}

impl Addressed for RouterSendHalf {
    const MAY_DELIMIT: bool = true;
}

impl Addressed for RouterRecvHalf {
    const MAY_DELIMIT: bool = true;
}

impl Addressed for PubSocket {
    const MAY_DELIMIT: bool = false;
}

impl Addressed for SubSocket {
    const MAY_DELIMIT: bool = false;
}
