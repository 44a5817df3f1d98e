//! The frame as its arrays lie in shared memory.

use canning_core::{Canned, SharedSlice};

/// As [`Frame`](crate::values::Frame).
#[derive(Debug, Canned)]
pub(crate) struct Frame {
    pub(crate) step: u64,
    pub(crate) name: String,
    pub(crate) pos: SharedSlice<f64>,
    pub(crate) vel: SharedSlice<f64>,
    pub(crate) ids: SharedSlice<u32>,
}
