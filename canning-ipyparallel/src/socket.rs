//! Sockets of ZeroMQ, each with a task or two that move messages.
//!
//! What `zeromq` does, and what is made of it here:
//!
//! - It makes room for as much as a frame says that it is long, before the frame has come. So a
//!   controller is believed so far; the signature cannot be checked earlier. See the crate's docs.
//! - It copies each frame once on the way out, and reads frames into memory of any alignment.
//! - A DEALER does not connect again. Neither do we: the controller knows a client by its
//!   connection, so answers to an earlier one would not come.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::{sync::mpsc, time};
use zeromq::{
    DealerSocket, Socket, SocketEvent, SocketOptions, SocketRecv, SocketSend, SubSocket, ZmqMessage,
};

use crate::{
    error::{Error, ErrorKind, Result},
    tasks::Tasks,
};

/// What happens on a socket.
#[derive(Debug)]
pub(crate) enum Event {
    /// A message came.
    Message(Vec<Bytes>),
    /// The connection is gone; nothing else will come.
    Lost,
}

/// What is done about it. Called from the socket's own task; must not block.
pub(crate) type Handler = Arc<dyn Fn(Event) + Send + Sync>;

/// Where messages are left to be sent. They wait there without bound.
#[derive(Debug, Clone)]
pub(crate) struct Outbox(mpsc::UnboundedSender<Vec<Bytes>>);

impl Outbox {
    /// Leaves a message. Where the connection is gone, it is dropped: [`Event::Lost`] tells.
    pub(crate) fn leave(&self, frames: Vec<Bytes>) {
        let _ = self.0.send(frames);
    }
}

/// Connects a DEALER, for requests and their answers.
pub(crate) async fn connect_dealer(
    endpoint: &str,
    within: Duration,
    tasks: &Tasks,
    handler: Handler,
) -> Result<Outbox> {
    let mut socket = DealerSocket::with_options(options(within));
    let mut events = socket.monitor();
    connect(&mut socket, endpoint, within).await?;
    let (mut sender, mut receiver) = socket.split();
    let (outbox, mut inbox) = mpsc::unbounded_channel::<Vec<Bytes>>();
    tasks.spawn(async move {
        while let Some(frames) = inbox.recv().await {
            // No message is empty, and where the connection is gone the receiver notices.
            let Ok(message) = ZmqMessage::try_from(frames) else { continue };
            if sender.send(message).await.is_err() {
                return;
            }
        }
    });
    tasks.spawn(async move {
        loop {
            tokio::select! {
                message = receiver.recv() => match message {
                    Ok(message) => handler(Event::Message(message.into_vec())),
                    Err(_) => return handler(Event::Lost),
                },
                event = events.next() => {
                    if matches!(event, None | Some(SocketEvent::Disconnected(_))) {
                        return handler(Event::Lost);
                    }
                }
            }
        }
    });
    Ok(Outbox(outbox))
}

/// Connects a SUB, for whatever the other side publishes.
pub(crate) async fn connect_subscriber(
    endpoint: &str,
    within: Duration,
    tasks: &Tasks,
    handler: Handler,
) -> Result<()> {
    let mut socket = SubSocket::with_options(options(within));
    let mut events = socket.monitor();
    connect(&mut socket, endpoint, within).await?;
    socket.subscribe("").await.map_err(|source| not_connected(endpoint, source))?;
    tasks.spawn(async move {
        loop {
            tokio::select! {
                message = socket.recv() => match message {
                    Ok(message) => handler(Event::Message(message.into_vec())),
                    Err(_) => return handler(Event::Lost),
                },
                event = events.next() => {
                    if matches!(event, None | Some(SocketEvent::Disconnected(_))) {
                        return handler(Event::Lost);
                    }
                }
            }
        }
    });
    Ok(())
}

async fn connect<S: Socket>(socket: &mut S, endpoint: &str, within: Duration) -> Result<()> {
    let connected = time::timeout(within, socket.connect(endpoint)).await;
    match connected {
        Ok(connected) => connected.map_err(|source| not_connected(endpoint, source)),
        Err(elapsed) => Err(not_connected(endpoint, elapsed)),
    }
}

fn not_connected(
    endpoint: &str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    ErrorKind::Connect { endpoint: endpoint.to_owned(), source: source.into() }.into()
}

/// Reads in larger steps than usual, as there are large arrays to come.
fn options(within: Duration) -> SocketOptions {
    let mut options = SocketOptions::default();
    options.connect_timeout(within).read_buffer(READ_AT_FIRST, READ_AT_MOST, SHORT_READS);
    options
}

const READ_AT_FIRST: usize = 4 << 10;
const READ_AT_MOST: usize = 256 << 10;
const SHORT_READS: usize = 2;
