//! Sockets of ZeroMQ, each with two tasks that move messages.
//!
//! None connects again: the controller knows a client by its connection, so answers to an
//! earlier one would not come.

use std::{future, io, sync::Arc, time::Duration};

use tokio::{sync::mpsc, time};

use crate::{
    error::{ErrorKind, Result},
    tasks::Tasks,
    zmtp::{self, Message, Receiver, Sender, SocketType},
};

/// What happens on a socket.
#[derive(Debug)]
pub(crate) enum Event {
    /// A message came.
    Message(Message),
    /// The connection is gone; nothing else will come. Why, unless the other side ended it.
    Lost(Option<Arc<zmtp::Error>>),
}

/// What is done about it. Called from the socket's own task; must not block.
pub(crate) type Handler = Arc<dyn Fn(Event) + Send + Sync>;

/// Where messages are left to be sent. They wait there without bound.
#[derive(Debug, Clone)]
pub(crate) struct Outbox(mpsc::UnboundedSender<Message>);

impl Outbox {
    /// Leaves a message. Where the connection is gone, it is dropped: [`Event::Lost`] tells.
    pub(crate) fn leave(&self, message: Message) {
        let _ = self.0.send(message);
    }
}

/// How sockets are connected, and who runs their tasks.
#[derive(Debug)]
pub(crate) struct Transport<'t> {
    pub(crate) options: zmtp::Options,
    pub(crate) tasks: &'t Tasks,
}

/// Connects a DEALER, for requests and their answers.
pub(crate) async fn connect_dealer(
    endpoint: &str,
    transport: &Transport<'_>,
    handler: Handler,
) -> Result<Outbox> {
    connect(endpoint, &SocketType::dealer(), transport, handler).await
}

/// Connects a SUB, for whatever the other side publishes.
pub(crate) async fn connect_subscriber(
    endpoint: &str,
    transport: &Transport<'_>,
    handler: Handler,
) -> Result<()> {
    connect(endpoint, &SocketType::Subscriber, transport, handler).await?;
    Ok(())
}

async fn connect(
    endpoint: &str,
    socket_type: &SocketType,
    transport: &Transport<'_>,
    handler: Handler,
) -> Result<Outbox> {
    let Transport { options, tasks } = transport;
    let connected = connect_once_it_listens(endpoint, socket_type, options).await;
    let (sender, receiver) = connected.map_err(|source| ErrorKind::Connect {
        endpoint: endpoint.to_owned(),
        source: Box::new(source),
    })?;
    let (outbox, inbox) = mpsc::unbounded_channel();
    let lost = Arc::clone(&handler);
    tasks.spawn(async move {
        if let Err(error) = send(sender, inbox).await {
            lost(Event::Lost(Some(Arc::new(error))));
        }
    });
    tasks.spawn(async move {
        let reason = receive(receiver, &handler).await.err();
        handler(Event::Lost(reason.map(Arc::new)));
    });
    Ok(Outbox(outbox))
}

/// Connects; tries again while nobody listens, as libzmq does: a controller writes its file
/// before its schedulers have started.
async fn connect_once_it_listens(
    endpoint: &str,
    socket_type: &SocketType,
    options: &zmtp::Options,
) -> Result<(Sender, Receiver), zmtp::Error> {
    // No end where it is further away than time goes.
    let end = time::Instant::now().checked_add(options.connect_timeout);
    loop {
        match zmtp::connect(endpoint, socket_type, options).await {
            Err(zmtp::Error::Io(source))
                if source.kind() == io::ErrorKind::ConnectionRefused
                    && end.is_none_or(|end| time::Instant::now() + TRY_AGAIN < end) =>
            {
                time::sleep(TRY_AGAIN).await;
            }
            outcome => return outcome,
        }
    }
}

/// Hands on what comes, until nothing will.
async fn receive(mut receiver: Receiver, handler: &Handler) -> Result<(), zmtp::Error> {
    while let Some(message) = receiver.receive().await? {
        handler(Event::Message(message));
    }
    Ok(())
}

/// Sends what is left in the outbox: what waits there leaves together.
async fn send(
    mut sender: Sender,
    mut inbox: mpsc::UnboundedReceiver<Message>,
) -> Result<(), zmtp::Error> {
    loop {
        tokio::select! {
            Some(message) = inbox.recv() => sender.push(message),
            ended = sender.idle() => {
                ended?;
                // The receiver is gone, and has told.
                return future::pending().await;
            }
        }
        while !sender.is_full()
            && let Ok(message) = inbox.try_recv()
        {
            sender.push(message);
        }
        sender.flush().await?;
    }
}

/// The time between two tries to connect.
const TRY_AGAIN: Duration = Duration::from_millis(100);
