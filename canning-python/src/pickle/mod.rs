//! Pickles with out-of-band buffers (PEP 574): written, and read into a graph, where nothing is
//! imported or called.

pub use self::can::{can, can_arc};

mod can;
mod dialect;
pub(crate) mod load;
pub(crate) mod machine;
pub(crate) mod opcode;
