//! Sets, with any hasher.

use std::{
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher, Hash},
};

use crate::{
    buffer::room,
    error::Result,
    map::{can_set, try_uncan_set, uncan_set},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

/// As a set, which most formats write as a list, in the order of iteration, which differs from one set to the next. A `BTreeSet`
/// is always the same.
impl<T: Can<V>, V, S> Can<V> for HashSet<T, S> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_set(self, canner)
    }
}

impl<'b, T, V, S> Uncan<'b, V> for HashSet<T, S>
where
    T: Uncan<'b, V> + Eq + Hash,
    S: BuildHasher + Default,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let mut set = Self::default();
        try_uncan_set(uncanner, |item| {
            let len = set.len() + 1;
            set.try_reserve(1).map_err(|_full| room::out_of_memory::<T>(len))?;
            Ok(set.insert(item))
        })?;
        Ok(set)
    }
}

/// As a set, in order.
impl<T: Can<V>, V> Can<V> for BTreeSet<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_set(self, canner)
    }
}

impl<'b, T: Uncan<'b, V> + Ord, V> Uncan<'b, V> for BTreeSet<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let mut set = Self::new();
        uncan_set(uncanner, |item| set.insert(item))?;
        Ok(set)
    }
}
