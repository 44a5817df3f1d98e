//! Arrays with gaps in their memory, written for Python.
//!
//! A header says how the items lie in the buffer, which has no gaps: so it is the same as that of
//! an array without any, which canning-python's own tests load with real Python.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{collections::BTreeMap, ops::Range};

use canning_core::Buffer;
use canning_ndarray as _;
use canning_python::{CanOptions, Dialect};
use ndarray::{Array2, ArrayView2, Axis, s};

#[test]
fn arrays_with_gaps_are_written_without_a_copy() {
    let whole = Array2::from_shape_vec((64, 48), (0..64 * 48).collect()).unwrap();
    let memory = whole.as_slice().unwrap().as_ptr_range();
    let slices = [s![..;2, ..;3], s![4..44, 1..17], s![.., ..;2], s![7..8, ..;5]];
    for slice in slices {
        let gaps = whole.slice(slice);
        let dense = gaps.to_owned();
        for turn in [as_it_is, flipped, transposed] {
            check(turn(gaps), turn(dense.view()), &memory);
        }
        // The first row, again and again.
        let columns = gaps.ncols();
        let (gaps, dense) = (gaps.row(0), dense.row(0));
        let repeat = (9, columns);
        check(gaps.broadcast(repeat).unwrap(), dense.broadcast(repeat).unwrap(), &memory);
    }
}

fn check(gaps: ArrayView2<'_, u32>, dense: ArrayView2<'_, u32>, memory: &Range<*const u32>) {
    let [gaps, dense] = [gaps, dense].map(|array| BTreeMap::from([("part", array)]));
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        let options = CanOptions::new(dialect).inline_threshold(0);
        let found = options.can(&gaps).unwrap().into_blobs();
        let expected = options.can(&dense).unwrap().into_blobs();
        assert_eq!(found.len(), 2);
        assert!(found.iter().map(bytes).eq(expected.iter().map(bytes)), "{gaps:?}");
        for segment in found[1].segments().map(<[u8]>::as_ptr_range) {
            assert!(memory.start.addr() <= segment.start.addr());
            assert!(segment.end.addr() <= memory.end.addr());
        }
    }
}

fn as_it_is(array: ArrayView2<'_, u32>) -> ArrayView2<'_, u32> {
    array
}

fn flipped(mut array: ArrayView2<'_, u32>) -> ArrayView2<'_, u32> {
    array.invert_axis(Axis(0));
    array.invert_axis(Axis(1));
    array
}

fn transposed(mut array: ArrayView2<'_, u32>) -> ArrayView2<'_, u32> {
    array.invert_axis(Axis(0));
    array.reversed_axes()
}

fn bytes(buffer: &Buffer<'_>) -> Vec<u8> {
    buffer.to_allocation(1).unwrap().as_slice().to_vec()
}
