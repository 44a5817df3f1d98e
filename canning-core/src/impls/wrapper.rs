//! Wrappers without a form of their own, and `PhantomData`.

use std::{
    cmp::Reverse,
    marker::PhantomData,
    num::{Saturating, Wrapping},
};

use crate::{
    buffer::Pool,
    element::{Elem, saturating_witness, wrapping_witness},
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! wrappers {
    ($(#[$doc:meta] $wrapper:ident $witness:expr;)*) => {$(
        #[$doc]
        impl<T: Can<V>, V> Can<V> for $wrapper<T> {
            const ELEMENT: Option<Elem<Self>> = $witness(T::ELEMENT);

            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                self.0.can(canner)
            }
        }

        impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for $wrapper<T> {
            const ELEMENT: Option<Elem<Self>> = $witness(T::ELEMENT);

            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                T::uncan(uncanner).map(Self)
            }

            fn recycle(&mut self, pool: &Pool) {
                self.0.recycle(pool);
            }
        }
    )*};
}

wrappers! {
    /// As what it wraps. A sequence of them is a list: std does not say how they lie.
    Reverse no_witness;
    /// As what it wraps.
    Saturating saturating_witness;
    /// As what it wraps.
    Wrapping wrapping_witness;
}

const fn no_witness<T>(_item: Option<Elem<T>>) -> Option<Elem<Reverse<T>>> {
    None
}

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
