//! What the implementations for containers call: arrays of elements or lists of items.
//!
//! They send and receive raw memory where the items are elements, and lists of items where they
//! are not, so that one `impl<T: Can<V>, V> Can<Mine<V>> for Container<T>` serves both.
//!
//! # Writing an adapter
//!
//! An adapter is a crate of its own that implements [`Can`] and [`Uncan`] for the container of
//! another crate. The marker is what the orphan rule asks for: a type of the adapter's own, which
//! passes the marker of the items on. On the way out, hand over the memory as a [`Run`]: a slice,
//! two slices, a dense array in any order of its axes, or strides. On the way in, ask for an
//! [`OwnedArray`], and mind its layout: it is that of the sender, in any order of axes and
//! directions, or C order for a list.
//!
//! ```
//! # mod foreign {
//! #     pub struct Matrix<T> { pub columns: usize, pub items: Vec<T> }
//! # }
//! use std::marker::PhantomData;
//!
//! use canning_core::{
//!     Can, Error, ErrorKind, Result, Uncan, Value,
//!     array::{can_run, uncan_array},
//!     buffer::Run,
//!     visitor::{Canner, Uncanner},
//! };
//! use foreign::Matrix; // rows one after the other in `items`, of another crate
//!
//! /// The marker.
//! pub struct Mat<V>(PhantomData<fn() -> V>);
//!
//! impl<T: Can<V>, V> Can<Mat<V>> for Matrix<T> {
//!     fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
//!         let rows = self.items.len() / self.columns.max(1);
//!         can_run(Run::of_c_order(&self.items, &[rows, self.columns])?, canner)
//!     }
//! }
//!
//! impl<'b, T: Uncan<'b, V>, V> Uncan<'b, Mat<V>> for Matrix<T> {
//!     fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
//!         let array = uncan_array(uncanner)?;
//!         let &[_, columns] = array.layout.shape() else {
//!             let found = array.layout.shape().len();
//!             return Err(Error::new(ErrorKind::Rank { expected: 2, found }));
//!         };
//!         // Takes the received memory over where it is in this order already.
//!         let (items, copied) = array.into_c_order()?;
//!         uncanner.count_copy(copied);
//!         Ok(Self { columns, items })
//!     }
//! }
//!
//! // It nests like any other type, and holds elements and other items alike.
//! let numbers = vec![Some(Matrix { columns: 2, items: vec![1.0, 2.0, 3.0, 4.0] })];
//! let back: Vec<Option<Matrix<f64>>> = Value::of(&numbers)?.read()?;
//! assert_eq!(back[0].as_ref().unwrap().items, [1.0, 2.0, 3.0, 4.0]);
//! let texts = Matrix { columns: 1, items: vec!["a".to_owned(), "b".to_owned()] };
//! assert_eq!(Value::of(&texts)?.read::<Matrix<String>, _>()?.items, ["a", "b"]);
//! # Ok::<(), Error>(())
//! ```
//!
//! Views implement [`Uncan`] with [`uncan_view`] or [`uncan_lent`], shared containers with
//! [`uncan_shared`], maps and sets with the functions of [`map`](crate::map).

use std::mem;

pub(crate) use self::lent::lend_slice;
pub use self::lent::{LentArray, uncan_cow, uncan_lent};
use crate::{
    buffer::{
        Allocation, ArrayLayout, Copied, OwnedArray, Pool, RawArray, ReceivedArray, Run,
        SharedArray, SharedSlice, ViewedArray, cast, room,
    },
    element::{Elem, Element},
    error::{ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Kind, Uncanner},
};

mod lent;

/// Cans a slice: an array of one axis, or a list.
///
/// # Errors
///
/// As [`Can::can`].
#[inline(always)]
pub fn can_slice<'a, T: Can<V>, V, C: Canner<'a>>(items: &'a [T], canner: &mut C) -> Result<()> {
    match const { T::ELEMENT } {
        Some(elem) => {
            let element = elem.element();
            if element.inner().is_empty() && canner.in_band(element, cast::bytes(items, elem))? {
                return Ok(());
            }
            can_large_slice(items, elem, canner)
        }
        None => can_list(items, canner),
    }
}

/// Cans the items of a container where they lie: an array, or a list or object array.
///
/// # Errors
///
/// As [`Can::can`]; and when the shape overflows, as that of a broadcast view may.
pub fn can_run<'a, T: Can<V>, V, C: Canner<'a>>(run: Run<'a, T>, canner: &mut C) -> Result<()> {
    if let Some(elem) = const { T::ELEMENT } {
        return canner.array(run.into_raw(elem)?);
    }
    match run.shape().as_slice() {
        [len] => {
            canner.begin_list(*len)?;
            can_items(run.iter(), *len, canner)?;
            canner.end_list()
        }
        shape => {
            let len = ArrayLayout::c_order(shape)?.count();
            canner.begin_object_array(shape)?;
            can_items(run.iter(), len, canner)?;
            canner.end_object_array()
        }
    }
}

/// Cans items that do not lie in memory as an array: a list.
///
/// # Errors
///
/// As [`Can::can`]; [`ErrorKind::Length`] when more or fewer items come than the iterator has announced.
pub fn can_list<'a, T, V, C, I>(items: I, canner: &mut C) -> Result<()>
where
    T: Can<V> + 'a,
    C: Canner<'a>,
    I: IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
{
    let items = items.into_iter();
    let len = items.len();
    canner.begin_list(len)?;
    can_items(items, len, canner)?;
    canner.end_list()
}

/// Cans a single element as an array without axes: for elements that have no other form.
///
/// # Errors
///
/// As [`Can::can`].
pub fn can_element<'a, T: Element, C: Canner<'a>>(item: &'a T, canner: &mut C) -> Result<()> {
    canner.array(RawArray::of_item(item, Elem::of()))
}

/// Uncans a `Vec`: takes an array's memory over, or collects a list. A reversed array is put
/// in order in place, and counted as copied.
///
/// # Errors
///
/// As [`Uncan::uncan`].
#[inline(always)]
pub fn uncan_vec<'b, T: Uncan<'b, V>, V, U: Uncanner<'b>>(uncanner: &mut U) -> Result<Vec<T>> {
    let Some(elem) = (const { T::ELEMENT }) else {
        return uncan_list(uncanner);
    };
    if elem.element().inner().is_empty()
        && let Some(bytes) = uncanner.in_band(elem.element())?
    {
        uncanner.count_copy(Copied { in_band: bytes.len() as u64, out_of_band: 0 });
        return cast::to_vec(bytes, elem);
    }
    if uncanner.lists_elements()? {
        return uncan_list(uncanner);
    }
    uncan_large_vec(uncanner, elem)
}

/// Gives the memory of a `Vec` of elements back, which is empty then; and that of items that
/// have memory of their own: what a container of an adapter calls in [`Uncan::recycle`].
pub fn recycle_vec<'b, T: Uncan<'b, V>, V>(items: &mut Vec<T>, pool: &Pool) {
    match const { T::ELEMENT } {
        Some(elem) => pool.put(Allocation::of_items(mem::take(items), elem)),
        None => items.iter_mut().for_each(|item| item.recycle(pool)),
    }
}

/// Uncans an array of any shape: takes its memory over, or collects an object array.
///
/// The layout that it gives is that of the sender: in any order of axes, some perhaps reversed;
/// that of a list or object array is C order. A container of one order uses
/// [`OwnedArray::into_c_order`]. It is never broadcast: such an array is materialised, and
/// counted.
///
/// # Errors
///
/// As [`Uncan::uncan`].
pub fn uncan_array<'b, T: Uncan<'b, V>, V, U: Uncanner<'b>>(
    uncanner: &mut U,
) -> Result<OwnedArray<T>> {
    if let Some(elem) = const { T::ELEMENT }
        && !uncanner.lists_elements()?
    {
        return uncan_elements(uncanner, elem);
    }
    if uncanner.peek()? == Kind::List {
        let items = uncan_list(uncanner)?;
        return Ok(OwnedArray { layout: ArrayLayout::one_axis(items.len()), items });
    }
    let layout = ArrayLayout::c_order(&uncanner.begin_object_array()?)?;
    let items = uncan_items(layout.count(), uncanner)?;
    uncanner.end_object_array()?;
    Ok(OwnedArray { layout, items })
}

/// Uncans an array that shares the received memory.
///
/// # Errors
///
/// As [`Uncan::uncan`].
pub fn uncan_shared<'b, T: Element, U: Uncanner<'b>>(uncanner: &mut U) -> Result<SharedArray<T>> {
    let (array, copied) = uncanner.array()?.into_shared(Elem::of())?;
    uncanner.count_copy(copied);
    Ok(array)
}

/// Uncans an array that borrows the received memory.
///
/// # Errors
///
/// As [`Uncan::uncan`]; and when the memory lies in several segments or is not aligned.
pub fn uncan_view<'b, T: Element, U: Uncanner<'b>>(uncanner: &mut U) -> Result<ViewedArray<'b, T>> {
    uncanner.array()?.into_view(Elem::of())
}

/// Uncans a slice that borrows the received memory.
///
/// # Errors
///
/// As [`uncan_view`]; and when the array is not one forward axis.
pub fn uncan_slice<'b, T: Element, U: Uncanner<'b>>(uncanner: &mut U) -> Result<&'b [T]> {
    let ViewedArray { layout, items } = uncan_view(uncanner)?;
    as_stored(&layout, T::INNER.as_slice())?;
    Ok(items)
}

/// Uncans a slice that shares the received memory.
///
/// # Errors
///
/// As [`uncan_shared`]; and when the array is not one forward axis.
pub fn uncan_shared_slice<'b, T: Element, U: Uncanner<'b>>(
    uncanner: &mut U,
) -> Result<SharedSlice<T>> {
    let SharedArray { layout, items } = uncan_shared(uncanner)?;
    as_stored(&layout, T::INNER.as_slice())?;
    Ok(items)
}

/// Uncans a single element from an array without axes.
///
/// # Errors
///
/// As [`Uncan::uncan`].
pub fn uncan_element<'b, T: Element, U: Uncanner<'b>>(uncanner: &mut U) -> Result<T> {
    let array = uncanner.array()?;
    let OwnedArray { layout, items } = own(array, Elem::of(), Some(0), uncanner)?;
    match (layout.shape(), items.as_slice()) {
        ([], [item]) => Ok(*item),
        (shape, _) => Err(ErrorKind::Rank {
            expected: T::INNER.as_slice().len(),
            found: T::INNER.as_slice().len() + shape.len(),
        }
        .into()),
    }
}

#[inline(never)]
fn can_large_slice<'a, T, C: Canner<'a>>(
    items: &'a [T],
    elem: Elem<T>,
    canner: &mut C,
) -> Result<()> {
    canner.array(RawArray::of_slice(items, elem))
}

/// Cans the items of what was begun with `len` of them.
pub(crate) fn can_items<'a, T, V, C>(
    items: impl Iterator<Item = &'a T>,
    len: usize,
    canner: &mut C,
) -> Result<()>
where
    T: Can<V> + 'a,
    C: Canner<'a>,
{
    let mut written = 0;
    for item in items {
        item.can(canner).map_err(|error| error.in_item(written))?;
        if written == 0 {
            canner.expect_more(len.saturating_sub(1));
        }
        written += 1;
    }
    as_announced(len, written)
}

/// Checks that so many items or entries came as were announced: an iterator may be wrong.
#[inline]
pub(crate) fn as_announced(expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(ErrorKind::Length { expected, found }.into())
}

#[inline]
fn uncan_list<'b, T: Uncan<'b, V>, V, U: Uncanner<'b>>(uncanner: &mut U) -> Result<Vec<T>> {
    let len = uncanner.begin_list()?;
    let items = uncan_items(len, uncanner)?;
    uncanner.end_list()?;
    Ok(items)
}

/// Collects `len` items, a number that the uncanner has bounded by the bytes there are.
#[inline]
pub(crate) fn uncan_items<'b, T: Uncan<'b, V>, V, U: Uncanner<'b>>(
    len: usize,
    uncanner: &mut U,
) -> Result<Vec<T>> {
    let mut items = Vec::new();
    while items.len() < len {
        if items.len() == items.capacity() {
            make_room(&mut items, len)?;
        }
        match T::uncan(uncanner) {
            Ok(item) => items.push(item),
            Err(error) => return Err(error.in_item(items.len())),
        }
    }
    Ok(items)
}

/// Makes room for one item of `len`, then for a megabyte of them, then for as many as there
/// are: an item of one byte in the input may be a large one in memory.
#[cold]
fn make_room<T>(items: &mut Vec<T>, len: usize) -> Result<()> {
    const MOST: usize = 1 << 20;
    let more = match items.len() {
        0 => 1,
        there => (len - there).min(there.max(MOST / size_of::<T>().max(1))),
    };
    room::reserve_exact(items, more)
}

#[inline(never)]
fn uncan_large_vec<'b, T, U: Uncanner<'b>>(uncanner: &mut U, elem: Elem<T>) -> Result<Vec<T>> {
    let array = uncanner.array()?;
    own_vec(array, elem, uncanner)
}

fn uncan_elements<'b, T, U: Uncanner<'b>>(
    uncanner: &mut U,
    elem: Elem<T>,
) -> Result<OwnedArray<T>> {
    let array = uncanner.array()?;
    own(array, elem, None, uncanner)
}

/// Takes an array over that is one axis, in the order of a slice.
pub(crate) fn own_vec<'b, T, U: Uncanner<'b>>(
    array: ReceivedArray<'_>,
    elem: Elem<T>,
    uncanner: &mut U,
) -> Result<Vec<T>> {
    let is_in_band = array.is_in_band();
    let OwnedArray { layout, mut items } = own(array, elem, Some(1), uncanner)?;
    one_axis(&layout, elem.element().inner())?;
    if !layout.is_c_order() {
        items.reverse();
        let bytes = size_of_val(items.as_slice());
        uncanner.count_copy(Copied::of(is_in_band, bytes));
    }
    Ok(items)
}

/// Takes an array over, of so many `axes` where that is known; a broadcast one is materialised.
fn own<'b, T, U: Uncanner<'b>>(
    mut array: ReceivedArray<'_>,
    elem: Elem<T>,
    axes: Option<usize>,
    uncanner: &mut U,
) -> Result<OwnedArray<T>> {
    if array.layout().is_broadcast() {
        // Before memory is asked for: a few bytes may stand for very many.
        array.check_items(elem, axes)?;
        let count = array.layout().count();
        uncanner.allow_expansion(count.saturating_mul(array.dtype().item_size()))?;
        let (expanded, copied) = array.expand_broadcast()?;
        uncanner.count_copy(copied);
        array = expanded;
    }
    let (array, copied) = array.into_owned(elem)?;
    uncanner.count_copy(copied);
    Ok(array)
}

/// Checks the rank of a layout whose `inner` axes were taken off.
fn one_axis(layout: &ArrayLayout, inner: &[usize]) -> Result<()> {
    match layout.shape() {
        [_] => Ok(()),
        shape => {
            Err(ErrorKind::Rank { expected: 1 + inner.len(), found: shape.len() + inner.len() }
                .into())
        }
    }
}

/// Checks that the items stand in memory as a slice wants them.
fn as_stored(layout: &ArrayLayout, inner: &[usize]) -> Result<()> {
    one_axis(layout, inner)?;
    if layout.is_broadcast() {
        return Err(ErrorKind::Broadcast.into());
    }
    if !layout.is_c_order() {
        return Err(ErrorKind::Order.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_for_one_item_then_a_megabyte_and_never_for_more_than_come() {
        let mut items: Vec<[u8; 1024]> = Vec::new();
        make_room(&mut items, 1 << 20).unwrap();
        assert_eq!(items.capacity(), 1);
        items.resize(1, [0; 1024]);
        make_room(&mut items, 1 << 20).unwrap();
        assert_eq!(items.capacity(), 1 + 1024);
        items.resize(1025, [0; 1024]);
        make_room(&mut items, 1 << 20).unwrap();
        assert_eq!(items.capacity(), 2 * 1025, "as many again");
        items.truncate(1025);
        items.shrink_to_fit();
        make_room(&mut items, 1030).unwrap();
        assert_eq!(items.capacity(), 1030);
    }
}
