//! wincode: copies arrays of numbers as a whole.

use std::marker::PhantomData;

use wincode::{
    SchemaRead, SchemaWrite,
    config::{self, Config, Configuration, DefaultConfig, PREALLOCATION_SIZE_LIMIT_DISABLED},
};

use crate::{peers::format::Format, values::Value};

pub(crate) struct Wincode<S> {
    block: Vec<u8>,
    setting: PhantomData<S>,
}

impl<T, S> Format<T> for Wincode<S>
where
    T: Value + SchemaWrite<S::Config, Src = T> + for<'de> SchemaRead<'de, S::Config, Dst = T>,
    S: Setting,
{
    const NAME: &'static str = S::NAME;

    fn with_capacity(_: usize) -> Self {
        Self { block: Vec::new(), setting: PhantomData }
    }

    /// It computes the size first.
    fn encode(&mut self, value: &T) -> &[u8] {
        self.block = config::serialize(value, S::config()).unwrap();
        &self.block
    }

    fn encode_again(&mut self, value: &T) -> &[u8] {
        if self.block.is_empty() {
            return self.encode(value);
        }
        self.block.clear();
        config::serialize_into(&mut self.block, value, S::config()).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        config::deserialize(block, S::config()).unwrap()
    }
}

/// How it is configured, and what it is called then.
pub(crate) trait Setting: Send + 'static {
    const NAME: &'static str;
    type Config: Config;
    fn config() -> Self::Config;
}

/// As it comes.
pub(crate) struct Usual;

impl Setting for Usual {
    const NAME: &'static str = "wincode";
    type Config = DefaultConfig;

    fn config() -> Self::Config {
        Configuration::new()
    }
}

/// Without the limit of 4 MiB for an array, which it checks while it encodes as well: frames cannot
/// do with it.
pub(crate) struct Large;

impl Setting for Large {
    const NAME: &'static str = "wincode";
    type Config = Configuration<true, PREALLOCATION_SIZE_LIMIT_DISABLED>;

    fn config() -> Self::Config {
        Configuration::new()
    }
}

/// The same for small objects, where it is a choice.
pub(crate) struct Unlimited;

impl Setting for Unlimited {
    const NAME: &'static str = "wincode_unlimited";
    type Config = <Large as Setting>::Config;

    fn config() -> Self::Config {
        Large::config()
    }
}
