//! Writing messages.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use ::tokio::io::AsyncWrite;
use canning_core::Can;

use crate::{
    error::{Error, ErrorKind, Result},
    frame::{FrameOptions, FrameWriter, OneValue, Outbox},
    header::Scratch,
    message::Message,
    sent::Sent,
};

/// Writes one message after the other, small ones together.
///
/// Messages of up to 16 KiB that are no longer than the buffer are copied into it, and written when
/// it is full or at [`flush`](Self::flush). Longer ones leave from the memory of the values, in one vectored
/// write with what is in the buffer. So **a message may wait until it is flushed**, and is
/// lost when this is dropped before.
///
/// Two ways to write: [`write_message`](Self::write_message) borrows the message, and must be
/// awaited to its end; [`send`](Self::send), [`queue`](Self::queue) and the
/// [`Sink`](futures_sink::Sink) take a `Message<'static>` over ([`can_arc`](crate::can_arc()) makes one without
/// a copy), so that whatever future is dropped, the next one goes on at the same byte.
///
/// A writer that does [not](AsyncWrite::is_write_vectored) take several slices at once, as some
/// for TLS, should be wrapped in a
/// [`BufWriter`](https://docs.rs/tokio/latest/tokio/io/struct.BufWriter.html).
///
/// # Examples
///
/// A task that reads and writes at the same time, with at most a MiB in hand, and can be told to
/// stop. Whichever future `select!` drops, no message is lost:
///
/// ```
/// use canning_wire::{Limits, can, tokio::{MessageReader, MessageWriter}, write_message};
/// use tokio::{io::duplex, select, sync::oneshot};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut input = Vec::new();
/// # write_message(&mut input, &can(&7)?.into())?;
/// # let (_keep, mut stop) = oneshot::channel::<()>();
/// let (here, there) = duplex(64 << 10); // or a socket
/// let mut reader = MessageReader::new(input.as_slice(), Limits::default());
/// let mut writer = MessageWriter::new(here);
/// loop {
///     let unwritten = writer.unwritten();
///     select! {
///         message = reader.read_message(), if unwritten < 1 << 20 => match message? {
///             Some(message) => writer.queue(message)?,
///             None => break,
///         },
///         flushed = writer.flush(), if unwritten > 0 => flushed?,
///         _ = &mut stop => break,
///     }
/// }
/// writer.shutdown().await?;
///
/// let mut received = MessageReader::new(there, Limits::default());
/// assert!(received.read_message().await?.is_some());
/// assert!(received.read_message().await?.is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MessageWriter<W> {
    writer: W,
    out: Outbox,
    /// Memory for canning small values.
    scratch: Scratch,
}

/// The length of the buffer unless another is asked for.
const CAPACITY: usize = 64 << 10;

impl<W> MessageWriter<W> {
    /// Starts with a buffer of 64 KiB.
    pub fn new(writer: W) -> Self {
        Self::with_capacity(CAPACITY, writer)
    }

    /// Starts with a buffer of so many bytes. A message that is longer is written at once, however
    /// short it is; with no buffer, every message is.
    pub fn with_capacity(bytes: usize, writer: W) -> Self {
        Self { writer, out: Outbox::with_capacity(bytes), scratch: Scratch::default() }
    }

    /// Takes a message over, and writes nothing yet.
    ///
    /// Small messages go into the buffer, longer ones are kept as they are: so wait until it is
    /// [`ready`](Self::ready) before.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CutOff`] and [`ErrorKind::Object`], as [`write_message`](Self::write_message).
    pub fn queue(&mut self, message: Message<'static>) -> Result<()> {
        self.out.push(message)
    }

    /// Bytes of messages that were accepted and not yet written.
    pub fn unwritten(&self) -> u64 {
        self.out.unwritten()
    }

    /// Says what frames do for their bytes from the next message on: checksums, compression.
    pub fn set_frames(&mut self, options: FrameOptions) {
        self.out.set_options(options);
    }

    /// What all messages took that are in the buffer or written whole.
    pub fn sent(&self) -> Sent {
        self.out.sent()
    }

    /// The writer.
    pub fn get_ref(&self) -> &W {
        &self.writer
    }

    /// The writer. Bytes written to it directly come before those that wait, and must not come
    /// into the middle of a message.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Gives the writer back; what was not [flushed](Self::flush) is lost.
    pub fn into_inner(self) -> W {
        self.writer
    }
}

impl<W: AsyncWrite + Unpin> MessageWriter<W> {
    /// Writes a message after all before it, or copies it into the buffer if it is small.
    ///
    /// Dropped before it is ready, nothing has happened if the message is small or no byte of it
    /// was written; if not, everything later fails with [`ErrorKind::CutOff`].
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Io`] when the writer fails, or takes no more bytes.
    /// - [`ErrorKind::CutOff`] when an earlier message failed, or its future was dropped, in the
    ///   middle.
    /// - [`ErrorKind::Object`] when buffers were taken out of an object; nothing is written.
    pub async fn write_message(&mut self, message: &Message<'_>) -> Result<Sent> {
        self.out.check()?;
        let frame = self.out.options().writer(message)?;
        self.ready().await?;
        if self.out.is_small(frame.len()) {
            loop {
                if let Some(sent) = self.out.copy(&frame) {
                    return Ok(sent);
                }
                poll_fn(|context| self.poll_write_some(None, context)).await?;
            }
        }
        let mut borrowing = Borrowing { writer: self, frame };
        while !borrowing.frame.is_at_end() {
            poll_fn(|context| borrowing.poll_write_some(context)).await?;
        }
        Ok(borrowing.frame.sent())
    }

    /// Writes a message of one value: see [`MessageReader::read_value`](crate::tokio::MessageReader::read_value).
    /// Of small values it is the fastest way.
    ///
    /// Dropped before it is ready, it is as [`write_message`](Self::write_message).
    ///
    /// # Errors
    ///
    /// As [`write_message`](Self::write_message), and as [`can()`](crate::can()).
    pub async fn write_value<T: Can<V> + ?Sized, V>(&mut self, value: &T) -> Result<Sent> {
        match OneValue::new(value, &mut self.scratch, &mut self.out)? {
            OneValue::Copied(sent) => Ok(sent),
            OneValue::Canned(message) => self.write_message(&message).await,
        }
    }

    /// Takes a message over, writes it and all before it, and flushes the writer.
    ///
    /// To write several together, [`queue`](Self::queue) them, or use the
    /// [`Sink`](futures_sink::Sink)'s `feed`.
    ///
    /// # Errors
    ///
    /// As [`write_message`](Self::write_message). After [`ErrorKind::Io`], and when its future was
    /// dropped, [`flush`](Self::flush) goes on; the message is among what it writes once those
    /// before it are written.
    pub async fn send(&mut self, message: Message<'static>) -> Result<()> {
        self.ready().await?;
        self.queue(message)?;
        self.flush().await
    }

    /// Waits until nothing waits to be written but small messages in the buffer.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] and [`ErrorKind::CutOff`], as [`write_message`](Self::write_message).
    pub async fn ready(&mut self) -> Result<()> {
        poll_fn(|context| self.poll_frames_written(context)).await
    }

    /// Writes all that waits, and flushes the writer.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] and [`ErrorKind::CutOff`], as [`write_message`](Self::write_message).
    pub async fn flush(&mut self) -> Result<()> {
        poll_fn(|context| self.poll_all_flushed(context)).await
    }

    /// Writes all that waits, and ends the stream.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] and [`ErrorKind::CutOff`], as [`write_message`](Self::write_message).
    pub async fn shutdown(&mut self) -> Result<()> {
        poll_fn(|context| self.poll_shut_down(context)).await
    }

    pub(super) fn poll_frames_written(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.out.check()?;
        while self.out.has_frames() {
            ready!(self.poll_write_some(None, context))?;
        }
        Poll::Ready(Ok(()))
    }

    pub(super) fn poll_all_flushed(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.out.check()?;
        while !self.out.is_empty() {
            ready!(self.poll_write_some(None, context))?;
        }
        Pin::new(&mut self.writer).poll_flush(context).map_err(failed)
    }

    pub(super) fn poll_shut_down(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        ready!(self.poll_all_flushed(context))?;
        Pin::new(&mut self.writer).poll_shutdown(context).map_err(failed)
    }

    fn poll_write_some(
        &mut self,
        last: Option<&mut FrameWriter<'_>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<()>> {
        let writer = Pin::new(&mut self.writer);
        self.out.poll_write(last, |slices| writer.poll_write_vectored(context, slices))
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Io(error), 0)
}

/// A message that is borrowed while it is written: dropped in the middle, it cuts the stream off.
struct Borrowing<'w, 'm, W> {
    writer: &'w mut MessageWriter<W>,
    frame: FrameWriter<'m>,
}

impl<W: AsyncWrite + Unpin> Borrowing<'_, '_, W> {
    fn poll_write_some(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.writer.poll_write_some(Some(&mut self.frame), context)
    }
}

impl<W> Drop for Borrowing<'_, '_, W> {
    fn drop(&mut self) {
        self.writer.out.cut_off(&self.frame);
    }
}
