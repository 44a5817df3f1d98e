//! What a frame does for the bytes on their way.

use std::io::Write;

use canning_core::buffer::Allocation;

use crate::{error::Result, frame::FrameWriter, io::write_frame, message::Message, sent::Sent};

/// What a frame does for the bytes on their way: checksums, and compression. By default neither.
///
/// Readers find it in each frame, and need no options; a message that was read and is passed on is
/// written with the options of its next writer. A [`MessageWriter`](crate::MessageWriter) is told
/// by [`set_frames`](crate::MessageWriter::set_frames).
///
/// A build without the features `integrity` and `compression` writes neither, and refuses
/// to read them with [`ErrorKind::Feature`](crate::ErrorKind::Feature).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameOptions {
    pub(crate) integrity: bool,
    pub(crate) compression: bool,
}

impl FrameOptions {
    /// The defaults: neither.
    pub const fn new() -> Self {
        Self { integrity: false, compression: false }
    }

    /// Needs the feature `integrity`. Adds checksums (CRC-32C): four bytes behind the frame's table,
    /// each header and each buffer.
    ///
    /// A bit that flips on its way is then an error at the receiver, which names
    /// [what was damaged](crate::ErrorKind::Checksum); nothing damaged is handed out. Both sides
    /// sum up 512 KiB at a time, just before it is written or after it was read, so that
    /// memory is passed through once. It finds accidents; who changes bytes on purpose can
    /// change checksums, too.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_wire::{ErrorKind, FrameOptions, Limits, Message, can, frame::Part, read_message};
    ///
    /// let numbers = vec![0.5_f64; 4096];
    /// let mut stream = Vec::new();
    /// let options = FrameOptions::new().with_integrity();
    /// options.write_message(&mut stream, &Message::from(can(&numbers)?))?;
    ///
    /// stream[9999] ^= 1 << 3;
    /// let error = read_message(&mut stream.as_slice(), &Limits::default()).unwrap_err();
    /// let ErrorKind::Checksum { part } = error.kind() else { panic!("{error}") };
    /// assert_eq!(*part, Part::Buffer { object: 0, buffer: 0 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "integrity")]
    #[must_use]
    pub const fn with_integrity(self) -> Self {
        Self { integrity: true, ..self }
    }

    /// Needs the feature `compression`. Compresses each buffer (LZ4) for which it pays: where it
    /// saves an eighth at least.
    ///
    /// A buffer is tried at a few places first, so that one that cannot be compressed costs little,
    /// and is written from where it lies, as without this. The length of a frame stands at its
    /// start; so a message is compressed whole before its first byte is written, into memory
    /// as long as the compressed buffers are on the wire, which is [counted](Sent::compressed).
    /// That takes the time of the calling thread: a message of repeating numbers took about twice as long
    /// as without over a Unix socket, so that it pays where the way is slower. Receivers unfold each 256 KiB as they come, to where they
    /// stay. Headers, and so small arrays, are not compressed.
    ///
    /// Readers with default [`Limits`](crate::Limits) refuse a message of which compressed buffers
    /// unfold to more than 1 GiB together: they raise
    /// [`Limits::unfolded_bytes`](crate::Limits::unfolded_bytes) for larger ones.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::CannedObject;
    /// use canning_wire::{FrameOptions, Limits, Message, can, read_message};
    ///
    /// let numbers = vec![0.5_f64; 4096];
    /// let mut stream = Vec::new();
    /// let options = FrameOptions::new().with_compression();
    /// let sent = options.write_message(&mut stream, &Message::from(can(&numbers)?))?;
    /// assert_eq!(sent.compressed, 4096 * 8);
    /// assert!(sent.bytes < 1024);
    ///
    /// let message = read_message(&mut stream.as_slice(), &Limits::default())?;
    /// let [object] = message.expect("a message was written").into_array()?;
    /// assert_eq!(object.get_object::<Vec<f64>, _>()?, numbers);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "compression")]
    #[must_use]
    pub const fn with_compression(self) -> Self {
        Self { compression: true, ..self }
    }

    /// Whether frames have checksums.
    pub const fn has_integrity(&self) -> bool {
        self.integrity
    }

    /// Whether buffers are compressed where it pays.
    pub const fn has_compression(&self) -> bool {
        self.compression
    }

    /// Writes a message: see [`write_message`](crate::write_message).
    ///
    /// # Errors
    ///
    /// As [`write_message`](crate::write_message); nothing may be written to that stream after
    /// [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn write_message<W: Write + ?Sized>(
        &self,
        writer: &mut W,
        message: &Message<'_>,
    ) -> Result<Sent> {
        write_frame(writer, self.writer(message)?)
    }

    /// The message as a frame: see [`FrameWriter::new`].
    ///
    /// # Errors
    ///
    /// As [`FrameWriter::new`].
    pub fn writer<'m>(&self, message: &'m Message<'_>) -> Result<FrameWriter<'m>> {
        FrameWriter::borrowing_with(message, *self)
    }

    /// The message as a frame that keeps it: see [`FrameWriter::owning`].
    ///
    /// # Errors
    ///
    /// As [`FrameWriter::owning`].
    pub fn owning_writer<'m>(&self, message: Message<'m>) -> Result<FrameWriter<'m>> {
        FrameWriter::owning_with(message, *self)
    }

    /// The message as one block of memory: see [`Message::to_block`]. To write it to memory that
    /// is there, [`write_message`](Self::write_message) takes a `&mut [u8]`.
    ///
    /// # Errors
    ///
    /// As [`Message::to_block`].
    pub fn to_block(&self, message: &Message<'_>) -> Result<Allocation> {
        self.writer(message)?.to_block()
    }
}
