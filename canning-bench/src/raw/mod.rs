//! Raw memory: what nobody can be faster than.

pub(crate) use self::{
    frames::{Copy, FRESH, WARM, sending},
    smalls::{BUFFERED, buffered, clone},
};

mod frames;
mod huge_pages;
mod smalls;
