//! Reading messages.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use ::tokio::io::{AsyncRead, ReadBuf};
use canning_core::{UncanOwned, buffer::Pool};
use futures_core::Stream;

use crate::{
    error::{Error, ErrorKind, Result},
    frame::FrameReader,
    limits::Limits,
    message::Message,
};

/// Reads one message after the other, each large buffer straight into the allocation where it
/// stays.
///
/// As its [namesake](crate::MessageReader) it reads up to 64 KiB ahead, and takes memory back.
///
/// As a [`Stream`] it gives messages until the stream ends, or an error.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, can, tokio::MessageReader, write_message};
/// use futures_util::TryStreamExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut stream = Vec::new();
/// for number in 0..3 {
///     write_message(&mut stream, &Message::from(can(&number)?))?;
/// }
/// let reader = MessageReader::new(stream.as_slice(), Limits::default()); // any `AsyncRead`
/// let messages: Vec<Message<'_>> = reader.try_collect().await?;
/// assert_eq!(messages[2].objects()[0].get::<i32, _>()?, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MessageReader<R> {
    reader: R,
    frame: FrameReader<'static>,
    /// Whether the `Stream` has ended.
    is_at_end: bool,
}

impl<R> MessageReader<R> {
    /// Starts at the beginning of a message.
    pub fn new(reader: R, limits: Limits) -> Self {
        Self::of_frame(reader, FrameReader::new(limits).read_ahead())
    }

    /// Starts at the beginning of a message, and never reads beyond the end of one: the reader can
    /// be used for something else in between. Slower for small messages.
    pub fn exact(reader: R, limits: Limits) -> Self {
        Self::of_frame(reader, FrameReader::new(limits))
    }

    fn of_frame(reader: R, frame: FrameReader<'static>) -> Self {
        Self { reader, frame, is_at_end: false }
    }

    /// Takes memory from a pool, which other readers may share; it gets back what is dropped:
    /// headers, and buffers that were only looked at.
    #[must_use]
    pub fn with_pool(self, pool: &Pool) -> Self {
        Self { frame: self.frame.with_pool(pool), ..self }
    }

    /// Takes the memory of a value's arrays back, to read later messages into.
    ///
    /// What cannot be used soon is dropped; at most [`Limits::recycled_bytes`] are kept.
    pub fn recycle<T: UncanOwned<V>, V>(&mut self, value: T) {
        self.frame.recycle(value);
    }

    /// Takes the memory of a message back, so far as nobody shares it: its headers, and the
    /// buffers that were not taken out.
    pub fn recycle_message(&mut self, message: Message<'static>) {
        self.frame.recycle_message(message);
    }

    /// Bytes of buffers that were read ahead, and copied, so far.
    pub fn staged_bytes(&self) -> u64 {
        self.frame.staged_bytes()
    }

    /// The bytes that were read ahead: the beginning of messages to come.
    pub fn ahead_bytes(&self) -> &[u8] {
        self.frame.ahead_bytes()
    }

    /// The reader.
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// The reader. Bytes read from it must not be part of a message; what was read ahead is no
    /// longer there.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Ends reading; a message that had begun, and what was read ahead, is lost.
    pub fn into_inner(self) -> R {
        self.reader
    }
}

impl<R: AsyncRead + Unpin> MessageReader<R> {
    /// Reads the next message; `None` where the stream ends before it.
    ///
    /// Cancel safe: what was read stays here, and the next call goes on at the same byte.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Io`] when the reader fails. It can be called again, and goes on.
    /// - [`ErrorKind::Truncated`] when the stream ends within the message.
    /// - When the bytes are malformed or exceed a limit.
    pub async fn read_message(&mut self) -> Result<Option<Message<'static>>> {
        poll_fn(|context| self.poll_read(context, FrameReader::next_message)).await
    }

    /// Reads the value of the next message, which has one object; `None` where the stream ends
    /// before it. Of small values it is the fastest way.
    ///
    /// Cancel safe, as [`read_message`](Self::read_message).
    ///
    /// # Errors
    ///
    /// As [`read_message`](Self::read_message); and where the message holds something else, which
    /// is dropped then: the next one can be read.
    pub async fn read_value<T: UncanOwned<V>, V>(&mut self) -> Result<Option<T>> {
        poll_fn(|context| self.poll_read(context, FrameReader::next_value)).await
    }

    /// Reads until there is what `next` takes.
    fn poll_read<T>(
        &mut self,
        context: &mut Context<'_>,
        next: fn(&mut FrameReader<'static>) -> Result<Option<T>>,
    ) -> Poll<Result<Option<T>>> {
        loop {
            if let Some(taken) = next(&mut self.frame)? {
                return Poll::Ready(Ok(Some(taken)));
            }
            let mut space = ReadBuf::new(self.frame.space());
            let result = ready!(Pin::new(&mut self.reader).poll_read(context, &mut space));
            let len = space.filled().len();
            if let Err(error) = result {
                let objects = self.frame.whole_objects();
                return Poll::Ready(Err(Error::new(ErrorKind::Io(error), objects)));
            }
            if len == 0 {
                let is_clean = self.frame.is_at_start();
                let end = if is_clean { Ok(None) } else { Err(self.frame.truncated()) };
                return Poll::Ready(end);
            }
            self.frame.fill(len)?;
        }
    }
}

impl<R: AsyncRead + Unpin> Stream for MessageReader<R> {
    type Item = Result<Message<'static>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let reader = self.get_mut();
        if reader.is_at_end {
            return Poll::Ready(None);
        }
        let next = ready!(reader.poll_read(context, FrameReader::next_message)).transpose();
        reader.is_at_end = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}
