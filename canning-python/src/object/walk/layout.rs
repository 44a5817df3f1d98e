//! Where the items of an array of NumPy's lie, as core says it.

use std::ops::Range;

use canning_core::{
    ErrorKind, Result,
    buffer::{Allocation, ArrayLayout, Axis},
};

use crate::{numpy::Conversion, object::view::ArrayView};

/// An array whose items lie without gaps.
#[derive(Debug)]
pub(super) struct Dense {
    pub(super) layout: ArrayLayout,
    /// The bytes of its memory that are its items.
    pub(super) range: Range<usize>,
}

/// Finds the layout of an array; `None` where there are gaps between its items, or they overlap.
pub(super) fn dense(array: &ArrayView<'_>) -> Result<Option<Dense>> {
    let (shape, start) = (array.shape(), array.offset());
    if shape.contains(&0) {
        let layout = ArrayLayout::c_order(shape)?;
        return Ok(Some(Dense { layout, range: start..start }));
    }
    if array.is_c_contiguous() {
        let range = start..start.saturating_add(array.len_in_bytes());
        return Ok(Some(Dense { layout: ArrayLayout::c_order(shape)?, range }));
    }
    // From the slowest to the fastest; axes of one item, which have no stride, are the slowest.
    let mut axes: Vec<(usize, usize, isize)> = (0..)
        .zip(shape.iter().zip(array.strides()))
        .filter(|(_, (len, stride))| **len == 1 || **stride != 0)
        .map(|(index, (len, stride))| (index, *len, *stride))
        .collect();
    axes.sort_by_key(|(_, len, stride)| {
        std::cmp::Reverse(if *len == 1 { usize::MAX } else { stride.unsigned_abs() })
    });
    let mut len_in_bytes = array.dtype().item_size();
    let mut first = start;
    for (_, len, stride) in axes.iter().rev().filter(|(_, len, _)| *len > 1) {
        if stride.unsigned_abs() != len_in_bytes {
            return Ok(None);
        }
        if *stride < 0 {
            first = first.saturating_sub((len - 1).saturating_mul(len_in_bytes));
        }
        len_in_bytes = len_in_bytes.saturating_mul(*len);
    }
    let axes: Vec<Axis> = axes
        .into_iter()
        .map(|(index, len, stride)| Axis { index, reversed: len > 1 && stride < 0 })
        .collect();
    let layout = ArrayLayout::new(shape, Some(&axes))?;
    Ok(Some(Dense { layout, range: first..first.saturating_add(len_in_bytes) }))
}

/// The layout that items get when they are gathered: C order, but that broadcast axes stay so.
pub(super) fn gathered(array: &ArrayView<'_>) -> Result<ArrayLayout> {
    let axes: Vec<Axis> = kept(array).map(|index| Axis { index, reversed: false }).collect();
    ArrayLayout::new(array.shape(), Some(&axes))
}

/// The axes that have memory of their own.
fn kept(array: &ArrayView<'_>) -> impl Iterator<Item = usize> {
    let lens = array.shape().iter().zip(array.strides());
    (0..).zip(lens).filter(|(_, (len, stride))| **len == 1 || **stride != 0).map(|(at, _)| at)
}

/// Converts items that lie without gaps.
pub(super) fn convert(
    items: &[u8],
    conversion: &Conversion,
    layout: &ArrayLayout,
) -> Result<Allocation> {
    let mut target = zeroed(conversion, layout)?;
    conversion.apply(items, target.as_mut_slice());
    Ok(target)
}

/// Converts and gathers items, out of all the memory of an array, in the order of
/// [`gathered`].
pub(super) fn gather(
    array: &ArrayView<'_>,
    memory: &[u8],
    conversion: &Conversion,
    layout: &ArrayLayout,
) -> Result<Allocation> {
    let mut allocation = zeroed(conversion, layout)?;
    let axes: Vec<(usize, isize)> = kept(array)
        .filter_map(|at| Some((*array.shape().get(at)?, *array.strides().get(at)?)))
        .filter(|(len, _)| *len != 1)
        .collect();
    let mut gather = Gather {
        memory,
        conversion,
        size: array.dtype().item_size(),
        target: allocation.as_mut_slice(),
    };
    gather.axes(array.offset(), &axes);
    Ok(allocation)
}

struct Gather<'g> {
    memory: &'g [u8],
    conversion: &'g Conversion,
    size: usize,
    /// Where the next items go.
    target: &'g mut [u8],
}

impl Gather<'_> {
    fn axes(&mut self, at: usize, axes: &[(usize, isize)]) {
        match axes {
            [] => self.items(at, 1),
            &[(len, stride)] if stride == self.size.cast_signed() => self.items(at, len),
            [(len, stride), inner @ ..] => {
                let mut at = at;
                for _ in 0..*len {
                    self.axes(at, inner);
                    at = at.wrapping_add_signed(*stride);
                }
            }
        }
    }

    fn items(&mut self, at: usize, count: usize) {
        let (from, to) = (self.size, self.conversion.dtype().item_size());
        let source = self.memory.get(at..at.saturating_add(from.saturating_mul(count)));
        let target = std::mem::take(&mut self.target);
        let (items, rest) = target.split_at_mut(to.saturating_mul(count).min(target.len()));
        self.conversion.apply(source.unwrap_or_default(), items);
        self.target = rest;
    }
}

fn zeroed(conversion: &Conversion, layout: &ArrayLayout) -> Result<Allocation> {
    let dtype = conversion.dtype();
    let len = layout.stored_count().checked_mul(dtype.item_size());
    let len = len.ok_or(ErrorKind::Layout("the shape overflows"))?;
    Allocation::zeroed(len, dtype.align())
}
