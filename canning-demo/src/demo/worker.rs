//! The second process: receives values, works on them, and answers.

use std::{
    io::{self, Read},
    os::fd::AsFd,
    time::{Duration, Instant},
};

use canning_core::{Can, CannedObject, Value};
use canning_wire::{
    Limits, Message, MessageReader, MessageWriter, Object, can,
    socket::{Connection, Options, ReadHalf, WriteHalf},
};
use ndarray::Array1;

use super::{
    dataset::Dataset,
    error::{Error, Result},
    protocol::{Receipt, Reply, Task},
    science::Findings,
    summary::Summary,
    transport::Transport,
};

/// Answers requests until the socket, which is the standard input, ends.
///
/// What is wrong with a request is answered; after that, the worker goes on.
///
/// # Errors
///
/// When the socket fails.
pub(super) fn run(transport: Transport) -> Result<()> {
    let socket = transport.inherited(io::stdin().as_fd().try_clone_to_owned()?);
    let (reader, mut writer) = Connection::over(socket, &Options::default())?.split();
    // Nothing is read yet, so that a clock can come in between.
    let clocked = Clocked { inner: reader.into_inner(), first_byte: None };
    let mut reader = MessageReader::new(clocked, Limits::default());
    while let Some(message) = reader.read_message()? {
        let began = reader.get_mut().first_byte.take();
        let mut answer = Answer {
            receive: began.map_or(Duration::ZERO, |began| began.elapsed()),
            received: Instant::now(),
            reader: &mut reader,
            writer: &mut writer,
        };
        match answer.request(message) {
            Err(Error::Message(error)) => return Err(error.into()),
            Err(error) => answer.send(&Reply::<()>::Failed(error.line()))?,
            Ok(()) => {}
        }
    }
    Ok(())
}

/// The answer to one request.
struct Answer<'s> {
    /// Where memory goes that is to be used again.
    reader: &'s mut MessageReader<Clocked<ReadHalf>>,
    writer: &'s mut MessageWriter<WriteHalf>,
    /// How long the request took to come.
    receive: Duration,
    /// When it was there.
    received: Instant,
}

impl Answer<'_> {
    fn request(&mut self, message: Message<'static>) -> Result<()> {
        let [task, mut object] = <[Object<'_>; 2]>::try_from(message.into_objects())
            .map_err(|_| Error::Protocol("not a task and a value"))?;
        match task.get_object()? {
            Task::Echo => {
                let value: Value = object.take()?;
                self.receipt(&object)?;
                self.send(&Reply::Done(value))
            }
            Task::Study => {
                // Its views, and its text, borrow what was received.
                let dataset: Dataset<'_> = object.get()?;
                self.receipt(&object)?;
                self.send(&Reply::Done(Findings::of(&dataset)?))
            }
            Task::Sum { recycles } => {
                let numbers: Array1<f64> = object.take()?;
                self.receipt(&object)?;
                let sum = numbers.sum();
                match recycles {
                    true => self.reader.recycle(numbers),
                    // This takes a while, which is not the next transfer's.
                    false => drop(numbers),
                }
                self.send(&Reply::Done(sum))
            }
            Task::Describe => {
                let value: Value = object.take()?;
                self.receipt(&object)?;
                let summary = Summary::of_value(&value)?;
                drop(value);
                self.send(&Reply::Done(summary))
            }
        }
    }

    /// Says that the value is here, and what that took.
    fn receipt(&mut self, object: &Object<'_>) -> Result<()> {
        let copied = object.copied();
        self.send(&Reply::Done(Receipt {
            receive: self.receive,
            uncan: self.received.elapsed(),
            in_band: copied.in_band,
            out_of_band: copied.out_of_band,
        }))
    }

    fn send<T: Can<V>, V>(&mut self, reply: &T) -> Result<()> {
        self.writer.write_message(&Message::from(can(reply)?))?;
        self.writer.flush()?;
        Ok(())
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
