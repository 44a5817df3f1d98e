//! A container's items in memory, with their type: what an adapter hands to core.

use std::{fmt, marker::PhantomData, ptr::NonNull};

use smallvec::SmallVec;

use crate::{
    buffer::{Shape, blob::Buffer, cast, layout::ArrayLayout, memory::Memory, raw::RawArray},
    element::Elem,
    error::{ErrorKind, Result},
};

/// The items of a container where they lie: a slice, two slices, or a strided array.
///
/// [`can_run`](crate::array::can_run) sends it as raw memory if the items are elements, and
/// as a list of items if not.
pub struct Run<'a, T> {
    /// # Invariants
    ///
    /// 0. For all indices below `shape`, the item at `start` plus the indices times
    ///    `strides` is a valid `T`, shared for `'a`. All lie in one allocation, and their
    ///    distances in bytes fit an `isize`.
    start: NonNull<T>,
    shape: Shape,
    /// In items, one for each axis of `shape`.
    strides: SmallVec<[isize; 4]>,
    /// The second piece of a ring buffer; `shape` is one-dimensional then.
    second: &'a [T],
    marker: PhantomData<&'a [T]>,
}

impl<'a, T> Run<'a, T> {
    /// One slice: an array of one axis.
    pub fn of_slice(items: &'a [T]) -> Self {
        Self::of_slices(items, &[])
    }

    /// Two slices that follow each other, as the pieces of a `VecDeque`.
    pub fn of_slices(first: &'a [T], second: &'a [T]) -> Self {
        Self {
            start: NonNull::from(first).cast(),
            shape: SmallVec::from_slice(&[first.len()]),
            strides: SmallVec::from_slice(&[1]),
            second,
            marker: PhantomData,
        }
    }

    /// A dense array in C order.
    ///
    /// # Errors
    ///
    /// When the product of `shape` is not the number of items.
    pub fn of_c_order(items: &'a [T], shape: &[usize]) -> Result<Self> {
        Self::of_layout(items, &ArrayLayout::c_order(shape)?)
    }

    /// A dense array in any order of its axes: of columns, say.
    ///
    /// # Errors
    ///
    /// When the layout stores another number of items.
    ///
    /// # Examples
    ///
    /// ```
    /// use canning_core::buffer::{ArrayLayout, Axis, Run};
    ///
    /// let columns = [1, 4, 2, 5, 3, 6];
    /// let axes = [1, 0].map(|index| Axis { index, reversed: false });
    /// let run = Run::of_layout(&columns, &ArrayLayout::new(&[2, 3], Some(&axes))?)?;
    /// assert!(run.iter().eq(&[1, 2, 3, 4, 5, 6]));
    /// # Ok::<(), canning_core::Error>(())
    /// ```
    pub fn of_layout(items: &'a [T], layout: &ArrayLayout) -> Result<Self> {
        let (expected, found) = (layout.stored_count(), items.len());
        if expected != found {
            return Err(ErrorKind::Length { expected, found }.into());
        }
        let (strides, first) = layout.strides();
        // SAFETY: `add` requires the place to lie in the same allocation: it is that of one of
        // the stored items, which are `items`; or zero, where there are none.
        let start = unsafe { NonNull::from(items).cast::<T>().add(first) };
        // Invariant 0: the strides reach the stored items and no others.
        Ok(Self { start, shape: layout.shape().into(), strides, second: &[], marker: PhantomData })
    }

    /// A strided array: `start` is the item at `[0, …, 0]`, `strides` are in items.
    ///
    /// # Safety
    ///
    /// For all indices below `shape`, the item at `start` plus the indices times `strides` is
    /// a valid `T` that nobody writes for `'a`. All lie in one allocation, and their distances
    /// in bytes fit an `isize`. The two slices are equally long.
    pub unsafe fn of_strided(start: NonNull<T>, shape: &[usize], strides: &[isize]) -> Self {
        Self {
            start,
            shape: shape.into(),
            strides: strides.into(),
            second: &[],
            marker: PhantomData,
        }
    }

    /// The shape. Of two slices of items without size, whose lengths together overflow, it is at most `usize::MAX`.
    pub fn shape(&self) -> Shape {
        let mut shape = self.shape.clone();
        if let ([len], [_, ..]) = (shape.as_mut_slice(), self.second) {
            *len = len.saturating_add(self.second.len());
        }
        shape
    }

    /// The items, in the order of their indices, the last axis the fastest.
    pub fn iter(&self) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let (start, shape, strides) = (self.start, self.shape.clone(), self.strides.clone());
        let count = shape.iter().product();
        let first = (0..count).map(move |position| {
            let (mut rest, mut offset) = (position, 0_isize);
            for (len, stride) in shape.iter().zip(&strides).rev() {
                offset += (rest % len).cast_signed() * stride;
                rest /= len;
            }
            // SAFETY: `offset` requires the item to lie in the same allocation, at a distance
            // that fits an `isize`: invariant 0, as every index is below its length.
            let item = unsafe { start.offset(offset) };
            // SAFETY: `as_ref` requires a valid item that nobody writes for `'a`: invariant 0.
            unsafe { item.as_ref() }
        });
        first.chain(self.second)
    }

    /// Forgets the type: the memory with its dtype and layout.
    ///
    /// # Errors
    ///
    /// When the shape overflows the address space, as a broadcast view may; or the bytes do,
    /// as those of windows that overlap may.
    pub fn into_raw(self, elem: Elem<T>) -> Result<RawArray<'a>> {
        let element = elem.element();
        let (layout, walk) = ArrayLayout::of_strides(&self.shape, &self.strides)?;
        let size = element.size();
        let len = layout.stored_bytes(element.inner(), size)?;
        let (layout, memory) = if self.second.is_empty() {
            // SAFETY: `offset` requires the lowest item to lie in the same allocation:
            // invariant 0 of `Run`; of an empty array the start is 0.
            let lowest = unsafe { self.start.offset(walk.start) };
            let outer = walk.outer.iter().map(|(len, step)| (*len, step * size)).collect();
            let run = walk.run * size;
            // SAFETY: `Memory::of_strided` requires:
            // - its invariant 0: the walk visits the items of the array (invariant 0 here),
            //   whose bytes are initialised: promise 0 of `Element`, which `elem` witnesses.
            // - its invariant 1: the walk visits each stored item once (`of_strides`), and
            //   `len` did not overflow.
            // - no zero length: an empty array is one run without items.
            (layout, unsafe { Memory::of_strided(lowest.cast(), outer, run, len) })
        } else {
            let len = self.shape.iter().product();
            // SAFETY: `from_raw_parts`: two slices are only made by `of_slices`, of which this
            // is the first.
            let first = unsafe { std::slice::from_raw_parts(self.start.as_ptr(), len) };
            let memory = Memory::of_two(cast::bytes(first, elem), cast::bytes(self.second, elem));
            (ArrayLayout::one_axis(len + self.second.len()), memory)
        };
        let layout = layout.with_inner(element.inner());
        // SAFETY: `Buffer::of_memory` requires memory that lives, and is not written, for `'a`:
        // invariant 0 of `Run`, and the borrow of the second piece.
        let buffer = unsafe { Buffer::of_memory(memory) };
        Ok(RawArray::new(element.dtype(), layout, buffer))
    }
}

impl<T> fmt::Debug for Run<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("shape", &self.shape())
            .field("strides", &self.strides)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strided<'a>(
        items: &'a [i32],
        start: usize,
        shape: &[usize],
        strides: &[isize],
    ) -> Run<'a, i32> {
        // SAFETY: every test gives indices within `items`.
        unsafe { Run::of_strided(NonNull::from(&items[start]), shape, strides) }
    }

    #[test]
    fn items_come_in_the_order_of_their_indices() {
        let items: Vec<i32> = (0..24).collect();
        let run = strided(&items, 23, &[2, 3], &[-1, -8]);
        assert_eq!(run.iter().copied().collect::<Vec<_>>(), [23, 15, 7, 22, 14, 6]);
        let run = Run::of_slices(&items[3..5], &items[..2]);
        assert_eq!(run.iter().copied().collect::<Vec<_>>(), [3, 4, 0, 1]);
        assert_eq!(run.shape().as_slice(), [4]);
        assert_eq!(format!("{run:?}"), "Run { shape: [4], strides: [1], .. }");
        let run = Run::of_slices(&items[..3], &items[..2]);
        assert_eq!(run.shape().as_slice(), [5]);
    }

    #[test]
    fn layouts_of_a_slice_need_no_strides() {
        for (shape, strides) in
            [(&[2, 3][..], &[-1, 2][..]), (&[3, 2], &[0, -1]), (&[0, 2], &[1, 1])]
        {
            let (layout, _) = ArrayLayout::of_strides(shape, strides).unwrap();
            let items: Vec<_> = (0..layout.stored_count()).collect();
            let run = Run::of_layout(&items, &layout).unwrap();
            assert!(run.iter().copied().eq(layout.positions()));
            assert_eq!(run.into_raw(Elem::of()).unwrap().layout(), &layout);
            assert!(Run::of_layout(&[1; 7], &layout).is_err());
        }
    }

    #[test]
    fn memory_is_walked_from_low_to_high_addresses() {
        let items: Vec<i32> = (0..24).collect();
        let raw = strided(&items, 23, &[2, 3], &[-1, -8]).into_raw(Elem::of()).unwrap();
        let bytes = raw.buffer().to_allocation(4).unwrap();
        let sent = bytes.try_into_vec(Elem::<i32>::of()).unwrap();
        assert_eq!(sent, [6, 7, 14, 15, 22, 23]);
        let (strides, first) = raw.layout().strides();
        assert_eq!((strides.as_slice(), first), (&[-1, -2][..], 5));
    }

    #[test]
    fn two_slices_are_one_array_of_their_memory() {
        let items: Vec<u16> = (0..6).collect();
        for (first, second) in [(2..5, 0..2), (0..0, 1..4), (3..6, 0..0), (0..0, 0..0)] {
            let (first, second) = (&items[first], &items[second]);
            let raw = Run::of_slices(first, second).into_raw(Elem::of()).unwrap();
            let places = [first, second].into_iter().filter(|items| !items.is_empty());
            let places: Vec<_> =
                places.map(|items| (items.as_ptr().cast(), 2 * items.len())).collect();
            let sent: Vec<_> = raw.buffer().segments().map(|s| (s.as_ptr(), s.len())).collect();
            assert_eq!(sent, places);
            assert_eq!(raw.layout().shape(), [first.len() + second.len()]);
        }
    }

    #[test]
    fn more_items_than_can_be_counted_do_not_overflow() {
        let items = vec![(); usize::MAX];
        assert_eq!(Run::of_slices(&items, &items[..2]).shape().as_slice(), [usize::MAX]);
    }

    #[test]
    fn more_bytes_than_there_can_be_are_refused() {
        // Windows that overlap: of 800 kB, 50,000 to the fourth power items of four bytes.
        let items = vec![0; 200_000];
        let windows = strided(&items, 0, &[50_000; 4], &[1; 4]);
        let refused = windows.into_raw(Elem::of()).unwrap_err();
        assert_eq!(refused.to_string(), "impossible array layout: the shape overflows");
    }

    #[test]
    fn broadcast_items_are_sent_once_and_empty_arrays_have_no_bytes() {
        let items = [7, 8];
        let raw = strided(&items, 0, &[1000, 2], &[0, 1]).into_raw(Elem::of()).unwrap();
        assert_eq!(raw.buffer().len(), 8);
        let most = isize::MAX.cast_unsigned();
        // SAFETY: every index is that of the only item.
        let run = unsafe { Run::of_strided(NonNull::from(&[0_i32; 2]), &[most], &[0]) };
        let refused = run.into_raw(Elem::of()).unwrap_err();
        assert_eq!(refused.to_string(), "impossible array layout: the shape overflows");
        let raw = strided(&items, 1, &[5, 0], &[-3, 100]).into_raw(Elem::of()).unwrap();
        assert!(raw.buffer().is_empty());
        assert_eq!(raw.layout().shape(), [5, 0]);
    }
}
