//! bitcode: keeps the fields of all values of a type in columns.

use bitcode::{Buffer, Decode, Encode};

use crate::{peers::format::Format, values::Value};

pub(crate) struct Bitcode {
    block: Vec<u8>,
    buffer: Buffer,
}

impl<T: Value + Encode + for<'a> Decode<'a>> Format<T> for Bitcode {
    const NAME: &'static str = "bitcode";

    fn with_capacity(_: usize) -> Self {
        Self { block: Vec::new(), buffer: Buffer::new() }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.block = bitcode::encode(value);
        &self.block
    }

    fn encode_again(&mut self, value: &T) -> &[u8] {
        self.buffer.encode(value)
    }

    fn decode(&mut self, block: &[u8]) -> T {
        self.buffer.decode(block).unwrap()
    }
}
