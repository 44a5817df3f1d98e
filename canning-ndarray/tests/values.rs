//! Arrays of a `Value`, seen as ndarray's, and back.

use canning_core::Value;
use canning_ndarray::{into_value, value_of, view_of};
use ndarray::{
    Array, Array2, Array3, ArrayView, ArrayView1, ArrayView2, ArrayViewD, Axis, CowArray, Ix2,
    array, s,
};

#[test]
fn value_reads_as_any_kind_of_array() {
    let array = array![[1, 2, 3], [4, 5, 6]];
    let value = Value::of(&vec![array.slice(s![.., ..;-1])]).unwrap();
    let owned: Vec<Array2<i32>> = value.read().unwrap();
    let view: Vec<ArrayView2<'_, i32>> = value.read().unwrap();
    let cow: Vec<CowArray<'_, i32, Ix2>> = value.read().unwrap();
    assert_eq!((&owned[0].view(), &cow[0].view()), (&view[0], &view[0]));
    assert!(cow[0].is_view());
    assert_eq!((&view[0], view[0].strides()), (&array.slice(s![.., ..;-1]), &[3, -1][..]));
    let refused = value.read::<Vec<ArrayView1<'_, i32>>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "[0]: expected 1 axis, found 2");
}

#[test]
fn view_has_the_address_of_the_value_and_its_layout() {
    let array = Array::from_shape_fn((2, 3, 4), |(i, j, k)| i * 12 + j * 4 + k);
    let array = array.mapv(|item| u32::try_from(item).unwrap());
    let row = array.slice(s![0, 0, ..]);
    for (view, strides) in [
        (array.view(), [12, 4, 1]),
        (array.view().permuted_axes([2, 0, 1]), [1, 12, 4]),
        (array.slice(s![..;-1, .., ..;-1]), [-12, 4, -1]),
        (array.slice(s![.., ..;2, ..;3]), [4, 2, 1]),
        (row.broadcast((2, 3, 4)).unwrap(), [0, 0, 1]),
    ] {
        let value = value_of(&view).unwrap();
        let back: ArrayViewD<'_, u32> = view_of(&value).unwrap();
        assert_eq!((&back, back.strides()), (&view.into_dyn(), &strides[..]));
        let lowest = back.iter().map(std::ptr::from_ref).min().unwrap();
        assert_eq!(lowest.cast(), value.bytes().as_ptr());
    }
}

#[test]
fn wrong_element_and_rank_are_refused() {
    let value = value_of(&array![[1_u8, 2], [3, 0]]).unwrap();
    let refused = view_of::<i8, Ix2>(&value).unwrap_err();
    assert_eq!(refused.to_string(), "expected |i1, found |u1");
    let refused = view_of::<u8, ndarray::Ix0>(&value).unwrap_err();
    assert_eq!(refused.to_string(), "expected 0 axes, found 2");
    let pairs: ArrayView1<'_, [u8; 2]> = view_of(&value).unwrap();
    assert_eq!(pairs.to_vec(), [[1, 2], [3, 0]]);
}

#[test]
fn owned_array_becomes_a_value_without_a_copy() {
    let array = Array3::<f64>::from_elem((2, 3, 4), 1.5);
    let address = array.as_ptr();
    let mut array = array.permuted_axes([1, 0, 2]);
    let expected = array.clone();
    let value = into_value(array.clone()).unwrap();
    assert_ne!(value.bytes().as_ptr(), address.cast());
    array.invert_axis(Axis(0));
    let value = into_value(array).unwrap();
    assert_eq!(value.bytes().as_ptr(), address.cast());
    let view: ArrayView<'_, f64, _> = view_of(&value).unwrap();
    assert_eq!((view, view.strides()), (expected.view(), &[-4, 12, 1][..]));
}

#[test]
fn part_of_an_allocation_becomes_a_value_of_its_own() {
    let whole = array![[1_i16, 2], [3, 4], [5, 6], [7, 8]];
    let rows = whole.clone().slice_move(s![1..3;-1, ..]);
    let value = into_value(rows).unwrap();
    assert_eq!(value.bytes().len(), 8);
    assert_eq!(view_of::<i16, Ix2>(&value).unwrap(), whole.slice(s![1..3;-1, ..]));
    let columns = whole.clone().slice_move(s![.., 1..]);
    let value = into_value(columns).unwrap();
    assert_eq!(value.bytes().len(), 8);
    assert_eq!(view_of::<i16, Ix2>(&value).unwrap(), whole.slice(s![.., 1..]));
    let nothing = whole.slice_move(s![4.., ..]);
    let value = into_value(nothing).unwrap();
    assert_eq!(view_of::<i16, Ix2>(&value).unwrap().dim(), (0, 2));
}
