//! Each kind of array and of item, in whatever holds it.

use std::sync::Arc;

use canning_core::{Can, CannedObject, Copied, Element, UncanOwned};
use canning_wire::{CanOptions, can_arc};
use ndarray::{
    ArcArray1, ArcArray2, Array, Array0, Array1, Array2, Array3, ArrayD, ArrayRef, ArrayView1,
    ArrayView2, ArrayViewMut2, CowArray, Ix2, array, s,
};

use crate::{address, in_band, numbered, out_of_band, receive};

#[test]
fn every_owner_sends_its_own_memory() {
    let owned = numbered([2, 3]);
    assert_eq!(address(&out_of_band(&owned)), owned.as_ptr().cast());
    let reference: &ArrayRef<f64, Ix2> = &owned;
    assert_eq!(address(&out_of_band(reference)), owned.as_ptr().cast());
    assert_eq!(address(&out_of_band(&owned.view())), owned.as_ptr().cast());
    let lent = CowArray::from(owned.view());
    assert_eq!(address(&out_of_band(&lent)), owned.as_ptr().cast());
    let shared: ArcArray2<f64> = owned.to_shared();
    let clone = shared.clone();
    assert_eq!(address(&out_of_band(&clone)), shared.as_ptr().cast());
    let mut owned = owned;
    let start = owned.as_ptr();
    let exclusive: ArrayViewMut2<'_, f64> = owned.view_mut();
    assert_eq!(address(&out_of_band(&exclusive)), start.cast());
}

#[test]
fn shared_array_takes_the_allocation_over() {
    let sent = numbered([3, 2]);
    let mut received = receive::<f64>(&out_of_band(&sent.t()));
    let arrived = address(&received);
    let shared: ArcArray2<f64> = received.take().unwrap();
    assert_eq!((&shared, shared.as_ptr().cast()), (&sent.t().to_shared(), arrived));
    assert_eq!(shared.clone().as_ptr().cast(), arrived);
    assert_eq!(received.copied(), Copied::default());
}

#[test]
fn getting_copies_what_is_owned_and_says_so() {
    let sent = numbered([2, 3]);
    let received = receive::<f64>(&out_of_band(&sent));
    assert_eq!(received.get::<Array2<f64>, _>().unwrap(), sent);
    assert_eq!(received.get::<ArcArray2<f64>, _>().unwrap(), sent.to_shared());
    assert_eq!(received.copied(), Copied { in_band: 0, out_of_band: 2 * 48 });

    let small = receive::<f64>(&in_band(&sent));
    let (header, borrowed) = (small.header().as_slice().unwrap(), small.get());
    let borrowed: ArrayView2<'_, f64> = borrowed.unwrap();
    assert!(header.as_ptr_range().contains(&borrowed.as_ptr().cast()));
    assert_eq!(small.copied(), Copied::default());
    assert_eq!(small.get_object::<Array2<f64>, _>().unwrap(), sent);
}

#[test]
fn cow_becomes_owned_where_it_cannot_borrow() {
    let sent = numbered([2, 3]);
    let misaligned = receive::<u8>(&out_of_band(&sent));
    let (header, buffers) = misaligned.into_parts();
    let shifted = [&[0], buffers[0].as_slice().unwrap()].concat();
    let shifted = canning_core::SharedBytes::from_vec(shifted);
    let part = shifted.get(1..shifted.len()).unwrap();
    let received = canning_wire::Object::restore(header, vec![part.into()]).unwrap();
    let cow: CowArray<'_, f64, Ix2> = received.get().unwrap();
    let was_aligned = cow.is_view();
    assert_eq!(cow, sent);
    assert_eq!(received.copied().out_of_band, if was_aligned { 0 } else { 48 });

    let pieces = sent.slice(s![.., ..;2]);
    let kept = out_of_band(&pieces);
    let cow: CowArray<'_, f64, Ix2> = kept.get().unwrap();
    assert_eq!((cow.is_view(), cow.view()), (false, pieces));
    assert_eq!(kept.copied().out_of_band, 32);
    let refused = kept.get::<ArrayView2<'_, f64>, _>().unwrap_err();
    assert_eq!(refused.to_string(), "memory to borrow lies in several pieces");
}

#[test]
fn items_of_arrays_are_further_axes() {
    let points =
        Array2::from_shape_fn((2, 3), |(i, j)| [i, j].map(|at| u16::try_from(at).unwrap()));
    for view in [points.view(), points.t(), points.slice(s![..;-1, ..;2])] {
        let received = receive::<u16>(&out_of_band(&view));
        let flat: ndarray::ArrayView3<'_, u16> = received.get().unwrap();
        assert_eq!(flat.dim(), (view.nrows(), view.ncols(), 2));
        assert_eq!(received.get::<ArrayView2<'_, [u16; 2]>, _>().unwrap(), view);
        assert_eq!(received.get_object::<Array2<[u16; 2]>, _>().unwrap(), view);
    }
    let row = array![[1_u16, 2], [3, 4]];
    let received = receive::<u16>(&out_of_band(&row));
    assert_eq!(
        received.get_object::<Array1<[u16; 2]>, _>().unwrap(),
        Array1::from(vec![[1, 2], [3, 4]])
    );
}

#[test]
fn other_items_are_listed_in_the_order_of_their_indices() {
    let words = array![["a", "b"], ["c", "d"], ["e", "f"]].map(|word| (*word).to_owned());
    for view in [words.view(), words.slice(s![..;-1, ..1]), words.slice(s![1..1, ..])] {
        let received = receive::<u8>(&out_of_band(&view));
        assert_eq!(received.get::<Array2<String>, _>().unwrap(), view);
        assert_eq!(received.get::<ArrayD<&str>, _>().unwrap(), view.map(String::as_str).into_dyn());
        assert_eq!(received.get::<CowArray<'_, String, _>, _>().unwrap(), view);
    }
    let transposed = receive::<u8>(&out_of_band(&words.t()));
    assert_eq!(transposed.get_object::<Array2<String>, _>().unwrap(), words.t());
    let line = Array1::from(vec![Some(1_u8), None]);
    let received = receive::<u8>(&out_of_band(&line));
    assert_eq!(received.get::<Vec<Option<u8>>, _>().unwrap(), line.to_vec());
    assert_eq!(received.get_object::<Array1<Option<u8>>, _>().unwrap(), line);
    let single = Array0::from_elem((), "only".to_owned());
    let received = receive::<u8>(&out_of_band(&single));
    assert_eq!(received.get_object::<Array0<String>, _>().unwrap(), single);
}

#[test]
fn items_without_size() {
    let nothing = Array2::from_elem((2, 3), ());
    let received = receive::<u8>(&out_of_band(&nothing.slice(s![..;-1, ..;2])));
    assert_eq!(received.get_object::<Array2<()>, _>().unwrap().dim(), (2, 2));
    let empty = Array3::from_elem((2, 1, 2), [0.0_f64; 0]);
    let received = receive::<u8>(&out_of_band(&empty));
    assert_eq!(received.get_object::<Array3<[f64; 0]>, _>().unwrap(), empty);
}

#[test]
fn vec_and_array_of_one_axis_are_the_same() {
    let received = receive::<f64>(&out_of_band(&numbered([5])));
    assert_eq!(received.get::<Vec<f64>, _>().unwrap(), numbered([5]).to_vec());
    assert_eq!(received.get::<&[f64], _>().unwrap(), numbered([5]).to_vec());
    let items = vec![1_i32, 2, 3];
    let received = receive::<i32>(&out_of_band(&items));
    assert_eq!(received.get_object::<Array1<i32>, _>().unwrap(), Array::from(items));
}

#[test]
fn nesting_hides_no_array() {
    type Nested = (Vec<Option<Array2<f64>>>, Box<(ArcArray1<u8>, [Array1<f64>; 2])>);
    let (fixed, dynamic) = (numbered([2, 2]), numbered([3]));
    let value: Nested = (
        vec![None, Some(fixed.clone())],
        Box::new((ArcArray1::from(vec![1, 2]), [dynamic.clone(), dynamic])),
    );
    let sent = out_of_band(&value);
    assert_eq!(sent.buffers().len(), 4);
    assert_eq!(
        sent.buffers()[0].as_slice().unwrap().as_ptr(),
        value.0[1].as_ref().unwrap().as_ptr().cast()
    );
    assert_eq!(sent.get::<Nested, _>().unwrap(), value);
}

#[test]
fn generic_code_infers_the_marker() {
    fn there_and_back<T: Can<V> + UncanOwned<V>, V>(value: &T) -> T {
        out_of_band(value).get().unwrap()
    }
    fn wrapped<T: Element + Can<V> + UncanOwned<V>, V>(items: Vec<T>) -> Vec<Array1<T>> {
        there_and_back(&vec![Array1::from(items)])
    }
    assert_eq!(wrapped(vec![1, 2]), [array![1, 2]]);
    assert_eq!(there_and_back(&Some(array!["a".to_owned()])), Some(array!["a".to_owned()]));
}

#[test]
fn array_in_an_arc_outlives_its_owner() {
    let array = Arc::new(numbered([40, 40]));
    let address = array.as_ptr();
    let canned = can_arc(&array).unwrap();
    drop(array);
    let sender = std::thread::spawn(move || {
        let view: ArrayView2<'_, f64> = canned.get().unwrap();
        (view.as_ptr().addr(), view.sum())
    });
    assert_eq!(sender.join().unwrap(), (address.addr(), f64::from(1600 * 1599 / 2)));
}

#[test]
fn small_arrays_stay_in_the_header() {
    let canned = CanOptions::new().can(&(numbered([4]), numbered([4, 4]))).map(|canned| {
        assert!(canned.buffers().is_empty());
        canned.get::<(ArrayView1<'_, f64>, ArrayView2<'_, f64>), _>().map(|(line, square)| {
            assert_eq!((line, square), (numbered([4]).view(), numbered([4, 4]).view()));
        })
    });
    canned.unwrap().unwrap();
}
