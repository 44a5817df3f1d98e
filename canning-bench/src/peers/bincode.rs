//! bincode 2, with numbers of fixed size; on a stream it encodes into and decodes out of the
//! stream's buffers, so that nothing is held as a whole.

use std::io::{Read, Write};

use ::bincode::{
    Decode, Encode,
    config::{self, Configuration, Fixint, LittleEndian},
};

use crate::{peers::format::Format, values::Value};

pub(crate) struct Bincode {
    block: Vec<u8>,
}

impl<T: Value + Encode + Decode<()>> Format<T> for Bincode {
    const NAME: &'static str = "bincode";

    const BUFFER: usize = 256 << 10;

    fn with_capacity(_: usize) -> Self {
        Self { block: Vec::new() }
    }

    fn encode(&mut self, value: &T) -> &[u8] {
        self.block = ::bincode::encode_to_vec(value, CONFIG).unwrap();
        &self.block
    }

    fn decode(&mut self, block: &[u8]) -> T {
        ::bincode::decode_from_slice(block, CONFIG).unwrap().0
    }

    fn send<W: Write>(&mut self, value: &T, writer: &mut W) {
        ::bincode::encode_into_std_write(value, writer, CONFIG).unwrap();
    }

    fn receive<R: Read>(&mut self, reader: &mut R, _: &mut Vec<u8>) -> Option<T> {
        ::bincode::decode_from_std_read(reader, CONFIG).ok()
    }
}

const CONFIG: Configuration<LittleEndian, Fixint> = config::standard().with_fixed_int_encoding();
