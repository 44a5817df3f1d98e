//! The same structs derived once more, for the comparison with those [by hand](super::by_hand):
//! both are used in the same places only, so that the compiler inlines both or neither.

use canning_core::Canned;

use crate::values;

/// As [`Small`](values::Small).
#[derive(Debug, PartialEq, Canned)]
pub(crate) struct Small {
    numbers: Vec<f64>,
    name: String,
}

impl From<values::Small> for Small {
    fn from(small: values::Small) -> Self {
        let values::Small { numbers, name } = small;
        Self { numbers, name }
    }
}

/// As [`Frame`](values::Frame).
#[derive(Debug, Canned)]
pub(crate) struct Frame {
    step: u64,
    name: String,
    pos: Vec<f64>,
    vel: Vec<f64>,
    ids: Vec<u32>,
}

impl From<values::Frame> for Frame {
    fn from(frame: values::Frame) -> Self {
        let values::Frame { step, name, pos, vel, ids } = frame;
        Self { step, name, pos, vel, ids }
    }
}
