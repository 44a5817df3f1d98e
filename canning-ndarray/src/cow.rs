//! Arrays that are borrowed where the received memory can be.

use canning_core::{
    Result, Uncan,
    array::{LentArray, uncan_lent},
    visitor::Uncanner,
};
use ndarray::{CowArray, Dimension};

use crate::{layout::inner_axes, marker::Nd, owned, view};

/// A view where the memory lies in the received object in one piece and aligned, whatever the
/// order of its axes, and broadcast ones, too.
///
/// Otherwise it becomes an owned array, with whatever copy that takes counted: where the
/// buffer was moved out of the object, lies in several pieces, or is not aligned. Items that
/// are not elements always are owned.
impl<'b: 'v, 'v, A, D, V> Uncan<'b, Nd<V>> for CowArray<'v, A, D>
where
    A: Uncan<'b, V>,
    D: Dimension,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let inner = inner_axes::<A, V>();
        Ok(match uncan_lent(uncanner)? {
            LentArray::Viewed(items) => view::of_received(items, inner)?.into(),
            LentArray::Owned(items) => owned::of_received(items, inner)?.into(),
        })
    }
}
