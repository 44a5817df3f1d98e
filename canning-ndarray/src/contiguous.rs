//! Arrays that lie in C order: slices, which need nothing of their strides.

use canning_core::{
    Can, Result,
    array::{can_run, can_slice},
    buffer::Run,
    visitor::Canner,
};
use ndarray::{ArrayView, Dimension};

use crate::strided;

/// Cans an array: as a slice where it is one, and otherwise by its strides.
///
/// # Errors
///
/// As [`Can::can`]; and when the shape overflows, as that of a broadcast view may.
pub(crate) fn can_view<'a, A, D, V, C>(view: ArrayView<'a, A, D>, canner: &mut C) -> Result<()>
where
    A: Can<V>,
    D: Dimension,
    C: Canner<'a>,
{
    match view.to_slice() {
        // The fast path of small arrays.
        Some(items) if view.ndim() == 1 => can_slice(items, canner),
        Some(items) => can_run(Run::of_c_order(items, view.shape())?, canner),
        None => can_run(strided::run(view), canner),
    }
}
