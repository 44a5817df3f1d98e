//! `Cow`: borrowed where the received memory can be.

use std::{borrow::Cow, path::Path};

use crate::{
    array::{recycle_vec, uncan_cow},
    buffer::Pool,
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

impl<T: Can<V> + ToOwned + ?Sized, V> Can<V> for Cow<'_, T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.as_ref().can(canner)
    }
}

/// Owned where the text does not lie in the received object in one piece, or was moved out.
impl<'b: 'a, 'a> Uncan<'b> for Cow<'a, str> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.text()
    }
}

/// As for text.
impl<'b: 'a, 'a> Uncan<'b> for Cow<'a, Path> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        Ok(match uncanner.text()? {
            Cow::Borrowed(text) => Cow::Borrowed(Path::new(text)),
            Cow::Owned(text) => Cow::Owned(text.into()),
        })
    }
}

/// Borrowed where an array's memory is aligned, in one piece, and in the order of a slice.
/// Otherwise it becomes owned, with whatever copy that takes counted; and so does a list.
impl<'b: 'a, 'a, T: Uncan<'b, V> + Clone, V> Uncan<'b, V> for Cow<'a, [T]> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_cow(uncanner)
    }

    fn recycle(&mut self, pool: &Pool) {
        if let Cow::Owned(items) = self {
            recycle_vec(items, pool);
        }
    }
}
