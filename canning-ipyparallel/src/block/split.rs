//! Arrays taken apart.

use std::{borrow::Cow, ops::Range, sync::Arc};

use canning_core::{
    Can, Dtype, ErrorKind, Result,
    buffer::{Allocation, ArrayLayout, Buffer, RawArray},
    visitor::Canner,
};

use super::capture::{array_of, array_of_arc};

/// A block of an array: some of its rows, all that belongs to them included.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    dtype: Dtype,
    layout: ArrayLayout,
    buffer: Buffer<'a>,
}

/// Takes an array apart, into `count` blocks of rows, which borrow it.
///
/// # Errors
///
/// When the value is not an array of elements, or one without axes.
pub(crate) fn split<T: Can<V> + ?Sized, V>(value: &T, count: usize) -> Result<Vec<Block<'_>>> {
    split_array(array_of(value)?, count)
}

/// Takes an array apart that the blocks keep.
///
/// # Errors
///
/// As [`split`].
pub(crate) fn split_arc<T, V>(value: &Arc<T>, count: usize) -> Result<Vec<Block<'static>>>
where
    T: Can<V> + Send + Sync + 'static,
{
    split_array(array_of_arc(value)?, count)
}

/// Takes an array apart into `count` blocks along its first axis, the first ones a row longer
/// where it does not come out even, as ipyparallel does.
///
/// Nothing is copied where the rows lie one after the other in memory. Otherwise all of it is,
/// once, into C order.
fn split_array(array: RawArray<'_>, count: usize) -> Result<Vec<Block<'_>>> {
    let dtype = array.dtype().clone();
    let shape = array.layout().shape();
    let Some(&rows) = shape.first() else {
        return Err(ErrorKind::Rank { expected: 1, found: 0 }.into());
    };
    let (layout, buffer) = match rows_lie_in_order(array.layout()) {
        true => (array.layout().clone(), array.into_buffer()),
        false => (ArrayLayout::c_order(shape)?, to_c_order(&array)?.into()),
    };
    let buffer = match buffer.as_slice() {
        Some(_) => buffer,
        None => buffer.to_allocation(dtype.align())?.into(),
    };
    // Of all axes that have memory; there may be none.
    let row_bytes = buffer.len().checked_div(rows).unwrap_or(0);
    (0..count)
        .map(|index| {
            let Range { start, end } = rows_of(rows, count, index);
            let mut shape = layout.shape().to_vec();
            if let Some(first) = shape.first_mut() {
                *first = end - start;
            }
            let part = buffer.part(start * row_bytes..end * row_bytes);
            Ok(Block {
                dtype: dtype.clone(),
                layout: ArrayLayout::new(&shape, layout.axes())?,
                buffer: part.ok_or(ErrorKind::NotContiguous)?,
            })
        })
        .collect()
}

/// The rows of the block with this number.
fn rows_of(rows: usize, count: usize, index: usize) -> Range<usize> {
    let (length, longer) = (rows / count.max(1), rows % count.max(1));
    let start = index * length + index.min(longer);
    start..start + length + usize::from(index < longer)
}

/// Whether the first axis is the slowest in memory, and goes forward.
fn rows_lie_in_order(layout: &ArrayLayout) -> bool {
    let Some(axes) = layout.axes() else { return true };
    // An axis of one item may stand anywhere.
    let is_long = |index: usize| layout.shape().get(index).is_some_and(|len| *len != 1);
    axes.iter()
        .find(|axis| axis.index == 0 || is_long(axis.index))
        .is_some_and(|axis| axis.index == 0 && !axis.reversed)
}

fn to_c_order(array: &RawArray<'_>) -> Result<Allocation> {
    let dtype = array.dtype();
    let size = dtype.item_size();
    let stored = array.buffer().to_allocation(dtype.align())?;
    let len = array
        .layout()
        .count()
        .checked_mul(size)
        .ok_or(ErrorKind::OutOfMemory { bytes: usize::MAX })?;
    let mut ordered = Allocation::with_capacity(len, dtype.align())?;
    for position in array.layout().positions() {
        let item = stored.as_slice().get(position * size..(position + 1) * size);
        ordered.extend_from_slice(item.unwrap_or_default())?;
    }
    Ok(ordered)
}

impl Can for Block<'_> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let whole = self.buffer.part(0..self.buffer.len()).ok_or(ErrorKind::NotContiguous)?;
        let dtype = Cow::Borrowed(&self.dtype);
        canner.array(RawArray::from_parts(dtype, self.layout.clone(), whole)?)
    }
}

#[cfg(test)]
mod tests {
    use canning_core::buffer::Axis;

    use super::*;

    #[test]
    fn blocks_are_even_but_for_one_row_and_lie_in_the_array() {
        let numbers: Vec<f64> = (0..10).map(f64::from).collect();
        let blocks = split(&numbers, 4).unwrap();
        let lengths: Vec<usize> = blocks.iter().map(|block| block.layout.shape()[0]).collect();
        assert_eq!(lengths, [3, 3, 2, 2]);
        let second = blocks[1].buffer.as_slice().unwrap();
        assert_eq!(second.as_ptr(), numbers[3..].as_ptr().cast());
    }

    #[test]
    fn there_may_be_fewer_rows_than_blocks() {
        let pairs = vec![[1_u8, 2]; 2];
        let blocks = split(&pairs, 3).unwrap();
        let shapes: Vec<&[usize]> = blocks.iter().map(|block| block.layout.shape()).collect();
        assert_eq!(shapes, [[1, 2], [1, 2], [0, 2]]);
        assert_eq!(split(&Vec::<f64>::new(), 2).unwrap().len(), 2);
    }

    #[test]
    fn what_has_no_rows_is_refused() {
        assert!(split("text", 2).is_err());
        assert!(split(&1.0, 2).is_err());
    }

    /// An array of bytes in some order of memory.
    struct Ordered(Vec<u8>, ArrayLayout);

    impl Can for Ordered {
        fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
            let dtype = Cow::Owned(Dtype::Scalar(canning_core::Scalar::U8));
            let buffer = Buffer::borrowed(&self.0);
            canner.array(RawArray::from_parts(dtype, self.1.clone(), buffer)?)
        }
    }

    fn blocks(shape: &[usize], axes: &[(usize, bool)]) -> (Vec<Vec<u8>>, bool) {
        let axes: Vec<Axis> =
            axes.iter().map(|&(index, reversed)| Axis { index, reversed }).collect();
        let layout = ArrayLayout::new(shape, Some(&axes)).unwrap();
        let len = u8::try_from(layout.stored_count()).unwrap();
        let array = Ordered((0..len).collect(), layout);
        let blocks = split(&array, 2).unwrap();
        let within = array.0.as_ptr_range();
        let borrows = within.contains(&blocks[0].buffer.as_slice().unwrap().as_ptr());
        let items = |block: &Block<'_>| {
            let bytes = block.buffer.as_slice().unwrap();
            block.layout.positions().map(|at| bytes[at]).collect()
        };
        (blocks.iter().map(items).collect(), borrows)
    }

    #[test]
    fn rows_in_any_order_of_memory_are_the_rows() {
        // Columns one after the other.
        let (rows, borrows) = blocks(&[2, 3], &[(1, false), (0, false)]);
        assert_eq!(rows, [[0, 2, 4], [1, 3, 5]]);
        assert!(!borrows);
        // The last row first.
        let (rows, borrows) = blocks(&[2, 3], &[(0, true), (1, false)]);
        assert_eq!(rows, [[3, 4, 5], [0, 1, 2]]);
        assert!(!borrows);
        // Rows in order, each of them backwards.
        let (rows, borrows) = blocks(&[2, 3], &[(0, false), (1, true)]);
        assert_eq!(rows, [[2, 1, 0], [5, 4, 3]]);
        assert!(borrows);
        // The same row again.
        let (rows, borrows) = blocks(&[2, 3], &[(1, false)]);
        assert_eq!(rows, [[0, 1, 2], [0, 1, 2]]);
        assert!(!borrows);
        // One value in each row.
        let (rows, borrows) = blocks(&[2, 3], &[(0, false)]);
        assert_eq!(rows, [[0, 0, 0], [1, 1, 1]]);
        assert!(borrows);
    }
}
