//! `bytes::Bytes`: arrays of `u8` that share memory.

use bytes::{Bytes, BytesMut};

use crate::{
    array::{can_slice, uncan_shared_slice},
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

impl Can for Bytes {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice::<u8, _, _>(self, canner)
    }
}

/// Shares the received memory, as [`SharedBytes`](crate::SharedBytes) does.
impl<'b> Uncan<'b> for Bytes {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_shared_slice::<u8, _>(uncanner).map(|items| Self::from_owner(items.into_bytes()))
    }
}

impl Can for BytesMut {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice::<u8, _, _>(self, canner)
    }
}
