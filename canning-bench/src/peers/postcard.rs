//! postcard, with arrays as `serde_bytes`.

use serde::{Serialize, de::DeserializeOwned};

use crate::{peers::format::Format, values::Value};

pub(crate) struct Postcard {
    block: Vec<u8>,
}

impl<T: Value + Serialize + DeserializeOwned> Format<T> for Postcard {
    const NAME: &'static str = "postcard";

    fn with_capacity(bytes: usize) -> Self {
        Self { block: Vec::with_capacity(bytes) }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.block.clear();
        postcard::to_io(value, &mut self.block).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        postcard::from_bytes(block).unwrap()
    }
}
