//! Arrays with strides: the only unsafe code of this crate.

use std::ptr::NonNull;

use canning_core::buffer::Run;
use ndarray::{ArrayView, Dimension};

/// The items of a view where they lie, whatever its strides.
pub(crate) fn run<A, D: Dimension>(view: ArrayView<'_, A, D>) -> Run<'_, A> {
    let first = NonNull::new(view.as_ptr().cast_mut()).expect("an array's pointer is not null");
    // SAFETY: `Run::of_strided` requires, for all indices below the shape:
    // - that `first` plus the indices times the strides is a valid item. ndarray, on `as_ptr`:
    //   "an element at multi-index I in an array with strides S is located at offset
    //   Σ I_k × S_k", in items. `first` is the item at `[0, …, 0]`, also where strides are
    //   negative. In an empty array there are no such indices, and `first` may dangle.
    // - that nobody writes it for the lifetime of the run: it is that of the view, which
    //   lends its items so long by safe methods, too.
    // - that all lie in one allocation, at distances that fit an `isize` in bytes: ndarray
    //   demands it of whoever makes a view of a pointer (`ArrayView::from_shape_ptr`), and
    //   checks it where it makes one of a slice. Items of size zero are all at one address.
    // - that shape and strides are equally long: one for each axis of the view.
    unsafe { Run::of_strided(first, view.shape(), view.strides()) }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, Array2, ArrayView2, Axis, ShapeBuilder, arr0, s};

    use super::*;

    fn items<A: Copy, D: Dimension>(view: ArrayView<'_, A, D>) -> Vec<A> {
        run(view).iter().copied().collect()
    }

    #[test]
    fn items_are_those_that_ndarray_iterates() {
        let whole = Array::from_shape_fn((4, 5, 6), |(i, j, k)| i * 100 + j * 10 + k);
        let mut reversed = whole.view();
        reversed.invert_axis(Axis(0));
        reversed.invert_axis(Axis(2));
        for view in [
            whole.view(),
            reversed,
            whole.slice(s![.., ..;-2, 1..;3]),
            whole.slice(s![3..4, ..;-1, ..;-5]),
            whole.slice(s![..;-1, 5.., ..]),
            whole.slice(s![4..;-1, .., ..]),
            whole.view().permuted_axes([2, 0, 1]),
            whole.slice(s![1..2, .., ..]).broadcast((7, 5, 6)).unwrap(),
        ] {
            assert_eq!(items(view), view.iter().copied().collect::<Vec<_>>());
        }
        assert_eq!(items(arr0(5).view()), [5]);
    }

    #[test]
    fn windows_that_overlap_are_items_again_and_again() {
        let items_in_memory = [1, 2, 3, 4, 5];
        let shape = (3, 3).strides((1, 1));
        let windows = ArrayView2::from_shape(shape, &items_in_memory).unwrap();
        assert_eq!(items(windows), [1, 2, 3, 2, 3, 4, 3, 4, 5]);
    }

    #[test]
    fn items_without_size_and_arrays_without_items() {
        let nothing = Array2::from_elem((2, 3), ());
        assert_eq!(items(nothing.slice(s![..;-1, ..;2])).len(), 4);
        assert!(items(Array2::<u64>::zeros((0, 3)).t()).is_empty());
        let whole = Array2::<u64>::zeros((2, 3));
        assert!(items(whole.slice(s![2.., ..;-2])).is_empty());
    }
}
