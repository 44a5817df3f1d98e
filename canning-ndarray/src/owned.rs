//! Arrays that own their memory, alone or together with others.

use std::mem;

use canning_core::{
    Error, Result, Uncan,
    array::{recycle_vec, uncan_array},
    buffer::{OwnedArray, Pool},
    visitor::Uncanner,
};
use ndarray::{ArcArray, Array, Dimension};

use crate::{
    layout::{forward, inner_axes, invert},
    marker::Nd,
};

/// Takes the received allocation over; the order and the direction of the axes come back as
/// they went. A broadcast array is materialised, which is counted as a copy: ndarray has no
/// owned array with a zero stride.
impl<'b, A, D, V> Uncan<'b, Nd<V>> for Array<A, D>
where
    A: Uncan<'b, V>,
    D: Dimension,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        of_received(uncan_array(uncanner)?, inner_axes::<A, V>())
    }

    fn recycle(&mut self, pool: &Pool) {
        if self.ndim() == 0 {
            // It always has an item.
            self.iter_mut().for_each(|item| item.recycle(pool));
            return;
        }
        let shape = D::zeros(self.ndim());
        let nothing = Self::from_shape_simple_fn(shape, || unreachable!("it has no items"));
        let (mut items, _) = mem::replace(self, nothing).into_raw_vec_and_offset();
        recycle_vec(&mut items, pool);
    }
}

/// As an owned array, whose memory clones then share.
impl<'b, A, D, V> Uncan<'b, Nd<V>> for ArcArray<A, D>
where
    A: Uncan<'b, V>,
    D: Dimension,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        Array::uncan(uncanner).map(Self::from)
    }
}

/// Gives received items their layout, without a copy.
///
/// # Errors
///
/// When `D` has another number of axes.
pub(crate) fn of_received<A, D: Dimension>(
    received: OwnedArray<A>,
    inner: usize,
) -> Result<Array<A, D>> {
    let OwnedArray { layout, items } = received;
    let shape = forward(&layout, inner)?;
    let mut array = Array::from_shape_vec(shape, items).map_err(Error::custom)?;
    invert(&mut array, &layout);
    Ok(array)
}
