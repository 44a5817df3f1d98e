//! References, `Box`, `Rc` and `Arc`: as what they point to.

use std::{rc::Rc, sync::Arc};

use crate::{
    buffer::Pool,
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Can<V> + ?Sized, V> Can<V> for $pointer {
            #[inline]
            fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
                (**self).can(canner)
            }
        }
    )*};
}

pointers! { &T, &mut T, Box<T>, Rc<T>, Arc<T> }

macro_rules! owners {
    ($($owner:ident, $this:ident => $get_mut:expr;)*) => {$(
        /// Always a new one: what was shared before is not shared afterwards.
        impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for $owner<T> {
            #[inline]
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                T::uncan(uncanner).map(Self::new)
            }

            fn recycle(&mut self, pool: &Pool) {
                let $this = self;
                if let Some(value) = $get_mut {
                    value.recycle(pool);
                }
            }
        }
    )*};
}

owners! {
    Box, this => Some(&mut **this);
    Rc, this => Self::get_mut(this);
    Arc, this => Self::get_mut(this);
}
