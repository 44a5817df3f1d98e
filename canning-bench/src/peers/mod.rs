//! Other crates on the same work, one a file, and the table of what each can do.

pub(crate) use self::{
    cases::SMALL_BUFFER,
    table::{FRAMES, SMALLS},
};

mod arrow;
mod arrow_cases;
mod bincode;
mod bitcode;
mod block;
mod borsh;
mod capnp;
mod cases;
mod format;
mod postcard;
mod rkyv;
mod rmp_serde;
mod safetensors;
mod table;
mod wincode;
