//! Any view of any shape: what comes back is what ndarray sees, in the layout it had.

use std::fmt::Debug;

use canning_core::{
    ArrayValue, Can, CannedObject, Copied, Element, Scalar, SharedBytes, UncanOwned, Value,
    buffer::ArrayLayout,
};
use canning_ndarray::view_of;
use canning_wire::Object;
use ndarray::{
    ArcArray, Array, ArrayD, ArrayView, ArrayViewD, Axis, CowArray, Dimension, IxDyn, Slice,
};
use proptest::{collection::vec, prelude::*};

use crate::{in_band, out_of_band, receive};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn elements_come_back_in_their_layout(plan in plan()) {
        there_and_back(&plan, |number| number as u8)?;
        there_and_back(&plan, |number| number as f64 - 0.5)?;
        there_and_back(&plan, |number| [number as f32, 0.5, -1.0])?;
        there_and_back(&plan, |number| [[number as u128]; 2])?;
        there_and_back(&plan, |number| number % 3 == 0)?;
    }

    #[test]
    fn other_items_come_back_in_the_order_of_their_indices(plan in plan()) {
        let whole = plan.whole(|number| format!("item {number}"));
        let sliced = plan.sliced(&whole);
        let (view, shape) = plan.extended(&sliced);
        let words = &view.broadcast(shape).unwrap();
        for sent in [out_of_band(words), in_band(words)] {
            let received = receive::<u8>(&sent);
            prop_assert_eq!(&received.get::<ArrayD<String>, _>()?, words);
            let borrowed: ArrayD<&str> = received.get()?;
            prop_assert_eq!(borrowed, words.map(String::as_str));
        }
    }
}

proptest! {
    /// A header may claim any layout: what core accepts of it, ndarray can be made of.
    #[test]
    fn any_layout_becomes_a_view_of_its_items(layout in claimed_layout()) {
        let items: Vec<u16> = (0..).take(layout.stored_count()).collect();
        let bytes = SharedBytes::from_vec(items);
        let value = ArrayValue::from_parts(Scalar::U16.into(), layout.clone(), bytes)?;
        let view: ArrayViewD<'_, u16> = view_of(&value)?;
        prop_assert_eq!(view.shape(), layout.shape());
        let items = layout.positions().map(|position| u16::try_from(position).unwrap());
        prop_assert!(view.iter().copied().eq(items));
        let value = Value::Array(Box::new(value.clone()));
        prop_assert_eq!(value.read::<ArrayD<u16>, _>()?, view);
    }
}

/// Axes in any order and direction, and left out: broadcast.
fn claimed_layout() -> impl Strategy<Value = ArrayLayout> {
    let claim = vec((0_usize..5, any::<bool>(), 0_usize..4), 0..6).prop_flat_map(|axes| {
        let order: Vec<_> = (0..axes.len()).collect();
        (Just(axes), Just(order).prop_shuffle())
    });
    claim.prop_map(|(claims, order)| {
        let shape: Vec<_> = claims.iter().map(|(len, _, _)| *len).collect();
        let axes = order.into_iter().filter(|index| claims[*index].2 > 0);
        let axes =
            axes.map(|index| canning_core::buffer::Axis { index, reversed: claims[index].1 });
        ArrayLayout::new(&shape, Some(&axes.collect::<Vec<_>>())).unwrap()
    })
}

fn there_and_back<T, V>(plan: &Plan, item: impl Fn(usize) -> T) -> Result<(), TestCaseError>
where
    T: Element + PartialEq + Debug + Can<V> + UncanOwned<V>,
{
    let whole = plan.whole(item);
    let sliced = plan.sliced(&whole);
    let (view, shape) = plan.extended(&sliced);
    let view = view.broadcast(shape).unwrap();

    let sent = out_of_band(&view);
    if let [buffer] = sent.buffers() {
        prop_assert_eq!(gathered(&sent), bytes(in_memory_order(view.clone())));
        for segment in buffer.segments() {
            prop_assert!(lies_within(segment, &whole));
        }
    } else {
        prop_assert!(view.is_empty());
    }
    arrives(&view, receive::<T>(&sent), Where::Buffer)?;
    arrives(&view, receive::<T>(&in_band(&view)), Where::Header)
}

#[derive(Clone, Copy, PartialEq)]
enum Where {
    Header,
    Buffer,
}

/// Receives in every way: in the layout of what was sent, and copying what the docs say.
fn arrives<T, D, V>(
    sent: &ArrayView<'_, T, D>,
    mut received: Object<'_>,
    place: Where,
) -> Result<(), TestCaseError>
where
    T: Element + PartialEq + Debug + Can<V> + UncanOwned<V>,
    D: Dimension,
{
    let borrowed: ArrayView<'_, T, D> = received.get()?;
    prop_assert_eq!(&borrowed, sent);
    prop_assert_eq!(strides(&borrowed), dense(sent));
    let cow: CowArray<'_, T, D> = received.get()?;
    prop_assert!(cow.is_view());
    prop_assert_eq!(strides(&cow.view()), dense(sent));
    prop_assert_eq!(received.copied(), Copied::default());

    let is_broadcast = sent.len() != in_memory_order(sent.view()).len();
    let address = received.buffers().first().map(|buffer| buffer.as_slice().unwrap().as_ptr());
    let shared: ArcArray<T, D> = received.get()?;
    prop_assert_eq!(&shared.view(), sent);
    let before = received.copied();
    let owned: Array<T, D> = received.take()?;
    prop_assert_eq!(&owned.view(), sent);
    if is_broadcast {
        prop_assert!(owned.as_slice_memory_order().is_some());
        prop_assert!(signs(&owned.view()).eq(signs(sent)));
        return Ok(());
    }
    prop_assert_eq!(strides(&owned.view()), dense(sent));
    if place == Where::Buffer && !sent.is_empty() {
        let owned = owned.as_slice_memory_order().unwrap();
        prop_assert_eq!(Some(owned.as_ptr().cast()), address);
        prop_assert_eq!(received.copied(), before);
    }
    Ok(())
}

/// What to do to a dense array, and in which order its axes then are.
#[derive(Clone, Debug)]
struct Plan {
    fortran: bool,
    axes: Vec<AxisPlan>,
    order: Vec<usize>,
    /// Where to put a broadcast axis, and of which length.
    broadcast: Vec<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct AxisPlan {
    len: usize,
    start: isize,
    end: Option<isize>,
    step: isize,
}

fn plan() -> impl Strategy<Value = Plan> {
    let order =
        (0_usize..=5).prop_flat_map(|rank| Just((0..rank).collect::<Vec<_>>()).prop_shuffle());
    let broadcast = vec((0_usize..6, 0_usize..4), 0..3);
    (any::<bool>(), order, broadcast).prop_flat_map(|(fortran, order, broadcast)| {
        vec(axis(), order.len()).prop_map(move |axes| Plan {
            fortran,
            axes,
            order: order.clone(),
            broadcast: broadcast.clone(),
        })
    })
}

/// Mostly whole axes, so that dense arrays are as frequent as those with gaps.
fn axis() -> impl Strategy<Value = AxisPlan> {
    let step = prop_oneof![4 => Just(1), 4 => Just(-1), 1 => -3_isize..=-1, 1 => 1_isize..=3];
    let len = prop_oneof![1 => Just(0_usize), 8 => 1_usize..6];
    (len, step).prop_flat_map(|(len, step)| {
        let last = len.cast_signed();
        let start = prop_oneof![3 => Just(0), 1 => 0..=last];
        (Just(len), start, Just(step)).prop_flat_map(move |(len, start, step)| {
            let end = prop_oneof![3 => Just(None), 1 => (start..=last).prop_map(Some)];
            end.prop_map(move |end| AxisPlan { len, start, end, step })
        })
    })
}

impl Plan {
    fn whole<T>(&self, item: impl Fn(usize) -> T) -> ArrayD<T> {
        let shape: Vec<_> = self.axes.iter().map(|axis| axis.len).collect();
        let items = (0..shape.iter().product()).map(item).collect();
        let mut shape = IxDyn(&shape);
        if self.fortran {
            shape.slice_mut().reverse();
            return Array::from_shape_vec(shape, items).unwrap().reversed_axes();
        }
        Array::from_shape_vec(shape, items).unwrap()
    }

    fn sliced<'w, T>(&self, whole: &'w ArrayD<T>) -> ArrayViewD<'w, T> {
        let sliced = whole.slice_each_axis(|axis| {
            let plan = &self.axes[axis.axis.index()];
            Slice::new(plan.start, plan.end, plan.step)
        });
        sliced.permuted_axes(self.order.clone())
    }

    /// The view with an axis of one item in each place of a broadcast one, and the shape to
    /// broadcast it to.
    fn extended<'s, T>(&self, sliced: &'s ArrayViewD<'_, T>) -> (ArrayViewD<'s, T>, Vec<usize>) {
        let (mut view, mut shape) = (sliced.view(), sliced.shape().to_vec());
        for (place, len) in &self.broadcast {
            let place = *place % (shape.len() + 1);
            view.insert_axis_inplace(Axis(place));
            shape.insert(place, *len);
        }
        (view, shape)
    }
}

/// What the layout of an array in C order but for axes in the order of `view` would be: of an
/// axis of one item the stride says nothing, and of an empty array none does.
fn dense<T, D: Dimension>(view: &ArrayView<'_, T, D>) -> Option<Vec<Option<isize>>> {
    let (shape, strides) = (view.shape(), view.strides());
    let axes = || shape.iter().zip(strides).map(|(len, stride)| (*len, *stride));
    let stride = |(len, stride): (usize, isize)| {
        let faster = axes().filter(|(_, other)| other.unsigned_abs() < stride.unsigned_abs());
        let faster = faster.filter(|(len, other)| *len > 1 && *other != 0);
        let items: usize = faster.map(|(len, _)| len).product();
        (len > 1).then(|| items.cast_signed() * stride.signum())
    };
    (!view.is_empty()).then(|| axes().map(stride).collect())
}

/// The strides, as far as they say anything.
fn strides<T, D: Dimension>(view: &ArrayView<'_, T, D>) -> Option<Vec<Option<isize>>> {
    let axes = view.shape().iter().zip(view.strides());
    let strides = axes.map(|(len, stride)| (*len > 1).then_some(*stride));
    (!view.is_empty()).then(|| strides.collect())
}

/// The direction of each axis that has one.
fn signs<T, D: Dimension>(view: &ArrayView<'_, T, D>) -> impl Iterator<Item = bool> {
    let axes = view.shape().to_vec().into_iter().zip(view.strides().to_vec());
    axes.map(|(len, stride)| len > 1 && stride < 0)
}

/// The items that lie in memory, as they lie there: each broadcast one once.
fn in_memory_order<T, D: Dimension>(view: ArrayView<'_, T, D>) -> ArrayViewD<'_, T> {
    let mut view = view.into_dyn();
    if view.is_empty() {
        return view;
    }
    for axis in (0..view.ndim()).rev() {
        if view.strides()[axis] == 0 {
            view.index_axis_inplace(Axis(axis), 0);
        } else if view.strides()[axis] < 0 {
            view.invert_axis(Axis(axis));
        }
    }
    let mut order: Vec<_> = (0..view.ndim()).collect();
    order.sort_by_key(|axis| std::cmp::Reverse(view.strides()[*axis]));
    view.permuted_axes(order)
}

fn bytes<T: Element>(items: ArrayViewD<'_, T>) -> Vec<u8> {
    let items: Vec<T> = items.iter().copied().collect();
    SharedBytes::from_vec(items).to_vec()
}

fn gathered(sent: &Object<'_>) -> Vec<u8> {
    let buffer = &sent.buffers()[0];
    let mut all = vec![0; buffer.len()];
    buffer.copy_to(&mut all).unwrap();
    assert_eq!(buffer.segments().collect::<Vec<_>>().concat(), all);
    all
}

fn lies_within<T>(segment: &[u8], whole: &ArrayD<T>) -> bool {
    let whole = whole.as_slice_memory_order().unwrap().as_ptr_range();
    let segment = segment.as_ptr_range();
    whole.start.cast() <= segment.start && segment.end <= whole.end.cast()
}
