//! `Option`.

use crate::{
    buffer::Pool,
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

impl<T: Can<V>, V> Can<V> for Option<T> {
    #[inline]
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        match self {
            None => canner.none(),
            Some(value) => {
                canner.begin_some()?;
                value.can(canner)?;
                canner.end_some()
            }
        }
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for Option<T> {
    #[inline]
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        if !uncanner.begin_option()? {
            return Ok(None);
        }
        let value = T::uncan(uncanner)?;
        uncanner.end_some()?;
        Ok(Some(value))
    }

    fn recycle(&mut self, pool: &Pool) {
        if let Some(value) = self {
            value.recycle(pool);
        }
    }
}
