//! Each layout there and back: addresses on both sides, strides, and copies.

use canning_core::{CannedObject, Copied};
use ndarray::{
    Array, Array0, Array1, Array2, Array3, ArrayD, ArrayView, ArrayView1, ArrayView2, Axis,
    CowArray, Dimension, Ix2, IxDyn, ShapeBuilder, s,
};

use crate::{address, lowest, numbered, out_of_band, receive};

const NOTHING: Copied = Copied { in_band: 0, out_of_band: 0 };

/// Dense memory leaves from where it lies and becomes the array that is received.
#[track_caller]
fn goes_without_a_copy<D: Dimension>(view: ArrayView<'_, f64, D>, strides: &[isize]) {
    let sent = out_of_band(&view);
    assert_eq!(address(&sent), lowest(&view), "sent from where it lies");

    let received = receive::<f64>(&sent);
    let arrived = address(&received);
    let borrowed: ArrayView<'_, f64, D> = received.get().unwrap();
    assert_eq!((&borrowed, lowest(&borrowed)), (&view, arrived));
    assert_eq!(borrowed.strides(), strides);
    let cow: CowArray<'_, f64, D> = received.get().unwrap();
    assert_eq!((&cow.view(), lowest(&cow.view())), (&view, arrived));
    assert!(cow.is_view());
    assert_eq!(received.copied(), NOTHING);

    let mut received = received;
    let owned: Array<f64, D> = received.take().unwrap();
    assert_eq!((&owned.view(), lowest(&owned.view())), (&view, arrived));
    assert_eq!(owned.strides(), strides);
    assert_eq!(received.copied(), NOTHING);
}

#[test]
fn c_order() {
    goes_without_a_copy(numbered([5]).view(), &[1]);
    goes_without_a_copy(numbered([2, 3]).view(), &[3, 1]);
    goes_without_a_copy(numbered([2, 3, 4, 5, 2, 2]).view(), &[240, 80, 20, 4, 2, 1]);
    goes_without_a_copy(numbered([2, 3]).into_dyn().view(), &[3, 1]);
    let six = numbered(IxDyn(&[2, 1, 2, 1, 2, 1, 2]));
    goes_without_a_copy(six.view(), &[8, 8, 4, 4, 2, 2, 1]);
}

#[test]
fn fortran_order() {
    let fortran = Array2::from_shape_vec((2, 3).f(), numbered([6]).to_vec()).unwrap();
    goes_without_a_copy(fortran.view(), &[1, 2]);
    goes_without_a_copy(numbered([3, 2]).t(), &[1, 2]);
}

#[test]
fn permuted() {
    goes_without_a_copy(numbered([2, 3, 4]).view().permuted_axes([1, 2, 0]), &[4, 1, 12]);
    goes_without_a_copy(numbered([2, 3, 4]).view().permuted_axes([1, 0, 2]), &[4, 12, 1]);
}

#[test]
fn reversed() {
    goes_without_a_copy(numbered([5]).slice(s![..;-1]), &[-1]);
    goes_without_a_copy(numbered([2, 3]).slice(s![..;-1, ..]), &[-3, 1]);
    goes_without_a_copy(numbered([2, 3]).slice(s![.., ..;-1]), &[3, -1]);
    let both = numbered([2, 3]);
    goes_without_a_copy(both.slice(s![..;-1, ..;-1]).reversed_axes(), &[-1, -3]);
}

#[test]
fn without_axes() {
    goes_without_a_copy(Array0::from_elem((), 2.5).view(), &[]);
    goes_without_a_copy(numbered(IxDyn(&[])).view(), &[]);
}

#[test]
fn axes_of_length_one() {
    goes_without_a_copy(numbered([1, 3, 1]).view(), &[3, 1, 1]);
    goes_without_a_copy(numbered([4, 3]).slice(s![2..3, ..]), &[3, 1]);
    // The stride of an axis of one item says nothing, and comes back as it would be.
    goes_without_a_copy(numbered([3]).slice(s![..;-1]).insert_axis(Axis(1)), &[-1, 3]);
}

#[test]
fn empty() {
    for shape in [[0, 3], [3, 0], [0, 0]] {
        let empty = Array2::<f64>::zeros(shape);
        let sent = out_of_band(&empty);
        let mut received = receive::<f64>(&sent);
        assert_eq!(received.get::<ArrayView2<'_, f64>, _>().unwrap(), empty);
        assert_eq!(received.take::<Array2<f64>, _>().unwrap(), empty);
        assert_eq!(received.copied(), NOTHING);
    }
    let huge = Array2::<f64>::zeros((0, usize::MAX / 32));
    let received = receive::<f64>(&out_of_band(&huge));
    assert_eq!(received.get_object::<Array2<f64>, _>().unwrap().dim(), huge.dim());
    let whole = numbered([4, 4]);
    let nothing = whole.slice(s![4..;-1, ..;3]);
    let received = receive::<f64>(&out_of_band(&nothing));
    assert_eq!(received.get_object::<Array2<f64>, _>().unwrap(), nothing);
}

/// Rows with gaps leave in segments of the array's own memory; the gaps do not travel.
#[test]
fn sliced() {
    let whole = numbered([4, 10]);
    let rows = whole.slice(s![.., 2..5]);
    let sent = out_of_band(&rows);
    let [buffer] = sent.buffers() else { panic!() };
    assert_eq!(buffer.len(), 4 * 3 * 8);
    let segments = buffer.segments().map(|segment| (segment.as_ptr().cast(), segment.len()));
    let expected = rows.rows().into_iter().map(|row| (row.as_ptr(), 3 * 8));
    assert_eq!(segments.collect::<Vec<_>>(), expected.collect::<Vec<_>>());

    let received = receive::<f64>(&sent);
    let arrived = address(&received);
    let owned: Array2<f64> = received.get_object().unwrap();
    assert_eq!((&owned.view(), owned.as_ptr().cast()), (&rows, arrived));
    assert!(owned.is_standard_layout());
}

#[test]
fn steps_keep_order_and_direction_but_not_gaps() {
    let whole = numbered([6, 8, 10]);
    let steps = whole.slice(s![..;-2, ..;3, 1..;4]).permuted_axes([2, 0, 1]);
    let sent = out_of_band(&steps);
    assert_eq!(sent.buffers()[0].len(), steps.len() * 8);
    let mut received = receive::<f64>(&sent);
    let owned: Array3<f64> = received.take().unwrap();
    assert_eq!((owned.view(), owned.strides()), (steps, &[1, -9, 3][..]));
    assert_eq!(received.copied(), NOTHING);
}

#[test]
fn broadcast_is_sent_once_and_comes_back_as_a_view() {
    let row = numbered([3]);
    let view = row.broadcast((1000, 3)).unwrap();
    let sent = out_of_band(&view);
    assert_eq!((address(&sent), sent.buffers()[0].len()), (row.as_ptr().cast(), 24));

    let mut received = receive::<f64>(&sent);
    let borrowed: ArrayView2<'_, f64> = received.get().unwrap();
    assert_eq!((borrowed, borrowed.strides()), (view, &[0, 1][..]));
    assert_eq!(borrowed.as_ptr().cast(), address(&received));
    let cow: CowArray<'_, f64, Ix2> = received.get().unwrap();
    assert_eq!((cow.is_view(), cow.strides()), (true, &[0, 1][..]));
    assert_eq!(received.copied(), NOTHING);

    let owned: Array2<f64> = received.take().unwrap();
    assert_eq!((owned.view(), owned.strides()), (view, &[3, 1][..]));
    assert_eq!(received.copied().out_of_band, 24_000);
}

#[test]
fn broadcast_and_reversed() {
    let column = numbered([3, 1]);
    let reversed = column.slice(s![..;-1, ..]);
    let view = reversed.broadcast((2, 3, 4)).unwrap();
    let mut received = receive::<f64>(&out_of_band(&view));
    let borrowed: ArrayView<'_, f64, _> = received.get().unwrap();
    assert_eq!((borrowed, borrowed.strides()), (view, &[0, -1, 0][..]));
    let owned: Array3<f64> = received.take().unwrap();
    assert_eq!(owned, view);
    assert_eq!(received.copied().out_of_band, 2 * 3 * 4 * 8);
}

/// Of which no machine has the memory: the view needs none.
#[test]
fn huge_broadcast_is_only_ever_a_view() {
    let one = numbered([1]);
    let view = one.broadcast(usize::MAX / 2).unwrap();
    let mut received = receive::<f64>(&out_of_band(&view));
    let borrowed: ArrayView1<'_, f64> = received.get().unwrap();
    assert_eq!((borrowed.len(), borrowed[usize::MAX / 4]), (usize::MAX / 2, 0.0));
    let refused = received.get::<Array1<f64>, _>().unwrap_err();
    assert!(refused.to_string().contains("above the limit"), "{refused}");
    assert!(received.take::<ArrayD<f64>, _>().is_err());

    let items = ndarray::arr0([0.0_f64; 8]);
    let view = items.broadcast(usize::MAX / 2).unwrap();
    let refused = canning_wire::can(&view).unwrap_err();
    assert_eq!(refused.to_string(), "impossible array layout: the shape overflows");
}

/// Windows that overlap are items of their own once they have arrived.
#[test]
fn overlapping_windows() {
    let line = numbered([6]);
    let shape = (4, 3).strides((1, 1));
    let windows = ArrayView2::from_shape(shape, line.as_slice().unwrap()).unwrap();
    let received = receive::<f64>(&out_of_band(&windows));
    let owned: Array2<f64> = received.get_object().unwrap();
    assert_eq!((owned.view(), owned.strides()), (windows, &[3, 1][..]));

    // So many of them that their bytes overflow, out of 800 kB.
    let line = vec![0_i32; 200_000];
    let shape = (50_000, 50_000, 50_000, 50_000).strides((1, 1, 1, 1));
    let windows = ArrayView::from_shape(shape, &line).unwrap();
    let refused = canning_wire::can(&windows).unwrap_err();
    assert_eq!(refused.to_string(), "impossible array layout: the shape overflows");
}
