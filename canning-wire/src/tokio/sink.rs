//! The writer as a sink of messages that it owns.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use ::tokio::io::AsyncWrite;
use futures_sink::Sink;

use crate::{
    error::{Error, Result},
    message::Message,
    tokio::MessageWriter,
};

/// Takes messages over, and is ready for the next when nothing waits but small messages in the
/// buffer: so at most the buffer and one message wait. Closing it shuts the stream down.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use canning_wire::{can_arc, tokio::MessageWriter};
/// use futures_util::SinkExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut writer = MessageWriter::new(Vec::new()); // any `AsyncWrite`
/// for number in 0..1000 {
///     writer.feed(can_arc(&Arc::new(number))?.into()).await?;
/// }
/// writer.close().await?;
/// assert_eq!(writer.sent().bytes, writer.get_ref().len() as u64);
/// # Ok(())
/// # }
/// ```
impl<W: AsyncWrite + Unpin> Sink<Message<'static>> for MessageWriter<W> {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_frames_written(context)
    }

    fn start_send(self: Pin<&mut Self>, message: Message<'static>) -> Result<()> {
        self.get_mut().queue(message)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_all_flushed(context)
    }

    fn poll_close(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_shut_down(context)
    }
}
