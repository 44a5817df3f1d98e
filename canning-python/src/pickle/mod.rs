//! The machine language of pickles: reading one into a graph, where nothing is imported or called.

mod dialect;
pub(crate) mod load;
pub(crate) mod machine;
pub(crate) mod opcode;
