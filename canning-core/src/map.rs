//! What the implementations for maps and sets call, those of adapter crates too.

use crate::{
    array::{as_announced, can_items},
    error::{Error, ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

/// Cans the entries of a map, in the order in which they come.
///
/// # Errors
///
/// As [`Can::can`]; [`ErrorKind::Length`] when more or fewer entries come than the iterator has announced.
pub fn can_map<'a, K, VK, T, VT, C, I>(entries: I, canner: &mut C) -> Result<()>
where
    K: Can<VK> + 'a,
    T: Can<VT> + 'a,
    C: Canner<'a>,
    I: IntoIterator<Item = (&'a K, &'a T), IntoIter: ExactSizeIterator>,
{
    let entries = entries.into_iter();
    let len = entries.len();
    canner.begin_map(len)?;
    let mut written = 0;
    for (key, value) in entries {
        key.can(canner).map_err(|error| error.in_entry(written))?;
        value.can(canner).map_err(|error| error.in_entry(written))?;
        written += 1;
    }
    as_announced(len, written)?;
    canner.end_map()
}

/// Uncans the entries of a map into `insert`, which says whether the key was new.
///
/// Their number is not given beforehand: a map that reserves does so as it grows, not on the
/// word of the input.
///
/// # Errors
///
/// [`ErrorKind::DuplicateKey`] when `insert` gives `false`; otherwise as [`Uncan::uncan`].
pub fn uncan_map<'b, K, VK, T, VT, U>(
    uncanner: &mut U,
    mut insert: impl FnMut(K, T) -> bool,
) -> Result<()>
where
    K: Uncan<'b, VK>,
    T: Uncan<'b, VT>,
    U: Uncanner<'b>,
{
    try_uncan_map(uncanner, |key, value| Ok(insert(key, value)))
}

/// As [`uncan_map`]; inserting may fail, for want of memory.
pub(crate) fn try_uncan_map<'b, K, VK, T, VT, U>(
    uncanner: &mut U,
    mut insert: impl FnMut(K, T) -> Result<bool>,
) -> Result<()>
where
    K: Uncan<'b, VK>,
    T: Uncan<'b, VT>,
    U: Uncanner<'b>,
{
    for index in 0..uncanner.begin_map()? {
        let key = K::uncan(uncanner).map_err(|error| error.in_entry(index))?;
        let value = T::uncan(uncanner).map_err(|error| error.in_entry(index))?;
        if !insert(key, value)? {
            return Err(Error::new(ErrorKind::DuplicateKey).in_entry(index));
        }
    }
    uncanner.end_map()
}

/// Cans the items of a set, in the order in which they come.
///
/// # Errors
///
/// As [`Can::can`]; [`ErrorKind::Length`] when more or fewer items come than the iterator has announced.
pub fn can_set<'a, T, V, C, I>(items: I, canner: &mut C) -> Result<()>
where
    T: Can<V> + 'a,
    C: Canner<'a>,
    I: IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
{
    let items = items.into_iter();
    let len = items.len();
    canner.begin_set(len)?;
    can_items(items, len, canner)?;
    canner.end_set()
}

/// Uncans the items of a set into `insert`, which says whether the item was
/// new.
///
/// # Errors
///
/// As [`uncan_map`].
pub fn uncan_set<'b, T, V, U>(uncanner: &mut U, mut insert: impl FnMut(T) -> bool) -> Result<()>
where
    T: Uncan<'b, V>,
    U: Uncanner<'b>,
{
    try_uncan_set(uncanner, |item| Ok(insert(item)))
}

/// As [`uncan_set`]; inserting may fail, for want of memory.
pub(crate) fn try_uncan_set<'b, T, V, U>(
    uncanner: &mut U,
    mut insert: impl FnMut(T) -> Result<bool>,
) -> Result<()>
where
    T: Uncan<'b, V>,
    U: Uncanner<'b>,
{
    for index in 0..uncanner.begin_set()? {
        let item = T::uncan(uncanner).map_err(|error| error.in_item(index))?;
        if !insert(item)? {
            return Err(Error::new(ErrorKind::DuplicateKey).in_item(index));
        }
    }
    uncanner.end_set()
}
