//! Received memory that several owners share.

use std::{any::Any, fmt, marker::PhantomData, mem, ops::Deref, ptr::NonNull, slice, sync::Arc};

use crate::{
    buffer::Allocation,
    element::{Elem, Element},
};

/// Bytes that keep what owns them alive; cloning shares, never copies.
#[derive(Clone)]
pub struct SharedBytes {
    /// # Invariants
    ///
    /// 0. Valid for reads of `len` initialised bytes that nobody writes, as long as `owner`
    ///    lives. Not null.
    ptr: NonNull<u8>,
    len: usize,
    owner: Arc<Owner>,
}

enum Owner {
    Allocation(Allocation),
    Other {
        _keep: Arc<dyn Any + Send + Sync>,
    },
    /// Of an empty [`Shell`].
    Nothing,
}

/// The reference counts of an allocation that a [`Pool`](crate::buffer::Pool) lent and that
/// nobody shares any more, kept for the next one.
pub(super) struct Shell(Arc<Owner>);

impl Shell {
    /// Puts an allocation under reference counts: used ones if there are any.
    fn around(allocation: Allocation) -> Arc<Owner> {
        let used = allocation.home().and_then(|pool| pool.shell());
        let owner = Owner::Allocation(allocation);
        match used {
            Some(Self(mut counts)) => match Arc::get_mut(&mut counts) {
                Some(place) => {
                    *place = owner;
                    counts
                }
                None => Arc::new(owner),
            },
            None => Arc::new(owner),
        }
    }

    /// Takes the allocation out, if nobody else shares it.
    fn open(mut counts: Arc<Owner>) -> Result<Allocation, Arc<Owner>> {
        let Some(place) = Arc::get_mut(&mut counts) else {
            return Err(counts);
        };
        match mem::replace(place, Owner::Nothing) {
            Owner::Allocation(allocation) => {
                if let Some(pool) = allocation.home() {
                    pool.put_shell(Self(counts));
                }
                Ok(allocation)
            }
            other => {
                *place = other;
                Err(counts)
            }
        }
    }
}

impl SharedBytes {
    /// Shares an allocation.
    pub fn from_allocation(allocation: Allocation) -> Self {
        let bytes = allocation.as_slice();
        // The bytes do not move with the `Allocation`: they are on the heap.
        let (ptr, len) = (NonNull::from(bytes).cast(), bytes.len());
        Self { ptr, len, owner: Shell::around(allocation) }
    }

    /// Shares the memory of a `Vec`, without a copy.
    pub fn from_vec<T: Element>(items: Vec<T>) -> Self {
        Self::from_allocation(Allocation::from_vec(items))
    }

    /// Shares the bytes that another owner holds, such as an `Arc<[u8]>`, without a copy.
    ///
    /// `owner` is put into an `Arc` first and asked once.
    pub fn from_owner<O: AsRef<[u8]> + Send + Sync + 'static>(owner: O) -> Self {
        let owner = Arc::new(owner);
        let bytes = (*owner).as_ref();
        // Invariant 0: `as_ref` borrows from within the `Arc`, which nobody moves out of or
        // borrows mutably until it is dropped. (A `Box` would not do: moving it claims its
        // content for itself.)
        let (ptr, len) = (NonNull::from(bytes).cast(), bytes.len());
        Self { ptr, len, owner: Arc::new(Owner::Other { _keep: owner }) }
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `from_raw_parts` requires initialised bytes that are not written while
        // borrowed: invariant 0; `owner` lives as long as the borrow of `self`.
        unsafe { slice::from_raw_parts(self.ptr.as_ptr(), self.len) }
    }

    /// Shares a part; `None` where it is not within the bytes.
    pub fn get(&self, range: std::ops::Range<usize>) -> Option<Self> {
        let part = self.as_slice().get(range)?;
        Some(Self {
            ptr: NonNull::from(part).cast(),
            len: part.len(),
            owner: Arc::clone(&self.owner),
        })
    }

    /// Becomes what begins at `start`; no bytes where it is beyond the end.
    #[must_use]
    pub fn into_rest(self, start: usize) -> Self {
        let rest = self.as_slice().get(start..).unwrap_or_default();
        // Invariant 0: a part of the same bytes, of the same owner; or none.
        let (ptr, len) = (NonNull::from(rest).cast(), rest.len());
        Self { ptr, len, ..self }
    }

    /// Takes the allocation back.
    ///
    /// # Errors
    ///
    /// Gives `self` back where others share it, it is a part, or it has a foreign owner.
    pub fn try_into_allocation(self) -> Result<Allocation, Self> {
        let Self { ptr, len, owner } = self;
        let is_whole = matches!(&*owner, Owner::Allocation(whole) if whole.as_slice() .as_ptr() == ptr.as_ptr() && whole.len() == len);
        if !is_whole {
            return Err(Self { ptr, len, owner });
        }
        Shell::open(owner).map_err(|owner| Self { ptr, len, owner })
    }
}

// SAFETY: it reads plain bytes that nobody writes (invariant 0), and owns an `Arc` of what is
// `Send` and `Sync`.
unsafe impl Send for SharedBytes {}
// SAFETY: as above.
unsafe impl Sync for SharedBytes {}

impl Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl PartialEq for SharedBytes {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for SharedBytes {}

impl fmt::Debug for SharedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedBytes").field("len", &self.len).finish_non_exhaustive()
    }
}

/// Items in received memory that several owners share; cloning shares, never copies.
///
/// As a field of a derived struct it is received without a copy, and keeps the received
/// buffer alive after the rest of the object is gone.
pub struct SharedSlice<T> {
    /// # Invariants
    ///
    /// 0. A multiple of the size of `T` long, and values of `T`; aligned for `T` if there are
    ///    any.
    bytes: SharedBytes,
    marker: PhantomData<T>,
}

impl<T> SharedSlice<T> {
    /// Sees bytes as items, without a copy.
    ///
    /// # Errors
    ///
    /// Gives `bytes` back where they are not aligned for `T`, not a whole number of items, or
    /// not values of `T`.
    pub fn from_bytes(bytes: SharedBytes, elem: Elem<T>) -> Result<Self, SharedBytes> {
        match super::cast::items(&bytes, elem) {
            Ok(_) => Ok(Self { bytes, marker: PhantomData }),
            Err(_) => Err(bytes),
        }
    }

    /// The items.
    pub fn as_slice(&self) -> &[T] {
        if self.bytes.is_empty() {
            return &[];
        }
        // SAFETY: `from_raw_parts` requires aligned, initialised values that are not written
        // while borrowed: invariant 0, and that of `SharedBytes`; they are not empty. `T` is an element, so that
        // its size is not zero.
        unsafe {
            slice::from_raw_parts(self.bytes.ptr.as_ptr().cast(), self.bytes.len / size_of::<T>())
        }
    }

    /// The bytes of the items, in this machine's byte order.
    pub fn as_bytes(&self) -> &SharedBytes {
        &self.bytes
    }

    /// The bytes of the items, sharing the same owner.
    pub fn into_bytes(self) -> SharedBytes {
        self.bytes
    }
}

impl<T> SharedSlice<T> {
    pub(super) fn of_items(items: Vec<T>, elem: Elem<T>) -> Self {
        let bytes = SharedBytes::from_allocation(Allocation::of_items(items, elem));
        Self { bytes, marker: PhantomData }
    }
}

impl<T: Element> From<Vec<T>> for SharedSlice<T> {
    fn from(items: Vec<T>) -> Self {
        Self::of_items(items, Elem::of())
    }
}

impl<T> Clone for SharedSlice<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), marker: PhantomData }
    }
}

impl<T> Deref for SharedSlice<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> AsRef<[T]> for SharedSlice<T> {
    fn as_ref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: PartialEq> PartialEq for SharedSlice<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: fmt::Debug> fmt::Debug for SharedSlice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharing_keeps_the_address_and_the_owner() {
        let whole = SharedBytes::from_vec(vec![1_u16, 2, 3]);
        let part = whole.get(2..6).unwrap();
        assert_eq!(part.as_ptr(), whole[2..].as_ptr());
        drop(whole);
        let items = SharedSlice::from_bytes(part, Elem::<u16>::of()).unwrap();
        assert_eq!(*items, [2, 3]);
    }

    #[test]
    fn allocation_comes_back_only_whole_and_alone() {
        let whole = SharedBytes::from_vec(vec![1_u8, 2, 3]);
        let other = whole.clone();
        let whole = whole.try_into_allocation().unwrap_err();
        drop(other);
        let part = whole.get(0..2).unwrap();
        drop(whole);
        assert!(part.try_into_allocation().is_err());
        let alone = SharedBytes::from_vec(vec![1_u8, 2, 3]);
        let address = alone.as_ptr();
        assert_eq!(alone.try_into_allocation().unwrap().as_slice().as_ptr(), address);
        let foreign = SharedBytes::from_owner(Arc::<[u8]>::from([4, 5]));
        assert_eq!(*foreign.try_into_allocation().unwrap_err(), [4, 5]);
    }

    #[test]
    fn misaligned_and_invalid_bytes_are_given_back() {
        let bytes = SharedBytes::from_vec(vec![0_u64; 2]).get(1..9).unwrap();
        assert!(SharedSlice::from_bytes(bytes, Elem::<u64>::of()).is_err());
        let nothing = SharedBytes::from_vec(vec![0_u64; 2]).get(1..1).unwrap();
        let nothing = SharedSlice::from_bytes(nothing, Elem::<u64>::of()).unwrap();
        assert!(nothing.is_empty());
        let bytes = SharedBytes::from_vec(vec![7_u8]);
        assert!(SharedSlice::from_bytes(bytes, Elem::<bool>::of()).is_err());
    }

    #[test]
    fn bytes_and_items_are_equal_where_they_hold_the_same() {
        let [one, same, other] = [[1_u8, 2], [1, 2], [1, 3]].map(SharedBytes::from_owner);
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert_eq!(format!("{one:?}"), "SharedBytes { len: 2, .. }");
        let [one, same, other] = [one, same, other]
            .map(|bytes| SharedSlice::from_bytes(bytes, Elem::<u8>::of()).unwrap());
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert_eq!((one.as_ref(), format!("{one:?}")), (&[1, 2][..], "[1, 2]".to_owned()));
    }

    #[test]
    fn the_rest_lies_within_the_whole_and_keeps_it() {
        let whole = SharedBytes::from_vec(vec![1_u8, 2, 3]);
        let rest = whole.clone().into_rest(1);
        assert_eq!((rest.as_ptr(), rest.len()), (whole[1..].as_ptr(), 2));
        drop(whole);
        assert_eq!(*rest, [2, 3]);
        assert!(rest.clone().into_rest(2).is_empty() && rest.into_rest(3).is_empty());
    }
}
