//! Messages over a socket.

use std::{
    io::{self, Read},
    time::Instant,
};

use canning_wire::{
    Limits, Message, MessageReader, MessageWriter,
    socket::{Connection, Options, ReadHalf, Socket, WriteHalf},
    write_message,
};
use ndarray::Array1;

use super::{Incoming, Link};
use crate::demo::{
    error::Result,
    progress::{Progress, Watched},
};

/// A socket, both of whose ends have greeted.
pub(in crate::demo) struct StreamLink {
    reader: MessageReader<Clocked<ReadHalf>>,
    writer: MessageWriter<WriteHalf>,
}

impl StreamLink {
    /// Greets the other process.
    ///
    /// # Errors
    ///
    /// As [`Connection::over`].
    pub(in crate::demo) fn over(socket: Socket) -> Result<Self> {
        let (reader, writer) = Connection::over(socket, &Options::default())?.split();
        // Nothing is read yet, so that a clock can come in between.
        let clocked = Clocked { inner: reader.into_inner(), first_byte: None };
        Ok(Self { reader: MessageReader::new(clocked, Limits::default()), writer })
    }
}

impl Link for StreamLink {
    fn send(&mut self, message: Message<'_>, progress: &mut Progress) -> Result<u64> {
        // Not a little is kept back, so that the way leads past the connection's writer.
        let mut writer = Watched::new(self.writer.get_mut(), progress);
        Ok(write_message(&mut writer, &message)?.gathered)
    }

    fn receive(&mut self) -> Result<Option<Incoming>> {
        let message = self.reader.read_message()?;
        let time = self.reader.get_mut().first_byte.take().map(|began| began.elapsed());
        Ok(message.map(|message| Incoming { message, time }))
    }

    fn recycle(&mut self, numbers: Array1<f64>) {
        self.reader.recycle(numbers);
    }
}

/// A reader that notes when the first byte comes.
struct Clocked<R> {
    inner: R,
    first_byte: Option<Instant>,
}

impl<R: Read> Read for Clocked<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(space)?;
        self.first_byte.get_or_insert_with(Instant::now);
        Ok(len)
    }
}
