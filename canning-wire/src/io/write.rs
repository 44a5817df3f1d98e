//! Writing one message.

use std::io::{ErrorKind as IoKind, Write};

use crate::{
    error::{Error, ErrorKind, Result},
    frame::FrameWriter,
    message::Message,
    sent::Sent,
};

/// Writes a message, its buffers straight from the memory of the values, with vectored writes.
///
/// Interrupted and partial writes go on. It does not flush. For many small messages, or a writer
/// that may answer would-block, use a [`MessageWriter`](crate::MessageWriter).
///
/// # Errors
///
/// - [`ErrorKind::Io`] when the writer fails, or takes no more bytes; part of the message may
///   have been written, and [`whole_objects`](Error::whole_objects) says how many objects of it.
///   **Nothing may be written to that stream any more**, after a timeout either: the peer takes it
///   for the rest of the message. A `MessageWriter` knows what is written, and goes on there or
///   refuses to.
/// - [`ErrorKind::Object`] when buffers were taken out of an object; nothing is written.
///
/// # Examples
///
/// ```
/// use canning_wire::{Limits, Message, read_message, write_message};
///
/// let mut stream = Vec::new();
/// let numbers = vec![1.0_f64; 2048];
/// let mut message = Message::new();
/// message.add(&numbers)?;
/// let sent = write_message(&mut stream, &message)?;
/// assert_eq!(sent.bytes, stream.len() as u64);
///
/// let received = read_message(&mut stream.as_slice(), &Limits::default())?;
/// let mut received = received.expect("a message was written");
/// # use canning_core::CannedObject;
/// let numbers: Vec<f64> = received.objects_mut()[0].take()?;
/// assert_eq!(numbers, [1.0; 2048]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_message<W: Write + ?Sized>(writer: &mut W, message: &Message<'_>) -> Result<Sent> {
    write_frame(writer, FrameWriter::new(message)?)
}

pub(crate) fn write_frame<W: Write + ?Sized>(
    writer: &mut W,
    mut frame: FrameWriter<'_>,
) -> Result<Sent> {
    while !frame.is_at_end() {
        let slices = frame.slices();
        let result = writer.write_vectored(&slices);
        drop(slices);
        match result {
            Ok(0) => {
                let error = IoKind::WriteZero.into();
                return Err(Error::new(ErrorKind::Io(error), frame.whole_objects()));
            }
            Ok(written) => frame.advance(written),
            Err(error) if error.kind() == IoKind::Interrupted => {}
            Err(error) => return Err(Error::new(ErrorKind::Io(error), frame.whole_objects())),
        }
    }
    Ok(frame.sent())
}
