//! Pickles with out-of-band buffers (PEP 574).

pub use self::can::{can, can_arc};

mod can;
pub(crate) mod opcode;
