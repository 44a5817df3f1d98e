//! Writing one message after the other.

use std::{
    io::{ErrorKind as IoKind, Write},
    task::Poll,
};

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
/// write with what is in the buffer. So, as with [`BufWriter`](std::io::BufWriter), **a message may wait until it is
/// flushed**; dropping the `MessageWriter` writes what waits, as long as the
/// writer makes it wait, and ignores errors. After an error of the writer that nothing was written
/// since, it leaves what waits: a peer that takes nothing is not waited for twice.
///
/// A writer whose `write_vectored` takes one slice at a time should be wrapped in a `BufWriter`,
/// which joins short slices.
///
/// # Writers that would block
///
/// An error of the writer, such as would-block, leaves the `MessageWriter` at the byte it has come to.
/// Messages that it [owns](Self::queue) go on from there with the next `flush`. A message that
/// is only borrowed cannot be kept: if a part of it is already written, everything later fails with
/// [`ErrorKind::CutOff`]; if not, and always if the message is small, nothing of it has
/// happened.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, MessageReader, MessageWriter};
///
/// let mut stream = Vec::new(); // any `Write`
/// let mut writer = MessageWriter::new(&mut stream);
/// for number in 0..1000 {
///     writer.write_message(&Message::from(canning_wire::can(&number)?))?;
/// }
/// writer.flush()?;
/// drop(writer);
///
/// let mut sum = 0;
/// for message in MessageReader::new(stream.as_slice(), Limits::default()) {
///     sum += message?.objects()[0].get::<i32, _>()?;
/// }
/// assert_eq!(sum, 499_500);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MessageWriter<W: Write> {
    /// `None` only once it is given back.
    writer: Option<W>,
    out: Outbox,
    /// Whether the last write failed.
    has_failed: bool,
    /// Memory for canning small values.
    scratch: Scratch,
}

/// The length of the buffer unless another is asked for.
const CAPACITY: usize = 64 << 10;

impl<W: Write> MessageWriter<W> {
    /// Starts with a buffer of 64 KiB.
    pub fn new(writer: W) -> Self {
        Self::with_capacity(CAPACITY, writer)
    }

    /// Starts with a buffer of so many bytes. A message that is longer is written at once, however
    /// short it is; with no buffer, every message is.
    pub fn with_capacity(bytes: usize, writer: W) -> Self {
        Self {
            writer: Some(writer),
            out: Outbox::with_capacity(bytes),
            has_failed: false,
            scratch: Scratch::default(),
        }
    }

    /// Writes a message after all before it, or copies it into the buffer if it is small.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::Io`] when the writer fails, or takes no more bytes. Nothing of a message
    ///   that goes into the buffer has happened then.
    /// - [`ErrorKind::CutOff`] when that happened before, in the middle of a longer message.
    /// - [`ErrorKind::Object`] when buffers were taken out of an object; nothing is written.
    pub fn write_message(&mut self, message: &Message<'_>) -> Result<Sent> {
        self.out.check()?;
        let frame = self.out.options().writer(message)?;
        while self.out.has_frames() {
            self.write_some(None)?;
        }
        if self.out.is_small(frame.len()) {
            loop {
                if let Some(sent) = self.out.copy(&frame) {
                    return Ok(sent);
                }
                self.write_some(None)?;
            }
        }
        let mut frame = frame;
        while !frame.is_at_end() {
            if let Err(error) = self.write_some(Some(&mut frame)) {
                self.out.cut_off(&frame);
                return Err(error);
            }
        }
        Ok(frame.sent())
    }

    /// Writes a message of one value: see [`MessageReader::read_value`](crate::MessageReader::read_value).
    ///
    /// # Errors
    ///
    /// As [`write_message`](Self::write_message), and as [`can()`](crate::can()).
    pub fn write_value<T: Can<V> + ?Sized, V>(&mut self, value: &T) -> Result<Sent> {
        match OneValue::new(value, &mut self.scratch, &mut self.out)? {
            OneValue::Copied(sent) => Ok(sent),
            OneValue::Canned(message) => self.write_message(&message),
        }
    }

    /// Takes a message over, and writes nothing yet.
    ///
    /// [`flush`](Self::flush) writes it, and goes on where it was stopped. Small messages go into
    /// the buffer, longer ones are kept as they are, so that a caller who queues faster than
    /// the writer takes must watch [`unwritten`](Self::unwritten).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CutOff`] and [`ErrorKind::Object`], as [`write_message`](Self::write_message).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use canning_wire::{MessageWriter, can_arc};
    ///
    /// let numbers = Arc::new(vec![1.0_f64; 2048]);
    /// let mut writer = MessageWriter::new(Vec::new()); // or a socket that would block
    /// writer.queue(can_arc(&numbers)?.into())?;
    /// assert!(writer.unwritten() > 2048 * 8);
    /// while let Err(error) = writer.flush() {
    ///     eprintln!("{error}: wait until the socket takes more");
    /// }
    /// assert_eq!(writer.unwritten(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn queue(&mut self, message: Message<'static>) -> Result<()> {
        self.out.push(message)
    }

    /// Writes all that waits, and flushes the writer.
    ///
    /// After [`ErrorKind::Io`] it can be called again, and goes on at the same byte.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] and [`ErrorKind::CutOff`], as [`write_message`](Self::write_message).
    pub fn flush(&mut self) -> Result<()> {
        self.write_all()?;
        loop {
            match self.get_mut().flush() {
                Err(error) if error.kind() == IoKind::Interrupted => {}
                result => return result.map_err(|error| Error::new(ErrorKind::Io(error), 0)),
            }
        }
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
        self.writer.as_ref().unwrap_or_else(|| unreachable!("{GIVEN_BACK}"))
    }

    /// The writer. Bytes written to it directly come before those that wait, and must not come
    /// into the middle of a message.
    pub fn get_mut(&mut self) -> &mut W {
        self.writer.as_mut().unwrap_or_else(|| unreachable!("{GIVEN_BACK}"))
    }

    /// Writes all that waits, and gives the writer back.
    ///
    /// # Errors
    ///
    /// As [`flush`](Self::flush), and the writer is dropped: to keep it whatever happens,
    /// flush first.
    pub fn into_inner(mut self) -> Result<W> {
        self.write_all()?;
        Ok(self.writer.take().unwrap_or_else(|| unreachable!("{GIVEN_BACK}")))
    }

    fn write_all(&mut self) -> Result<()> {
        self.out.check()?;
        while !self.out.is_empty() {
            self.write_some(None)?;
        }
        Ok(())
    }

    fn write_some(&mut self, last: Option<&mut FrameWriter<'_>>) -> Result<()> {
        let writer = self.writer.as_mut().unwrap_or_else(|| unreachable!("{GIVEN_BACK}"));
        let result = self.out.poll_write(last, |slices| {
            loop {
                match writer.write_vectored(slices) {
                    Err(error) if error.kind() == IoKind::Interrupted => {}
                    result => return Poll::Ready(result),
                }
            }
        });
        match result {
            Poll::Ready(result) => {
                self.has_failed = result.is_err();
                result
            }
            Poll::Pending => unreachable!("a blocking writer is always ready"),
        }
    }
}

impl<W: Write> Drop for MessageWriter<W> {
    fn drop(&mut self) {
        if self.writer.is_some() && !self.has_failed {
            // As documented: who wants to know of errors flushes before.
            self.write_all().ok();
        }
    }
}

const GIVEN_BACK: &str = "the writer is given back only when this is consumed";
