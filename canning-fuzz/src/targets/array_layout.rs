//! Shape, strides and order of arrays, against a loop over all indices.

use std::fmt::Debug;

use canning_core::{
    Can, CannedObject, Element, ErrorKind, UncanOwned, Value,
    buffer::{ArrayLayout, Axis},
};
use canning_python::Dialect;
use canning_wire::CanOptions;
use ndarray::{ArcArray, ArrayD, ArrayView, ArrayViewD, CowArray, IxDyn, ShapeBuilder};

use crate::{
    input::Input,
    reading::parts,
    slow_array::{SlowArray, indices},
};

/// Makes an array whose items are their positions, and looks at it from all sides.
///
/// - A view that was sliced, reversed, permuted, and extended by the fuzzer is sent and received in
///   every way; at each index it has the item that a slow reference has there.
/// - A layout that a header claims is believed exactly where it is possible, and puts each index
///   where counting puts it.
pub(crate) fn array_layout(data: &[u8]) {
    let mut input = Input::new(data);
    match input.byte() % 8 {
        0 => claimed(&mut input),
        1 => windows(&mut input),
        2 => sliced(&mut input, |number| [number as u16; 3]),
        3 => sliced(&mut input, |number| number as u16),
        4 => sliced(&mut input, |number| number as f64),
        5 => sliced(&mut input, |number| [[number as u128], [0]]),
        6 => listed(&mut input),
        _ => sliced(&mut input, |number| number as u32),
    }
}

/// A view of elements: as memory.
fn sliced<T, V, W>(input: &mut Input<'_>, item: fn(usize) -> T)
where
    T: Element + PartialEq + Debug + Can<V> + UncanOwned<W>,
{
    let slow = SlowArray::choose(input);
    let whole = slow.whole(item);
    let (items, distinct) = (slow.items(item), slow.distinct());
    slow.look(&whole, &mut |view| check(view, &items, distinct));
}

/// A view of items that are no elements: one by one.
fn listed(input: &mut Input<'_>) {
    let slow = SlowArray::choose(input);
    let whole = slow.whole(|number| number.to_string());
    let items = slow.items(|number| number.to_string());
    slow.look(&whole, &mut |view| {
        let object = CanOptions::new().can(view).unwrap();
        let received: ArrayD<String> = object.get().unwrap();
        assert_eq!(received.shape(), view.shape());
        at_each_index(&received.view(), &items);
    });
}

/// Windows of a line, which may overlap, or all be the same.
fn windows(input: &mut Input<'_>) {
    let line: Vec<u16> = (0..2000).collect();
    let rank = input.below(4);
    let shape: Vec<_> = (0..rank).map(|_| input.below(6)).collect();
    let strides: Vec<_> = (0..rank).map(|_| input.below(20)).collect();
    let place = IxDyn(&shape).strides(IxDyn(&strides));
    let Ok(view) = ArrayView::from_shape(place, &line) else { return };
    let at =
        |index: &[usize]| index.iter().zip(&strides).map(|(index, stride)| index * stride).sum();
    let positions: Vec<usize> = indices(&shape).map(|index| at(&index)).collect();
    let items: Vec<u16> = positions.iter().map(|at| line[*at]).collect();
    check(&view, &items, None);
}

/// Sends a view, and receives it in every way.
fn check<T, V, W>(view: &ArrayViewD<'_, T>, items: &[T], distinct: Option<usize>)
where
    T: Element + PartialEq + Debug + Can<V> + UncanOwned<W>,
{
    for threshold in [0, usize::MAX] {
        let options = CanOptions::new().inline_threshold(threshold);
        let sent = options.can(view).unwrap();
        let blobs = parts(&sent);
        let tree: Value = sent.get().unwrap();
        let Value::Array(array) = &tree else { panic!("elements are memory: {tree}") };
        let layout = array.layout().clone().without_inner(T::INNER.as_slice()).unwrap();
        slow_positions(&layout);
        assert_eq!(layout.shape(), view.shape());
        if let Some(distinct) = distinct.filter(|_| !items.is_empty()) {
            assert_eq!(layout.stored_count(), distinct, "each item is sent once: {layout:?}");
        }
        assert_eq!(
            parts(&options.can(&tree).unwrap()),
            blobs,
            "what was received goes on as it is"
        );

        let (header, buffers) = blobs;
        let buffers = buffers.into_iter().map(Into::into).collect();
        let mut received = canning_wire::Object::restore(header.into(), buffers).unwrap();
        at_each_index(&received.get::<ArrayD<T>, _>().unwrap().view(), items);
        at_each_index(&received.get::<ArcArray<T, IxDyn>, _>().unwrap().view(), items);
        at_each_index(&received.get::<CowArray<'_, T, IxDyn>, _>().unwrap().view(), items);
        if let Ok(borrowed) = received.get::<ArrayViewD<'_, T>, _>() {
            at_each_index(&borrowed, items);
        }
        at_each_index(&received.take::<ArrayD<T>, _>().unwrap().view(), items);
    }
    for dialect in [Dialect::Pickle, Dialect::Ipyparallel] {
        let sent = canning_python::CanOptions::new(dialect).inline_threshold(0);
        let sent = sent.can(view).unwrap();
        at_each_index(&sent.get::<ArrayD<T>, _>().unwrap().view(), items);
    }
}

fn at_each_index<T: PartialEq + Debug>(view: &ArrayViewD<'_, T>, items: &[T]) {
    assert_eq!(view.len(), items.len());
    for (index, item) in indices(view.shape()).zip(items) {
        assert_eq!(view.get(IxDyn(&index)), Some(item), "{index:?}");
    }
}

/// A layout from outside, of axes that may be anything.
fn claimed(input: &mut Input<'_>) {
    let rank = if input.byte() == 0xff { input.below(70) } else { input.below(7) };
    let lens = [0, 1, 2, 3, 4, 5, 1 << 31, 1 << 62, usize::MAX];
    let shape: Vec<usize> = (0..rank).map(|_| input.one_of(&lens)).collect();
    let axes = input.below(rank + 2);
    let axes: Vec<_> = (0..axes)
        .map(|_| {
            let byte = input.byte();
            Axis { index: usize::from(byte & 0x7f) % (rank + 1), reversed: byte & 0x80 != 0 }
        })
        .collect();
    let axes = Some(axes).filter(|_| input.bool());

    let product =
        shape.iter().filter(|len| **len > 0).try_fold(1_usize, |n, len| n.checked_mul(*len));
    let fits = product.is_some_and(|product| isize::try_from(product).is_ok());
    let mut all: Vec<_> = axes.iter().flatten().map(|axis| axis.index).collect();
    all.sort_unstable();
    let is_list = all.is_sorted_by(|one, next| one < next) && all.iter().all(|index| *index < rank);
    let is_possible = rank <= ArrayLayout::MAX_AXES && fits && is_list;
    let layout = ArrayLayout::new(&shape, axes.as_deref());
    assert_eq!(layout.is_ok(), is_possible, "{shape:?} {axes:?}: {layout:?}");
    let Ok(layout) = layout else { return };
    assert_eq!(layout.shape(), shape);
    assert_eq!(layout.count(), shape.iter().product::<usize>());
    let listed = |axes: &Vec<Axis>| axes.iter().map(|axis| shape[axis.index]).product();
    let stored: usize = axes.as_ref().map_or(layout.count(), listed);
    if layout.count() > 0 {
        assert_eq!(layout.stored_count(), stored);
    }
    if layout.count() <= 4096 {
        let positions = slow_positions(&layout);
        assert!(positions.iter().all(|at| *at < stored));
        inner(&layout, &positions, rank - input.below(rank + 1));
    }
}

/// Where each index is, by counting: the axes are the digits of a number, the first the highest.
fn slow_positions(layout: &ArrayLayout) -> Vec<usize> {
    let shape = layout.shape();
    let c_order = || (0..shape.len()).map(|index| Axis { index, reversed: false }).collect();
    let axes = layout.axes().map_or_else(c_order, <[_]>::to_vec);
    let position = |index: Vec<usize>| {
        axes.iter().fold(0, |at, axis| {
            let (len, digit) = (shape[axis.index], index[axis.index]);
            at * len + if axis.reversed { len - 1 - digit } else { digit }
        })
    };
    let positions: Vec<usize> = indices(shape).map(position).collect();
    assert!(layout.positions().eq(positions.iter().copied()), "{layout:?}");
    let (strides, first) = layout.strides();
    for (index, position) in indices(shape).zip(&positions) {
        let steps = index.iter().zip(&strides).map(|(index, stride)| *index as isize * stride);
        assert_eq!(first as isize + steps.sum::<isize>(), *position as isize, "{layout:?}");
    }
    positions
}

/// Takes the last axes off as those of an item, which is possible where each item is in one piece.
fn inner(layout: &ArrayLayout, positions: &[usize], outer: usize) {
    let (_, inner) = layout.shape().split_at(outer);
    let size: usize = inner.iter().product();
    if positions.is_empty() {
        return;
    }
    let is_whole = |item: &[usize]| {
        item[0].is_multiple_of(size)
            && item.iter().enumerate().all(|(at, position)| *position == item[0] + at)
    };
    let is_whole = positions.chunks(size).all(is_whole);
    match layout.clone().without_inner(inner) {
        Ok(without) => {
            assert!(is_whole, "{layout:?} without {inner:?}");
            let expected = positions.chunks(size).map(|item| item[0] / size);
            assert!(slow_positions(&without).into_iter().eq(expected), "{layout:?}: {without:?}");
        }
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Order), "{error}");
            assert!(!is_whole, "{layout:?} without {inner:?}");
        }
    }
}
