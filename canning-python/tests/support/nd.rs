//! An array of any shape, for tests that know no container of another crate.

use canning_core::{
    Can, Result, Uncan,
    array::{can_run, uncan_array},
    buffer::Run,
    visitor::{Canner, Uncanner},
};

/// An array: its shape, and its items in the order of their indices.
#[derive(Debug, PartialEq)]
pub(crate) struct Nd<T>(pub(crate) Vec<usize>, pub(crate) Vec<T>);

impl<T: Can> Can for Nd<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_run(Run::of_c_order(&self.1, &self.0)?, canner)
    }
}

impl<'b, T: Uncan<'b>> Uncan<'b> for Nd<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let array = uncan_array(uncanner)?;
        let shape = array.layout.shape().to_vec();
        let (items, copied) = array.into_c_order()?;
        uncanner.count_copy(copied);
        Ok(Self(shape, items))
    }
}
