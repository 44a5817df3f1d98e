//! Memory on its way: segments to send, allocations to receive into, and shared slices.
//!
//! A value's memory leaves as a [`Buffer`], which is logically contiguous on the wire but may
//! lie in many segments. It arrives in an [`Allocation`] of the receiver's, which a `Vec` can
//! take over, or in [`SharedBytes`]. An [`ArrayLayout`] says how the items of an array lie in
//! a buffer. A [`Pool`] keeps memory to be used again. All unsafe code that touches array memory is in this module.

pub use self::{
    allocation::Allocation,
    blob::Buffer,
    byte_order::swap_bytes,
    cast::{bytes_mut, text},
    copied::Copied,
    keeper::can_arc,
    layout::{ArrayLayout, Axis, Shape},
    memory::{Gather, Segments},
    pool::Pool,
    raw::RawArray,
    received::{OwnedArray, ReceivedArray, SharedArray, ViewedArray},
    run::Run,
    shared::{SharedBytes, SharedSlice},
};

mod allocation;
mod blob;
mod byte_order;
pub(crate) mod cast;
mod copied;
mod huge_pages;
mod keeper;
mod layout;
mod memory;
mod pool;
mod raw;
mod received;
pub mod room;
mod run;
mod shared;
