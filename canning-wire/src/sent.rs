//! What sending took.

/// What writing a message, or several, took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Bytes of the frames: headers, buffers, padding and checksums.
    pub bytes: u64,
    /// Bytes of strided arrays that were copied through a block of 256 KiB, because their rows
    /// are too short to be written one by one.
    pub gathered: u64,
    /// Bytes that were copied through the buffer of a [`MessageWriter`](crate::MessageWriter),
    /// because the message is small.
    pub buffered: u64,
    /// Bytes of buffers that were [compressed](crate::FrameOptions), as they were before: each was
    /// copied, in as many bytes as it has on the wire.
    pub compressed: u64,
}

impl Sent {
    pub(crate) fn add(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.gathered += other.gathered;
        self.buffered += other.buffered;
        self.compressed += other.compressed;
    }
}
