//! borsh: writes one number after the other.

use ::borsh::{BorshDeserialize, BorshSerialize, from_slice, to_writer};

use crate::{peers::format::Format, values::Value};

pub(crate) struct Borsh {
    block: Vec<u8>,
}

impl<T: Value + BorshSerialize + BorshDeserialize> Format<T> for Borsh {
    const NAME: &'static str = "borsh";

    fn with_capacity(bytes: usize) -> Self {
        Self { block: Vec::with_capacity(bytes) }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.block.clear();
        to_writer(&mut self.block, value).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        from_slice(block).unwrap()
    }
}
