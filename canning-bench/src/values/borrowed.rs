//! The frame as a receiver has it that borrows the arrays.

use canning_core::Canned;

use crate::values::Views;

/// As [`Frame`](crate::values::Frame).
#[derive(Debug, Canned)]
pub(crate) struct Frame<'a> {
    pub(crate) step: u64,
    pub(crate) name: &'a str,
    pub(crate) pos: &'a [f64],
    pub(crate) vel: &'a [f64],
    pub(crate) ids: &'a [u32],
}

impl<'a> Frame<'a> {
    pub(crate) fn views(&self) -> Views<'a> {
        assert_eq!((self.step, self.name), (123_456, "particles"));
        Views { pos: self.pos, vel: self.vel, ids: self.ids }
    }
}
