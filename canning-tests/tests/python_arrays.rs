//! ndarray's arrays through Python's formats: what comes back, and what is copied.
#![expect(clippy::unwrap_used, reason = "helper functions of tests")]

use canning_core::{Buffer, Can, CannedObject, Copied};
use canning_ndarray as _;
use canning_python::{CanOptions, Dialect, Object, view::View};
use ndarray::{
    ArcArray, Array, Array1, Array2, ArrayView, ArrayViewD, CowArray, Dimension, IxDyn,
    ShapeBuilder, s,
};

const DIALECTS: [Dialect; 2] = [Dialect::Pickle, Dialect::Ipyparallel];
const NOTHING: Copied = Copied { in_band: 0, out_of_band: 0 };

fn numbered(shape: &[usize]) -> ndarray::ArrayD<f64> {
    let mut next = 0.0;
    Array::from_shape_simple_fn(IxDyn(shape), || {
        next += 1.0;
        next
    })
}

fn canned<T: Can<V> + ?Sized, V>(value: &T, dialect: Dialect, threshold: usize) -> Object<'_> {
    CanOptions::new(dialect).inline_threshold(threshold).can(value).unwrap()
}

/// As it arrives, each buffer in an allocation for `f64`.
fn received(sent: &Object<'_>) -> Object<'static> {
    let own = |blob: &Buffer<'_>| Buffer::from(blob.to_allocation(8).unwrap());
    let buffers = sent.buffers().iter().map(own).collect();
    Object::restore(sent.dialect(), own(sent.header()), buffers).unwrap()
}

fn lowest<D: Dimension>(view: &ArrayView<'_, f64, D>) -> usize {
    view.iter().map(|item| std::ptr::from_ref(item).addr()).min().unwrap_or_default()
}

#[track_caller]
fn goes_without_a_copy(view: &ArrayViewD<'_, f64>) {
    for dialect in DIALECTS {
        let sent = canned(view, dialect, 0);
        let fresh: ArrayViewD<'_, f64> = sent.get().unwrap();
        assert_eq!((fresh.view(), fresh.strides()), (view.view(), view.strides()), "{dialect:?}");
        let mut received = received(&sent);
        let at = received.buffers().first().unwrap().as_slice().unwrap().as_ptr().addr();
        let borrowed: ArrayViewD<'_, f64> = received.get().unwrap();
        assert_eq!((borrowed.view(), borrowed.strides()), (view.view(), view.strides()));
        assert_eq!(lowest(&borrowed), at);
        let View::Array(array) = received.view().unwrap() else { panic!("an array") };
        assert_eq!((array.shape(), array.count()), (view.shape(), view.len()));
        let items = array.items().unwrap().map(|item| f64::from_le_bytes(item.try_into().unwrap()));
        assert!(items.eq(view.iter().copied()));
        let cow: CowArray<'_, f64, IxDyn> = received.get().unwrap();
        assert!(cow.is_view());
        assert_eq!(received.copied(), NOTHING);
        let owned: ndarray::ArrayD<f64> = received.take().unwrap();
        assert_eq!((owned.view(), lowest(&owned.view())), (view.view(), at));
        assert_eq!(received.copied(), NOTHING);
    }
}

#[test]
fn dense_layouts_go_without_a_copy() {
    let all = numbered(&[4, 3, 5]);
    goes_without_a_copy(&all.view());
    goes_without_a_copy(&all.t());
    goes_without_a_copy(&all.view().permuted_axes(IxDyn(&[2, 0, 1])));
    goes_without_a_copy(&all.slice(s![..;-1, .., ..]).into_dyn());
    goes_without_a_copy(&all.slice(s![..;-1, ..;-1, ..;-1]).into_dyn());
    goes_without_a_copy(&all.slice(s![1..3, .., ..]).into_dyn());
    goes_without_a_copy(&numbered(&[]).view());
    goes_without_a_copy(&numbered(&[7]).view());
    goes_without_a_copy(&numbered(&[1, 7, 1]).view());
    let fortran = Array2::from_shape_vec((2, 3).f(), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    goes_without_a_copy(&fortran.view().into_dyn());
}

#[test]
fn every_layout_comes_back() {
    let all = numbered(&[40, 3, 5]);
    let column = all.slice(s![.., 0..1, 0]);
    let views = [
        all.slice(s![..;2, .., ..]).into_dyn(),
        all.slice(s![.., 1..2, ..]).into_dyn(),
        all.slice(s![3..;-7, .., 1..;2]).into_dyn(),
        all.slice(s![0, .., ..]).insert_axis(ndarray::Axis(0)).into_dyn(),
        all.broadcast(IxDyn(&[2, 40, 3, 5])).unwrap(),
        column.broadcast((40, 9)).unwrap().into_dyn(),
        all.slice(s![0..0, .., ..]).into_dyn(),
    ];
    for view in views {
        for (dialect, threshold) in DIALECTS.into_iter().flat_map(|it| [(it, 0), (it, 1 << 20)]) {
            let sent = canned(&view, dialect, threshold);
            assert_eq!(sent.get::<ndarray::ArrayD<f64>, _>().unwrap(), view);
            let mut received = received(&sent);
            assert_eq!(received.get::<ArcArray<f64, IxDyn>, _>().unwrap(), view);
            assert_eq!(received.take::<ndarray::ArrayD<f64>, _>().unwrap(), view);
        }
    }
}

#[test]
fn arrays_of_objects_come_back() {
    let texts = Array2::from_shape_fn((2, 3), |(row, column)| format!("{row} {column}"));
    for dialect in DIALECTS {
        let object = received(&canned(&texts, dialect, 0));
        assert_eq!(object.get::<Array2<String>, _>().unwrap(), texts);
        let options = texts.map(|text| Some(text.clone()).filter(|text| text.starts_with('0')));
        let object = received(&canned(&options, dialect, 0));
        assert_eq!(object.get::<Array2<Option<String>>, _>().unwrap(), options);
    }
}

#[test]
fn lists_of_numbers_become_arrays() {
    // `[1, 2.5]`
    let pickle = b"\x80\x04](K\x01G\x40\x04\0\0\0\0\0\0e.";
    let object = Object::restore(Dialect::Pickle, pickle.as_slice().into(), Vec::new()).unwrap();
    assert_eq!(object.get::<Array1<f64>, _>().unwrap(), ndarray::array![1.0, 2.5]);
    let error = object.get::<Array2<f64>, _>().unwrap_err();
    assert_eq!(error.to_string(), "expected 2 axes, found 1");
}
