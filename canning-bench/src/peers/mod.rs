//! Other crates on the same work, one a file, and the table of what each can do.

pub(crate) use self::{
    cases::SMALL_BUFFER,
    table::{FRAMES, SMALLS},
};

mod arrow;
mod arrow_cases;
pub(crate) mod arrow_files;
mod bincode;
mod bitcode;
mod block;
mod borsh;
mod capnp;
mod cases;
mod format;
#[cfg(target_os = "linux")]
pub(crate) mod iceoryx2;
#[cfg(target_os = "linux")]
pub(crate) mod ipc_channel;
pub(crate) mod npy;
mod postcard;
mod rkyv;
mod rmp_serde;
mod safetensors;
pub(crate) mod safetensors_files;
mod table;
mod wincode;
