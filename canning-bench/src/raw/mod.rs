//! Raw memory: what nobody can be faster than.

pub(crate) use self::{
    frames::{Copy, FRESH, WARM, sending},
    smalls::{BUFFERED, buffered, clone},
};

pub(crate) mod files;
mod frames;
mod huge_pages;
#[cfg(target_os = "linux")]
pub(crate) mod shared;
mod smalls;
