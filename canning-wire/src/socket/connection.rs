//! A connection that has greeted.

use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
};

use canning_core::{Can, UncanOwned};

#[cfg(unix)]
use super::unix_stream;
use super::{
    address::Address,
    greeting::{greet, io_error},
    options::Options,
    stream::{ReadHalf, Socket, WriteHalf},
    tuning::tune,
};
use crate::{
    error::{Error, ErrorKind, Result},
    handshake::Agreed,
    io::{MessageReader, MessageWriter},
    message::Message,
    sent::Sent,
};

/// A connection whose two ends know that they understand each other: a
/// [`MessageReader`] and a [`MessageWriter`] of one socket.
///
/// [The module](crate::socket) shows its uses. Dropping it writes what waits, and ignores
/// errors; [`finish`](Self::finish) tells them. What it says of bytes that were not read holds for
/// dropping, too.
#[derive(Debug)]
pub struct Connection {
    reader: MessageReader<ReadHalf>,
    writer: MessageWriter<WriteHalf>,
    agreed: Agreed,
}

impl Connection {
    /// Connects, and greets the peer. Of several addresses that a host's name has, the first
    /// that answers counts.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Socket`] when nobody listens there, or who does takes no connection for
    /// [`Options::connect_timeout`], and as [`over`](Self::over).
    pub fn connect(address: &Address, options: &Options) -> Result<Self> {
        let socket = open(address, options).map_err(|error| {
            let address = address.to_string();
            Error::new(ErrorKind::Socket { tried: "connect to", address, error }, 0)
        })?;
        Self::over(socket, options)
    }

    /// Greets the peer of a socket that is connected already: one of a pair, or inherited from
    /// another process. The peer must do the same, at the same time.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Handshake`] when the peer speaks something else, has no version in common, does
    ///   not read the [frames](Options::frames) to be written, ends, or is silent for longer than [`Options::hello_timeout`].
    /// - [`ErrorKind::Io`] when the socket fails.
    pub fn over(socket: impl Into<Socket>, options: &Options) -> Result<Self> {
        let socket = socket.into();
        tune(&socket, options).map_err(io_error)?;
        let agreed = greet(&socket, options)?;
        agreed.require(options.frames)?;
        socket.set_read_timeout(options.read_timeout).map_err(io_error)?;
        socket.set_write_timeout(options.write_timeout).map_err(io_error)?;
        let (incoming, outgoing) = socket.into_halves();
        let mut reader = MessageReader::new(incoming, options.limits);
        if let Some(pool) = &options.pool {
            reader = reader.with_pool(pool);
        }
        let mut writer = MessageWriter::new(outgoing);
        writer.set_frames(options.frames);
        Ok(Self { reader, writer, agreed })
    }

    /// Writes a message, or keeps a small one until more come, or it is
    /// [flushed](Self::flush), or the next is read.
    ///
    /// # Errors
    ///
    /// As [`MessageWriter::write_message`].
    pub fn write_message(&mut self, message: &Message<'_>) -> Result<Sent> {
        self.writer.write_message(message)
    }

    /// Writes a message of one value: see [`MessageWriter::write_value`].
    ///
    /// # Errors
    ///
    /// As [`MessageWriter::write_value`].
    pub fn write_value<T: Can<V> + ?Sized, V>(&mut self, value: &T) -> Result<Sent> {
        self.writer.write_value(value)
    }

    /// Writes what waits.
    ///
    /// # Errors
    ///
    /// As [`MessageWriter::flush`].
    pub fn flush(&mut self) -> Result<()> {
        self.writer.flush()
    }

    /// Writes what waits, as the peer may need it to answer, and reads the next message; `None`
    /// where the peer has ended.
    ///
    /// # Errors
    ///
    /// As [`MessageReader::read_message`] and [`MessageWriter::flush`].
    pub fn read_message(&mut self) -> Result<Option<Message<'static>>> {
        self.flush_what_waits()?;
        self.reader.read_message()
    }

    /// As [`read_message`](Self::read_message), the value of a message of one: see
    /// [`MessageReader::read_value`].
    ///
    /// # Errors
    ///
    /// As [`MessageReader::read_value`] and [`MessageWriter::flush`].
    pub fn read_value<T: UncanOwned<V>, V>(&mut self) -> Result<Option<T>> {
        self.flush_what_waits()?;
        self.reader.read_value()
    }

    fn flush_what_waits(&mut self) -> Result<()> {
        if self.writer.unwritten() > 0 {
            self.writer.flush()?;
        }
        Ok(())
    }

    /// Takes the memory of a value's arrays back: see [`MessageReader::recycle`].
    pub fn recycle<T: UncanOwned<V>, V>(&mut self, value: T) {
        self.reader.recycle(value);
    }

    /// Takes the memory of a message back: see [`MessageReader::recycle_message`].
    pub fn recycle_message(&mut self, message: Message<'static>) {
        self.reader.recycle_message(message);
    }

    /// What both ends speak.
    pub fn agreed(&self) -> Agreed {
        self.agreed
    }

    /// The reader. It does not write what waits, as [`read_message`](Self::read_message) and
    /// [`read_value`](Self::read_value) do: [flush](Self::flush) before waiting for an answer.
    pub fn reader(&mut self) -> &mut MessageReader<ReadHalf> {
        &mut self.reader
    }

    /// The writer.
    pub fn writer(&mut self) -> &mut MessageWriter<WriteHalf> {
        &mut self.writer
    }

    /// Gives the two directions, for two threads. Where the writer is dropped, the peer learns
    /// that nothing more comes; the socket is closed with the second.
    pub fn split(self) -> (MessageReader<ReadHalf>, MessageWriter<WriteHalf>) {
        (self.reader, self.writer)
    }

    /// Writes what waits, and ends the connection.
    ///
    /// It does not wait until the peer has read it. Where the peer has sent bytes that were not
    /// read here, a system resets a TCP connection that is closed, and the peer loses what is
    /// still on its way. Who writes last therefore reads to the end first, until
    /// [`read_message`](Self::read_message) gives `None`.
    ///
    /// # Errors
    ///
    /// As [`MessageWriter::flush`].
    pub fn finish(mut self) -> Result<()> {
        self.writer.flush()
    }
}

#[cfg(unix)]
fn open(address: &Address, options: &Options) -> io::Result<Socket> {
    match address {
        Address::Unix(path) => Ok(unix_stream::connect(path, options.connect_timeout)?.into()),
        Address::Tcp { host, port } => open_tcp(host, *port, options),
    }
}

#[cfg(not(unix))]
fn open(address: &Address, options: &Options) -> io::Result<Socket> {
    match address {
        Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        Address::Tcp { host, port } => open_tcp(host, *port, options),
    }
}

fn open_tcp(host: &str, port: u16, options: &Options) -> io::Result<Socket> {
    let mut last = io::ErrorKind::NotFound.into();
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, options.connect_timeout) {
            Ok(stream) => return Ok(stream.into()),
            Err(error) => last = error,
        }
    }
    Err(last)
}
