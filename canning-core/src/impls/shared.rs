//! `SharedSlice` and `SharedBytes`: they keep the received memory, and send it on.

use crate::{
    array::uncan_shared_slice,
    buffer::{RawArray, SharedBytes, SharedSlice},
    element::{Elem, Element},
    error::Result,
    object::{Can, Uncan},
    visitor::{Canner, Uncanner},
};

/// The buffer shares the memory, too: it may outlive the borrow without a copy.
impl<T: Element> Can for SharedSlice<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.array(RawArray::of_shared(self, Elem::of()))
    }
}

impl<'b, T: Element> Uncan<'b> for SharedSlice<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_shared_slice(uncanner)
    }
}

/// As an array of `u8`, whose buffer shares the memory.
impl Can for SharedBytes {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        canner.array(RawArray::of_bytes(self))
    }
}

impl<'b> Uncan<'b> for SharedBytes {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_shared_slice::<u8, _>(uncanner).map(SharedSlice::into_bytes)
    }
}
