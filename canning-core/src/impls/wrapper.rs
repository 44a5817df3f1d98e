//! Wrappers without a form of their own, and `PhantomData`.

use std::{
    cmp::Reverse,
    marker::PhantomData,
    num::{Saturating, Wrapping},
};

use crate::{
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! wrappers {
    ($($wrapper:ident)*) => {$(
        /// As what it wraps. A sequence of them is a list.
        impl<T: Can<V>, V> Can<V> for $wrapper<T> {
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                self.0.can(canner)
            }
        }

        impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for $wrapper<T> {
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                T::uncan(uncanner).map(Self)
            }
        }
    )*};
}

wrappers! { Reverse Saturating Wrapping }

/// As `()`.
impl<T: ?Sized> Can for PhantomData<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.unit()
    }
}

impl<'b, T: ?Sized> Uncan<'b> for PhantomData<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.unit()?;
        Ok(Self)
    }
}
