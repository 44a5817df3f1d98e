//! Arrays in blocks along their first axis: taken apart for engines, and put together again.

mod capture;
mod join;
mod split;
mod whole;

pub(crate) use self::{
    join::{Part, join},
    split::{Block, split, split_arc},
};
