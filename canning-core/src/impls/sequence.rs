//! `Vec` and slices.

use crate::{
    array::{can_slice, uncan_slice, uncan_vec},
    element::Element,
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

impl<T: Can<V>, V> Can<V> for [T] {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice(self, canner)
    }
}

impl<T: Can<V>, V> Can<V> for Vec<T> {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice(self, canner)
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for Vec<T> {
    #[inline]
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_vec(uncanner)
    }
}

impl<'b: 'a, 'a, T: Element> Uncan<'b> for &'a [T] {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_slice(uncanner)
    }
}
