//! How an array lies in received memory, in ndarray's terms: numbers only, no memory.

use canning_core::{Element, Error, ErrorKind, Result, Uncan, buffer::ArrayLayout};
use ndarray::{ArrayBase, Axis, Dimension, RawData, ShapeBuilder, StrideShape};

/// The axes that items of `T` have themselves, as `[f32; 3]` has one.
pub(crate) fn inner_axes<'b, T: Uncan<'b, V>, V>() -> usize {
    T::ELEMENT.map_or(0, |elem| elem.element().inner().len())
}

/// As [`inner_axes`], of an element.
pub(crate) fn inner_axes_of<T: Element>() -> usize {
    T::INNER.as_slice().len()
}

/// The shape and the strides, all of them forward, of an array whose items begin at the
/// lowest address. The axes that are reversed are then to be [inverted](invert).
///
/// A layout in C order is given as such, which serves empty arrays, too: ndarray wants their
/// strides to be zero. A broadcast axis has the stride zero.
///
/// # Errors
///
/// [`ErrorKind::Rank`] when `D` has another number of axes. The numbers in it count the
/// `inner` axes of the items as well.
pub(crate) fn forward<D: Dimension>(layout: &ArrayLayout, inner: usize) -> Result<StrideShape<D>> {
    let rank = layout.shape().len();
    if let Some(expected) = D::NDIM.filter(|expected| *expected != rank) {
        return Err(Error::new(ErrorKind::Rank {
            expected: expected + inner,
            found: rank + inner,
        }));
    }
    let shape: D = dimension(layout.shape().iter().copied());
    if layout.is_c_order() {
        return Ok(shape.into());
    }
    let (strides, _) = layout.strides();
    let strides = dimension(strides.iter().map(|stride| stride.unsigned_abs()));
    Ok(shape.strides(strides))
}

/// Turns the reversed axes of an array around that was made with [`forward`] strides.
pub(crate) fn invert<S, D>(array: &mut ArrayBase<S, D>, layout: &ArrayLayout)
where
    S: RawData,
    D: Dimension,
{
    let axes = layout.axes().into_iter().flatten();
    for axis in axes.filter(|axis| axis.reversed) {
        array.invert_axis(Axis(axis.index));
    }
}

/// As many axes as there are lengths: their number was checked to be that of `D`.
fn dimension<D: Dimension>(lengths: impl ExactSizeIterator<Item = usize>) -> D {
    let mut dimension = D::zeros(lengths.len());
    for (axis, length) in dimension.slice_mut().iter_mut().zip(lengths) {
        *axis = length;
    }
    dimension
}
