//! A connection over TCP, as two halves.

use std::{io, sync::Arc};

use tokio::{
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    time,
};

use super::{
    command::{self, Command, MAX_IDENTITY},
    decoder::{Decoder, Item, Message},
    encoder::Encoder,
    error::Error,
    greeting,
    options::{Options, SocketType},
};

/// Connects to a socket of ZeroMQ that listens at `tcp://host:port`.
///
/// A [`Subscriber`](SocketType::Subscriber) has subscribed to everything then.
///
/// # Errors
///
/// Whatever is in the way, and [`Error::TimedOut`] after the time that the options say.
pub async fn connect(
    endpoint: &str,
    socket_type: &SocketType,
    options: &Options,
) -> Result<(Sender, Receiver), Error> {
    let connected = time::timeout(options.connect_timeout, async {
        let stream = TcpStream::connect(address(endpoint)?).await?;
        // Messages are written as a whole: there is nothing to wait for.
        stream.set_nodelay(true)?;
        let minor = greet(&stream).await?;
        let (reader, writer) = stream.into_split();
        let (pongs, pings) = mpsc::channel(PINGS);
        let decoder = Decoder::new(options.limits, Arc::clone(&options.placing));
        let mut receiver = Receiver { reader, decoder, pongs };
        let mut sender = Sender { writer, encoder: Encoder::default(), pings, failed: false };
        if socket_type.identity().len() > MAX_IDENTITY {
            return Err(Error::Malformed("an identity of at most 255 bytes"));
        }
        sender.encoder.push_bytes(&command::ready(socket_type));
        sender.flush().await?;
        receiver.meet(socket_type).await?;
        if *socket_type == SocketType::Subscriber {
            sender.encoder.push_bytes(&command::subscribe(minor));
            sender.flush().await?;
        }
        Ok((sender, receiver))
    });
    connected.await.unwrap_or(Err(Error::TimedOut))
}

/// The half of a connection that receives.
#[derive(Debug)]
pub struct Receiver {
    reader: OwnedReadHalf,
    decoder: Decoder,
    pongs: mpsc::Sender<Vec<u8>>,
}

impl Receiver {
    /// The next message; `None` where the other side has ended the connection after one.
    ///
    /// Nothing is lost when this is cancelled. Each frame is in memory of its own: a long one is
    /// read into it without another copy.
    ///
    /// # Errors
    ///
    /// When the connection fails, or what comes is no message within the limits. The connection
    /// is of no use then.
    pub async fn receive(&mut self) -> Result<Option<Message>, Error> {
        while let Some(item) = self.item().await? {
            match item {
                Item::Message(message) => return Ok(Some(message)),
                Item::Command(body) => match Command::parse(&body)? {
                    // Where some wait to be sent already, they will do.
                    Command::Ping(context) => drop(self.pongs.try_send(command::pong(context))),
                    Command::Error(reason) => return Err(refused(reason)),
                    Command::Ready(_) => return Err(Error::Malformed("no other READY")),
                    Command::Other => {}
                },
            }
        }
        Ok(None)
    }

    /// Waits until the other side says who it is.
    async fn meet(&mut self, socket_type: &SocketType) -> Result<(), Error> {
        let Some(item) = self.item().await? else { return Err(ended()) };
        let Item::Command(body) = item else { return Err(Error::Malformed("READY")) };
        match Command::parse(&body)? {
            Command::Ready(ready) if socket_type.goes_with(ready.socket_type) => Ok(()),
            Command::Ready(ready) => {
                Err(Error::SocketType(ready.socket_type.escape_ascii().to_string()))
            }
            Command::Error(reason) => Err(refused(reason)),
            Command::Ping(_) | Command::Other => Err(Error::Malformed("READY")),
        }
    }

    async fn item(&mut self) -> Result<Option<Item>, Error> {
        loop {
            if let Some(item) = self.decoder.next()? {
                return Ok(Some(item));
            }
            self.reader.readable().await?;
            match self.reader.try_read_vectored(&mut self.decoder.spaces()) {
                Ok(0) if self.decoder.is_between_messages() => return Ok(None),
                Ok(0) => return Err(ended()),
                Ok(len) => self.decoder.fill(len)?,
                Err(error) if is_transient(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The half of a connection that sends, and answers pings as long as it is [flushed](Self::flush)
/// or [idle](Self::idle).
#[derive(Debug)]
pub struct Sender {
    writer: OwnedWriteHalf,
    encoder: Encoder,
    pings: mpsc::Receiver<Vec<u8>>,
    failed: bool,
}

impl Sender {
    /// Adds a message to what is written next. One without frames is left out.
    pub fn push(&mut self, message: Message) {
        self.encoder.push(message);
    }

    /// Whether so much waits that it should be [flushed](Self::flush) before more is added.
    pub fn is_full(&self) -> bool {
        self.encoder.is_full()
    }

    /// Writes all that was added.
    ///
    /// When this is cancelled, the next call goes on where it was.
    ///
    /// # Errors
    ///
    /// When the connection fails; and [`Error::Poisoned`] ever after, as it is not known what the
    /// other side has got.
    pub async fn flush(&mut self) -> Result<(), Error> {
        if self.failed {
            return Err(Error::Poisoned);
        }
        while let Ok(pong) = self.pings.try_recv() {
            self.encoder.push_bytes(&pong);
        }
        while !self.encoder.is_empty() {
            let Self { writer, encoder, .. } = self;
            let written = match writer.writable().await {
                Ok(()) => encoder.write(|slices| writer.try_write_vectored(slices)),
                Err(error) => Err(error),
            };
            match written {
                Err(error) if !is_transient(&error) => {
                    self.failed = true;
                    return Err(error.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Answers pings, until the other half is gone. It may be cancelled at any time.
    ///
    /// # Errors
    ///
    /// As [`flush`](Self::flush).
    pub async fn idle(&mut self) -> Result<(), Error> {
        while let Some(pong) = self.pings.recv().await {
            self.encoder.push_bytes(&pong);
            self.flush().await?;
        }
        Ok(())
    }

    /// The bytes of frames that were copied to be sent, of all messages so far: those of short
    /// frames, and of strided arrays whose rows are short.
    pub fn copied(&self) -> u64 {
        self.encoder.copied()
    }
}

/// Says the greetings; gives the minor version of the other side.
async fn greet(stream: &TcpStream) -> Result<u8, Error> {
    let mut ours = &greeting::OURS[..];
    while !ours.is_empty() {
        stream.writable().await?;
        match stream.try_write(ours) {
            Ok(len) => ours = ours.get(len..).unwrap_or_default(),
            Err(error) if is_transient(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut theirs = [0; greeting::LEN];
    let mut filled = 0;
    loop {
        stream.readable().await?;
        match stream.try_read(theirs.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return Err(Error::HungUp),
            Ok(len) => filled += len,
            Err(error) if is_transient(&error) => continue,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                return Err(Error::HungUp);
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(minor) = greeting::check(theirs.get(..filled).unwrap_or_default())? {
            return Ok(minor);
        }
    }
}

fn address(endpoint: &str) -> Result<(&str, u16), Error> {
    let parse = || {
        let (host, port) = endpoint.strip_prefix("tcp://")?.rsplit_once(':')?;
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        Some((bracketed.unwrap_or(host), port.parse().ok()?))
    };
    parse().ok_or_else(|| Error::Endpoint(endpoint.to_owned()))
}

fn refused(reason: &[u8]) -> Error {
    Error::Refused(String::from_utf8_lossy(reason).into_owned())
}

fn ended() -> Error {
    io::Error::from(io::ErrorKind::UnexpectedEof).into()
}

fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// Answers to pings that may wait to be sent.
const PINGS: usize = 4;
