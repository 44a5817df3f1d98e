//! Slices, and the collections that keep a sequence.

use std::{
    collections::{BinaryHeap, LinkedList, VecDeque},
    mem,
    rc::Rc,
    sync::Arc,
};

use crate::{
    array::{can_list, can_run, can_slice, recycle_vec, uncan_slice, uncan_vec},
    buffer::{Copied, Pool, Run},
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

impl<'b: 'a, 'a, T: Element> Uncan<'b> for &'a [T] {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_slice(uncanner)
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

    fn recycle(&mut self, pool: &Pool) {
        recycle_vec(self, pool);
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for Box<[T]> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_vec(uncanner).map(Vec::into_boxed_slice)
    }

    fn recycle(&mut self, pool: &Pool) {
        recycle_vec(&mut mem::take(self).into_vec(), pool);
    }
}

macro_rules! counted {
    ($($owner:ident)*) => {$(
        /// Copies the items next to the reference counts, and counts the copy of an array. A
        /// [`SharedSlice`](crate::SharedSlice) shares the received memory instead.
        impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for $owner<[T]> {
            fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
                let items: Vec<T> = uncan_vec(uncanner)?;
                if const { T::ELEMENT.is_some() } {
                    uncanner.count_copy(Copied {
                        in_band: 0,
                        out_of_band: size_of_val(items.as_slice()) as u64,
                    });
                }
                Ok(items.into())
            }
        }
    )*};
}

counted! { Rc Arc }

/// In its two pieces, as they lie.
impl<T: Can<V>, V> Can<V> for VecDeque<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        let (first, second) = self.as_slices();
        can_run(Run::of_slices(first, second), canner)
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for VecDeque<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_vec(uncanner).map(Self::from)
    }

    fn recycle(&mut self, pool: &Pool) {
        recycle_vec(&mut mem::take(self).into(), pool);
    }
}

/// As a list, whatever its items: they do not lie in memory as an array.
impl<T: Can<V>, V> Can<V> for LinkedList<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_list(self, canner)
    }
}

impl<'b, T: Uncan<'b, V>, V> Uncan<'b, V> for LinkedList<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        let mut list = Self::new();
        for index in 0..uncanner.begin_list()? {
            list.push_back(T::uncan(uncanner).map_err(|error| error.in_item(index))?);
        }
        uncanner.end_list()?;
        Ok(list)
    }

    fn recycle(&mut self, pool: &Pool) {
        self.iter_mut().for_each(|item| item.recycle(pool));
    }
}

/// In the order in which the heap lies.
impl<T: Can<V>, V> Can<V> for BinaryHeap<T> {
    fn can<'a, C: Canner<'a>>(&'a self, canner: &mut C) -> Result<()> {
        can_slice(self.as_slice(), canner)
    }
}

/// Makes it a heap anew: what was received is not believed to be one.
impl<'b, T: Uncan<'b, V> + Ord, V> Uncan<'b, V> for BinaryHeap<T> {
    fn uncan<U: Uncanner<'b>>(uncanner: &mut U) -> Result<Self> {
        uncan_vec(uncanner).map(Self::from)
    }

    fn recycle(&mut self, pool: &Pool) {
        recycle_vec(&mut mem::take(self).into_vec(), pool);
    }
}
