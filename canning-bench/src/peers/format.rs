//! What a crate has to do to be measured.

use std::io::{Read, Write};

use crate::{
    peers::block,
    values::{Value, Views},
};

/// A crate that encodes values as one block of bytes, and the memory that it works in.
pub(crate) trait Format<T: Value>: Send + 'static {
    const NAME: &'static str;

    /// The size of the stream's buffers on both sides; 0 for those that write and read whole
    /// blocks.
    const BUFFER: usize = 0;

    /// Expects values that take about so many bytes.
    fn with_capacity(bytes: usize) -> Self;

    /// Encodes a value in new memory.
    fn encode(&mut self, value: &T) -> &[u8];

    /// Encodes a value in the memory of the value before, if it can.
    fn encode_again(&mut self, value: &T) -> &[u8] {
        self.encode(value)
    }

    /// Makes an owned value of a block.
    fn decode(&mut self, block: &[u8]) -> T;

    /// Writes a value as one message.
    fn send<W: Write>(&mut self, value: &T, writer: &mut W) {
        block::write(self.encode_again(value), writer);
    }

    /// Reads a message and makes a value of it; none where the stream ends. `received` is memory
    /// for its bytes.
    fn receive<R: Read>(&mut self, reader: &mut R, received: &mut Vec<u8>) -> Option<T> {
        block::read(reader, received)?;
        Some(self.decode(received))
    }
}

/// A crate whose blocks can be used as they lie.
pub(crate) trait Access: Format<crate::values::Frame> {
    const NAME: &'static str;

    /// Checks a block and looks at the arrays in it.
    fn access<R>(&mut self, block: &[u8], look: impl FnOnce(Views<'_>) -> R) -> R;
}
