//! What borrows the received memory where it can, and otherwise becomes owned.

use std::borrow::Cow;

use super::{as_stored, own, own_vec, uncan_array, uncan_list};
use crate::{
    buffer::{OwnedArray, ReceivedArray, ViewedArray},
    element::Elem,
    error::Result,
    object::Uncan,
    visitor::Uncanner,
};

/// An array of any shape that borrows the received memory where it can: what
/// [`uncan_lent`] gives.
#[derive(Debug)]
pub enum LentArray<'b, T> {
    /// Borrowed; perhaps reversed or broadcast.
    Viewed(ViewedArray<'b, T>),
    /// Owned; never broadcast.
    Owned(OwnedArray<T>),
}

/// Uncans an array of any shape that borrows the received memory where it can be borrowed, and
/// otherwise becomes owned: as [`uncan_array`], every copy counted.
///
/// It becomes owned when the memory was moved out, lies in several segments or is not aligned,
/// and when its items are not elements.
///
/// # Errors
///
/// As [`Uncan::uncan`].
pub fn uncan_lent<'b: 'a, 'a, T, V, U>(uncanner: &mut U) -> Result<LentArray<'a, T>>
where
    T: Uncan<'b, V>,
    U: Uncanner<'b>,
{
    let Some(elem) = (const { T::ELEMENT }) else {
        return uncan_array(uncanner).map(LentArray::Owned);
    };
    let array: ReceivedArray<'a> = uncanner.array()?;
    if array.can_lend(elem) {
        return array.into_view(elem).map(LentArray::Viewed);
    }
    own(array, elem, None, uncanner).map(LentArray::Owned)
}

/// Uncans a slice that borrows the received memory where it can be borrowed, and otherwise
/// becomes owned: as [`uncan_vec`](super::uncan_vec), every copy counted.
///
/// It becomes owned when the memory was moved out, lies in several segments or is not aligned,
/// when the array is reversed or broadcast, and when its items are not elements.
///
/// # Errors
///
/// As [`Uncan::uncan`].
pub fn uncan_cow<'b: 'a, 'a, T, V, U>(uncanner: &mut U) -> Result<Cow<'a, [T]>>
where
    T: Uncan<'b, V> + Clone,
    U: Uncanner<'b>,
{
    let Some(elem) = (const { T::ELEMENT }) else {
        return uncan_list(uncanner).map(Cow::Owned);
    };
    let array: ReceivedArray<'a> = uncanner.array()?;
    match lend_slice(array, elem)? {
        Ok(items) => Ok(Cow::Borrowed(items)),
        Err(array) => own_vec(array, elem, uncanner).map(Cow::Owned),
    }
}

/// Borrows a slice, or gives the array back where it cannot be borrowed as one.
pub(crate) fn lend_slice<'a, T>(
    array: ReceivedArray<'a>,
    elem: Elem<T>,
) -> Result<Result<&'a [T], ReceivedArray<'a>>> {
    if !array.layout().is_c_order() || !array.can_lend(elem) {
        return Ok(Err(array));
    }
    let ViewedArray { layout, items } = array.into_view(elem)?;
    as_stored(&layout, elem.element().inner())?;
    Ok(Ok(items))
}
