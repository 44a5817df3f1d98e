//! wincode: copies arrays of numbers as a whole.

use wincode::{
    SchemaRead, SchemaWrite,
    config::{self, Configuration, PREALLOCATION_SIZE_LIMIT_DISABLED},
};

use crate::{peers::format::Format, values::Value};

pub(crate) struct Wincode {
    block: Vec<u8>,
}

impl<T> Format<T> for Wincode
where
    T: Value + SchemaWrite<Config, Src = T> + for<'de> SchemaRead<'de, Config, Dst = T>,
{
    const NAME: &'static str = "wincode";

    fn with_capacity(_: usize) -> Self {
        Self { block: Vec::new() }
    }

    /// It computes the size first.
    fn encode(&mut self, value: &T) -> &[u8] {
        self.block = config::serialize(value, Config::new()).unwrap();
        &self.block
    }

    fn encode_again(&mut self, value: &T) -> &[u8] {
        if self.block.is_empty() {
            return self.encode(value);
        }
        self.block.clear();
        config::serialize_into(&mut self.block, value, Config::new()).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        config::deserialize(block, Config::new()).unwrap()
    }
}

/// As it comes, but that arrays above 4 MiB are decoded at all.
type Config = Configuration<true, PREALLOCATION_SIZE_LIMIT_DISABLED>;
