//! MessagePack by rmp-serde, with arrays as `serde_bytes`, and structs without names.

use ::rmp_serde::{encode, from_slice};
use serde::{Serialize, de::DeserializeOwned};

use crate::{peers::format::Format, values::Value};

pub(crate) struct RmpSerde {
    block: Vec<u8>,
}

impl<T: Value + Serialize + DeserializeOwned> Format<T> for RmpSerde {
    const NAME: &'static str = "rmp_serde";

    fn with_capacity(bytes: usize) -> Self {
        Self { block: Vec::with_capacity(bytes) }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.block.clear();
        encode::write(&mut self.block, value).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        from_slice(block).unwrap()
    }
}
