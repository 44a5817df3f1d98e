//! Reading messages.

use std::io::{ErrorKind as IoKind, IoSliceMut, Read};

use canning_core::{UncanOwned, buffer::Pool};

use crate::{
    error::{Error, ErrorKind, Result},
    frame::{FrameReader, Place},
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
/// After any error **nothing may be read from that stream any more**: it stands somewhere within the
/// message, where the bytes are whatever a sender put into an array, another message even. This
/// function keeps nothing that would tell; a `MessageReader` does, and refuses to go on.
///
/// # Examples
///
/// See [`write_message`](crate::write_message).
///
/// It reads no byte beyond the end of the message, and the small parts one by one: for a stream
/// of messages a [`MessageReader`] is faster.
pub fn read_message<R: Read + ?Sized>(
    reader: &mut R,
    limits: &Limits,
) -> Result<Option<Message<'static>>> {
    MessageReader::exact(reader, *limits).read_message()
}

/// Reads one message, its buffers into arrays that exist already, in the order of the buffers.
/// Those for which no place is left are allocated.
///
/// The message borrows the places; the values in it are looked at with
/// [`get`](crate::CannedObject::get), as views into the places. What lands is the sender's memory
/// as it lies: a view has its shape and its order of axes, which may be another than that of
/// the array whose memory was lent.
///
/// Buffers are what does not fit into the header: arrays above the sender's
/// [`inline_threshold`](crate::CanOptions::inline_threshold), of 1 KiB if it did not set it, and
/// text above that length, which takes a place, too. A sender who wants small arrays to be buffers
/// sets it to 0; empty ones, and all that is in a field marked `#[canned(inline)]`, stay in the
/// header whatever it is.
///
/// # Errors
///
/// As [`read_message`]. [`ErrorKind::Place`] where a buffer has another dtype or length than its
/// place, and [`ErrorKind::PlacesLeft`] where there were fewer buffers than places. Places that
/// were read into before an error keep what was read.
///
/// `Place` and `PlacesLeft` are said when the message is whole, so that the next one can be read.
/// After any other error nothing may be read from that stream any more, as with [`read_message`].
///
/// # Examples
///
/// ```
/// use canning_core::CannedObject;
/// use canning_wire::{Limits, Message, frame::Place, read_message_into, write_message};
///
/// let mut stream = Vec::new();
/// let sent = vec![0.5_f64; 4096];
/// write_message(&mut stream, &Message::from(canning_wire::can(&sent)?))?;
///
/// let mut numbers = vec![0.0_f64; 4096];
/// let place = Place::new(&mut numbers)?;
/// let message = read_message_into(&mut stream.as_slice(), &Limits::default(), [place])?;
/// let message = message.expect("a message was written");
/// let view: &[f64] = message.objects()[0].get()?;
/// assert_eq!(view, sent);
/// assert_eq!(view.as_ptr(), numbers.as_ptr()); // it was read there
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_message_into<'p, R: Read + ?Sized>(
    reader: &mut R,
    limits: &Limits,
    places: impl IntoIterator<Item = Place<'p>>,
) -> Result<Option<Message<'p>>> {
    let mut frame = FrameReader::new(*limits);
    places.into_iter().for_each(|place| frame.lend(place));
    let message = read_frame(reader, &mut frame)?;
    match (frame.places_left(), &message) {
        (left @ 1.., Some(_)) => Err(Error::new(ErrorKind::PlacesLeft { left }, 0)),
        _ => Ok(message),
    }
}

/// Reads until a message is whole; can be called again after an error of the reader.
pub(crate) fn read_frame<'p, R: Read + ?Sized>(
    reader: &mut R,
    frame: &mut FrameReader<'p>,
) -> Result<Option<Message<'p>>> {
    read_from(reader, frame, FrameReader::next_message)
}

/// Reads until there is what `next` takes.
fn read_from<'p, T, R: Read + ?Sized>(
    reader: &mut R,
    frame: &mut FrameReader<'p>,
    next: fn(&mut FrameReader<'p>) -> Result<Option<T>>,
) -> Result<Option<T>> {
    loop {
        if let Some(taken) = next(frame)? {
            return Ok(Some(taken));
        }
        let [first, second] = frame.spaces().map(IoSliceMut::new);
        match reader.read_vectored(&mut [first, second]) {
            Ok(0) if frame.is_at_start() => return Ok(None),
            Ok(0) => return Err(frame.truncated()),
            Ok(len) => frame.fill(len)?,
            Err(error) if error.kind() == IoKind::Interrupted => {}
            Err(error) => return Err(Error::new(ErrorKind::Io(error), frame.whole_objects())),
        }
    }
}

/// Reads one message after the other.
///
/// Many small messages, and the small parts of large ones, are read with one call: it reads up
/// to 64 KiB ahead. Large buffers are read where they stay, but for their first 4 KiB, or 64 KiB
/// where they follow a small message, which may come with what stands before them, and their last
/// 4 KiB, which may come with what follows; these are copied from there, and
/// [counted](Self::staged_bytes).
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
    frame: FrameReader<'static>,
    /// Whether the iterator has given the error that ends it.
    is_at_end: bool,
}

impl<R: Read> MessageReader<R> {
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

    /// Reads the next message; `None` where the stream ends before it.
    ///
    /// After [`ErrorKind::Io`] it can be called again, and goes on at the same byte.
    ///
    /// # Errors
    ///
    /// As [`read_message`].
    pub fn read_message(&mut self) -> Result<Option<Message<'static>>> {
        read_frame(&mut self.reader, &mut self.frame)
    }

    /// Reads the value of the next message, which has one object; `None` where the stream ends
    /// before it. Of small values it is the fastest way.
    ///
    /// # Errors
    ///
    /// As [`read_message`](Self::read_message); and where the message holds something else, which
    /// is dropped then: the next one can be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_wire::{Limits, MessageReader, MessageWriter};
    ///
    /// let mut writer = MessageWriter::new(Vec::new());
    /// writer.write_value(&("argon", vec![0.5_f64; 4096]))?;
    /// writer.write_value(&7)?;
    /// let stream = writer.into_inner()?;
    ///
    /// let mut reader = MessageReader::new(stream.as_slice(), Limits::default());
    /// let argon: Option<(String, Vec<f64>)> = reader.read_value()?;
    /// assert_eq!(argon, Some(("argon".to_owned(), vec![0.5; 4096])));
    /// assert_eq!(reader.read_value::<i32, _>()?, Some(7));
    /// assert_eq!(reader.read_value::<i32, _>()?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_value<T: UncanOwned<V>, V>(&mut self) -> Result<Option<T>> {
        read_from(&mut self.reader, &mut self.frame, FrameReader::next_value)
    }

    /// Takes the memory of a value's arrays back, to read later messages into: a steady stream of
    /// like values is received without allocating, and without page faults.
    ///
    /// What cannot be used soon is dropped; at most [`Limits::recycled_bytes`] are kept.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::CannedObject;
    /// use canning_wire::{Limits, Message, MessageReader, write_message};
    ///
    /// let mut stream = Vec::new();
    /// for number in 0..3 {
    ///     let numbers = vec![f64::from(number); 4096];
    ///     write_message(&mut stream, &Message::from(canning_wire::can(&numbers)?))?;
    /// }
    /// let mut reader = MessageReader::new(stream.as_slice(), Limits::default());
    /// let mut addresses = Vec::new();
    /// while let Some(mut message) = reader.read_message()? {
    ///     let numbers: Vec<f64> = message.objects_mut()[0].take()?;
    ///     addresses.push(numbers.as_ptr());
    ///     reader.recycle(numbers);
    ///     reader.recycle_message(message);
    /// }
    /// assert_eq!(addresses, [addresses[0]; 3]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
