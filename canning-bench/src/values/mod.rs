//! The values that are canned: the same data each time.

pub(crate) use self::{
    made::{ArchivedFrame, Frame, Random, Small, Value},
    views::{Views, sum},
};

mod as_bytes;
pub(crate) mod borrowed;
pub(crate) mod by_hand;
pub(crate) mod derived;
mod made;
pub(crate) mod shared;
mod views;
