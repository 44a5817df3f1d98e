//! Arrays whose element type is known only at run time, and back.

use canning_core::{
    ArrayValue, Elem, Element, Result, SharedBytes,
    buffer::{Allocation, ArrayLayout, swap_bytes},
};
use ndarray::{Array, ArrayRef, ArrayView, Dimension};

use crate::{layout::inner_axes_of, strided, view};

/// Borrows an array of a [`Value`](canning_core::Value) as a view, in whatever layout it came.
///
/// Where the type of the elements is known, `value.read::<ArrayView2<f64>, _>()` does the same
/// for arrays anywhere in the value.
///
/// # Errors
///
/// When the elements or the number of axes are others, bits are not values of `A`, or the
/// memory is not aligned for `A`; and on a big-endian machine.
///
/// # Examples
///
/// ```
/// use canning_core::Value;
/// use canning_ndarray::view_of;
/// use ndarray::{ArrayViewD, array};
///
/// let value = Value::of(&("x", array![[1, 2], [3, 4]].t()))?;
/// let array = value.at(1).and_then(Value::as_array).ok_or("no array")?;
/// let view: ArrayViewD<i32> = view_of(array)?;
/// assert_eq!(view, array![[1, 3], [2, 4]].into_dyn());
/// assert_eq!(view.strides(), [1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn view_of<A: Element, D: Dimension>(value: &ArrayValue) -> Result<ArrayView<'_, A, D>> {
    view::of_received(value.received().into_view(Elem::of())?, inner_axes_of::<A>())
}

/// Copies an array into one that does not know its type. Layouts stay; gaps are not copied,
/// and broadcast items once.
///
/// # Errors
///
/// When the shape overflows, as that of a broadcast view may, or there is no memory.
///
/// # Examples
///
/// ```
/// use canning_ndarray::{value_of, view_of};
/// use ndarray::{ArrayView2, array};
///
/// let array = array![[1.5, 2.5]];
/// let value = value_of(&array)?;
/// assert_eq!(value.dtype().to_string(), "<f8");
/// let view: ArrayView2<f64> = view_of(&value)?;
/// assert_eq!(view, array);
/// # Ok::<(), canning_core::Error>(())
/// ```
pub fn value_of<A: Element, D: Dimension>(array: &ArrayRef<A, D>) -> Result<ArrayValue> {
    let raw = strided::run(array.view()).into_raw(Elem::of())?;
    let bytes = raw.buffer().to_allocation(align_of::<A>())?;
    of_parts::<A>(raw.layout().clone(), bytes)
}

/// Makes an array into one that does not know its type, without a copy where its items lie
/// in its allocation without gaps.
///
/// Otherwise the items are copied, as [`value_of`] does, or moved to the front of the
/// allocation.
///
/// # Errors
///
/// As [`value_of`].
pub fn into_value<A: Element, D: Dimension>(array: Array<A, D>) -> Result<ArrayValue> {
    let Some(dense @ [_, ..]) = array.as_slice_memory_order() else {
        return value_of(&array);
    };
    let (start, len) = (dense.as_ptr().addr(), dense.len());
    let layout = strided::run(array.view()).into_raw(Elem::of())?.layout().clone();
    let (mut items, _) = array.into_raw_vec_and_offset();
    if items.len() > len {
        let before = (start - items.as_ptr().addr()) / size_of::<A>();
        items.truncate(before + len);
        items.drain(..before);
    }
    of_parts::<A>(layout, Allocation::from_vec(items))
}

/// Puts an array together from bytes in this machine's order.
fn of_parts<A: Element>(layout: ArrayLayout, mut bytes: Allocation) -> Result<ArrayValue> {
    if cfg!(target_endian = "big") {
        swap_bytes(bytes.as_mut_slice(), A::DTYPE);
    }
    ArrayValue::from_parts(A::DTYPE.clone(), layout, SharedBytes::from_allocation(bytes))
}
