//! Views of received memory.

use canning_core::{
    Element, Error, Result, Uncan, array::uncan_view, buffer::ViewedArray, visitor::Uncanner,
};
use ndarray::{ArrayView, Dimension};

use crate::{
    layout::{forward, inner_axes_of, invert},
    marker::Nd,
};

/// Borrows the received memory. Every layout comes back as it went: permuted, reversed, and
/// broadcast.
///
/// It is an error where the memory cannot be borrowed: it lies in several pieces, or not at a
/// multiple of the element's alignment. [`CowArray`](ndarray::CowArray) then copies.
impl<'b: 'v, 'v, A, D> Uncan<'b, Nd> for ArrayView<'v, A, D>
where
    A: Element,
    D: Dimension,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        of_received(uncan_view(uncanner)?, inner_axes_of::<A>())
    }
}

/// Gives received items their layout.
///
/// # Errors
///
/// When `D` has another number of axes.
pub(crate) fn of_received<A, D: Dimension>(
    received: ViewedArray<'_, A>,
    inner: usize,
) -> Result<ArrayView<'_, A, D>> {
    let ViewedArray { layout, items } = received;
    let shape = forward(&layout, inner)?;
    let mut view = ArrayView::from_shape(shape, items).map_err(Error::custom)?;
    invert(&mut view, &layout);
    Ok(view)
}
