//! Reading messages.

use std::io::{ErrorKind as IoKind, Read};

use crate::{
    error::{Error, ErrorKind, Result},
    frame::FrameReader,
    limits::Limits,
    message::Message,
};

/// Reads one message, each buffer straight into the allocation where it stays; `None` where
/// the stream ends before it.
///
/// # Errors
///
/// - [`ErrorKind::Io`] when the reader fails. To go on after an error that passes, such as
///   would-block, use a [`MessageReader`].
/// - [`ErrorKind::Truncated`] when the stream ends within the message.
/// - When the bytes are malformed or exceed a limit.
///
/// # Examples
///
/// See [`write_message`](crate::write_message).
pub fn read_message<R: Read + ?Sized>(
    reader: &mut R,
    limits: &Limits,
) -> Result<Option<Message<'static>>> {
    MessageReader::new(reader, *limits).read_message()
}

/// Reads one message after the other.
///
/// It never reads beyond the end of a message, so that the reader can be used for something
/// else in between.
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, MessageReader, write_message};
///
/// let mut stream = Vec::new();
/// for number in 0..3 {
///     write_message(&mut stream, &Message::from(canning_wire::can(&number)?))?;
/// }
/// let mut sum = 0;
/// for message in MessageReader::new(stream.as_slice(), Limits::default()) {
///     sum += message?.objects()[0].get::<i32, _>()?;
/// }
/// assert_eq!(sum, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MessageReader<R> {
    reader: R,
    frame: FrameReader,
    /// Whether the iterator has given the error that ends it.
    is_at_end: bool,
}

impl<R: Read> MessageReader<R> {
    /// Starts at the beginning of a message.
    pub fn new(reader: R, limits: Limits) -> Self {
        Self { reader, frame: FrameReader::new(limits), is_at_end: false }
    }

    /// Reads the next message; `None` where the stream ends before it.
    ///
    /// After [`ErrorKind::Io`] it can be called again, and goes on at the same byte.
    ///
    /// # Errors
    ///
    /// As [`read_message`].
    pub fn read_message(&mut self) -> Result<Option<Message<'static>>> {
        if self.frame.has_failed() {
            return Err(FrameReader::failed());
        }
        loop {
            match self.reader.read(self.frame.space()) {
                Ok(0) if self.frame.is_at_start() => return Ok(None),
                Ok(0) => return Err(self.frame.truncated()),
                Ok(len) => {
                    if let Some(message) = self.frame.filled(len)? {
                        return Ok(Some(message));
                    }
                }
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(error) => {
                    let objects = self.frame.whole_objects();
                    return Err(Error::new(ErrorKind::Io(error), objects));
                }
            }
        }
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

/// Gives messages until the stream ends. An error of the reader does not end it, as it may pass;
/// any other error does.
impl<R: Read> Iterator for MessageReader<R> {
    type Item = Result<Message<'static>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_at_end {
            return None;
        }
        let next = self.read_message().transpose();
        self.is_at_end = match &next {
            Some(Ok(_)) => false,
            Some(Err(error)) => !matches!(error.kind(), ErrorKind::Io(_)),
            None => true,
        };
        next
    }
}
