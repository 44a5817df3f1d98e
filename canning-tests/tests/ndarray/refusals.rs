//! What is no such array is refused, with its numbers.

use canning_core::{CannedObject, ErrorKind};
use ndarray::{
    Array0, Array1, Array2, Array3, ArrayD, ArrayView1, ArrayView2, CowArray, Ix3, IxDyn, array,
};

use crate::{in_band, numbered, out_of_band, receive};

#[test]
fn another_rank_is_named() {
    let square = numbered([2, 2]);
    for sent in [out_of_band(&square), in_band(&square)] {
        let received = receive::<f64>(&sent);
        let three = "expected 3 axes, found 2";
        assert_eq!(received.get::<Array3<f64>, _>().unwrap_err().to_string(), three);
        let cow = received.get::<CowArray<'_, f64, Ix3>, _>();
        assert_eq!(cow.unwrap_err().to_string(), three);
        let view = received.get::<ArrayView1<'_, f64>, _>();
        assert_eq!(view.unwrap_err().to_string(), "expected 1 axis, found 2");
        let none = received.get::<Array0<f64>, _>().unwrap_err();
        assert!(matches!(none.kind(), ErrorKind::Rank { expected: 0, found: 2 }));
        assert_eq!(received.get::<ArrayD<f64>, _>().unwrap(), square.clone().into_dyn());
    }
}

#[test]
fn the_rank_counts_the_axes_of_items() {
    let received = receive::<f64>(&out_of_band(&numbered([4, 2, 3])));
    let refused = received.get::<Array1<[f64; 3]>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected 2 axes, found 3");
    let refused = received.get::<ArrayView1<'_, [[f64; 3]; 2]>, _>();
    assert_eq!(refused.unwrap().dim(), 4);
    let refused = received.get::<Array2<[f64; 2]>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected length 2, found 3");
}

#[test]
fn another_dtype_is_named_with_the_path() {
    let received = receive::<f32>(&out_of_band(&vec![array![[1.0_f32]]]));
    let refused = received.get::<Vec<Array2<f64>>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "[0]: expected <f8, found <f4");
    let refused = received.get::<Vec<ArrayView2<'_, f64>>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "[0]: expected <f8, found <f4");
}

#[test]
fn items_whose_axes_are_not_the_fastest_are_refused() {
    let columns = numbered([3, 4]);
    let received = receive::<f64>(&out_of_band(&columns.t()));
    let refused = received.get::<Array1<[f64; 3]>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "the array's items are not in the order of a slice");
}

#[test]
fn invalid_bits_are_refused() {
    let received = receive::<u8>(&out_of_band(&array![[0_u8, 1], [2, 1]]));
    let refused = received.get::<Array2<bool>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected |b1, found |u1");
}

#[test]
fn a_list_is_an_array_of_one_axis_only() {
    let received = receive::<u8>(&out_of_band(&vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(received.get::<Array1<&str>, _>().unwrap(), array!["a", "b"]);
    let refused = received.get::<Array2<String>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected 2 axes, found 1");
    let refused = received.get::<Array1<f64>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "expected array, found list");
}

/// So that no header can make each step through an array cost a million.
#[test]
fn more_axes_than_numpy_has_are_refused() {
    let sent = numbered(IxDyn(&[1; 64]));
    let received = receive::<f64>(&out_of_band(&sent));
    assert_eq!(received.get::<ArrayD<f64>, _>().unwrap(), sent);
    let too_many = "number of axes is 65, above the limit of 64";
    let sent = numbered(IxDyn(&[1; 65]));
    assert_eq!(canning_wire::can(&sent).unwrap_err().to_string(), too_many);
    let words = sent.map(f64::to_string);
    assert_eq!(canning_wire::can(&words).unwrap_err().to_string(), too_many);
    let points = sent.index_axis_move(ndarray::Axis(0), 0).map(|x| [*x]);
    assert_eq!(canning_wire::can(&points).unwrap_err().to_string(), too_many);
}

#[test]
fn a_failed_get_leaves_the_object_as_it_was() {
    let received = receive::<f64>(&out_of_band(&numbered([2, 2])));
    assert!(received.get::<ArrayView1<'_, f64>, _>().is_err());
    assert!(received.get::<Array2<f32>, _>().is_err());
    assert_eq!(received.get_object::<Array2<f64>, _>().unwrap(), numbered([2, 2]));
}
