//! Text.

use std::borrow::Cow;

use crate::{
    buffer::RawArray,
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
        uncanner.text().map(Cow::into_owned)
    }
}

impl<'b: 'a, 'a> Uncan<'b> for &'a str {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        match uncanner.text()? {
            Cow::Borrowed(text) => Ok(text),
            Cow::Owned(_) => Err(ErrorKind::NotContiguous.into()),
        }
    }
}
