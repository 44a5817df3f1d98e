//! Maps, with any hasher.

use std::{
    collections::{BTreeMap, HashMap, btree_map, hash_map},
    hash::{BuildHasher, Hash},
};

use crate::{
    buffer::{Pool, room},
    error::Result,
    map::{can_map, try_uncan_map, uncan_map},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

/// The order of the entries is that of the map's iteration, which differs from one map to the
/// next: equal maps may be canned as different bytes. A `BTreeMap` is always the same.
impl<K: Can<VK>, VK, T: Can<VT>, VT, S> Can<(VK, VT)> for HashMap<K, T, S> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_map(self, canner)
    }
}

impl<'b, K, VK, T, VT, S> Uncan<'b, (VK, VT)> for HashMap<K, T, S>
where
    K: Uncan<'b, VK> + Eq + Hash,
    T: Uncan<'b, VT>,
    S: BuildHasher + Default,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let mut map = Self::default();
        try_uncan_map(uncanner, |key, value| {
            let len = map.len() + 1;
            map.try_reserve(1).map_err(|_full| room::out_of_memory::<(K, T)>(len))?;
            Ok(match map.entry(key) {
                hash_map::Entry::Occupied(_) => false,
                hash_map::Entry::Vacant(entry) => {
                    entry.insert(value);
                    true
                }
            })
        })?;
        Ok(map)
    }

    fn recycle(&mut self, pool: &Pool) {
        self.values_mut().for_each(|value| value.recycle(pool));
    }
}

impl<K: Can<VK>, VK, T: Can<VT>, VT> Can<(VK, VT)> for BTreeMap<K, T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_map(self, canner)
    }
}

impl<'b, K, VK, T, VT> Uncan<'b, (VK, VT)> for BTreeMap<K, T>
where
    K: Uncan<'b, VK> + Ord,
    T: Uncan<'b, VT>,
{
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let mut map = Self::new();
        uncan_map(uncanner, |key, value| match map.entry(key) {
            btree_map::Entry::Occupied(_) => false,
            btree_map::Entry::Vacant(entry) => {
                entry.insert(value);
                true
            }
        })?;
        Ok(map)
    }

    fn recycle(&mut self, pool: &Pool) {
        self.values_mut().for_each(|value| value.recycle(pool));
    }
}
