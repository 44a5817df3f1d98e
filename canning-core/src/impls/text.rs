//! Text.

use std::{borrow::Cow, mem, rc::Rc, sync::Arc};

use crate::{
    buffer::{Allocation, Copied, Pool, RawArray},
    error::{ErrorKind, Result},
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

impl Can for str {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        if canner.sends_out_of_band(self.len()) {
            return canner.text_array(RawArray::of_text(self));
        }
        canner.str(self)
    }
}

impl Can for String {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        self.as_str().can(canner)
    }
}

impl<'b> Uncan<'b> for String {
    #[inline]
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.string()
    }

    fn recycle(&mut self, pool: &Pool) {
        pool.put(Allocation::from_vec(mem::take(self).into_bytes()));
    }
}

/// An error where the text does not lie in the received object in one piece, or was moved out
/// of it: a `Cow` takes both.
impl<'b: 'a, 'a> Uncan<'b> for &'a str {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        match uncanner.text()? {
            Cow::Borrowed(text) => Ok(text),
            Cow::Owned(_) => Err(ErrorKind::NotContiguous.into()),
        }
    }
}

impl<'b> Uncan<'b> for Box<str> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncanner.string().map(String::into_boxed_str)
    }
}

macro_rules! counted {
    ($($owner:ident)*) => {$(
        /// Copies the text next to the reference counts, and counts it.
        impl<'b> Uncan<'b> for $owner<str> {
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let is_in_band = uncanner.is_text_in_band()?;
                let text = uncanner.text()?;
                uncanner.count_copy(Copied::of(is_in_band, text.len()));
                Ok(text.into())
            }
        }
    )*};
}

counted! { Rc Arc }
