//! Reading messages.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use ::tokio::io::{AsyncRead, ReadBuf};
use futures_core::Stream;

use crate::{
    error::{Error, ErrorKind, Result},
    frame::FrameReader,
    limits::Limits,
    message::Message,
};

/// Reads one message after the other, each buffer straight into the allocation where it stays.
///
/// It never reads beyond the end of a message. For many small messages, wrap the reader in a
/// [`BufReader`](https://docs.rs/tokio/latest/tokio/io/struct.BufReader.html), which gives long buffers through without a copy.
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
    frame: FrameReader,
    /// Whether the `Stream` has ended.
    is_at_end: bool,
}

impl<R> MessageReader<R> {
    /// Starts at the beginning of a message.
    pub fn new(reader: R, limits: Limits) -> Self {
        Self { reader, frame: FrameReader::new(limits), is_at_end: false }
    }

    /// The reader.
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// The reader. Bytes read from it must not be part of a message.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Ends reading; a message that had begun is lost.
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
        poll_fn(|context| self.poll_read_message(context)).await
    }

    fn poll_read_message(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<Message<'static>>>> {
        if self.frame.has_failed() {
            return Poll::Ready(Err(FrameReader::failed()));
        }
        loop {
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
            if let Some(message) = self.frame.filled(len)? {
                return Poll::Ready(Ok(Some(message)));
            }
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
        let next = ready!(reader.poll_read_message(context)).transpose();
        reader.is_at_end = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}
