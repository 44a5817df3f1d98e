//! Memory that a receiver owns, and that a `Vec` can take over.

use std::{
    alloc, fmt,
    mem::{self, ManuallyDrop},
    ptr::NonNull,
    slice,
};

use crate::{
    buffer::{Pool, huge_pages},
    element::{Elem, Element},
    error::{ErrorKind, Result},
};

/// Owned bytes at an alignment of the receiver's choice.
///
/// A `Vec<f64>` can take the memory over, where an allocation for `Vec<u8>` could not serve:
/// `Vec` gives memory back with the alignment of its items.
///
/// One that a [`Pool`] lent goes back there when it is dropped.
pub struct Allocation {
    /// # Invariants
    ///
    /// 0. If `capacity` > 0: allocated by the global allocator with the layout (`capacity`,
    ///    `align`), owned here, and may be used for all of `capacity`. Else dangling, not null,
    ///    a multiple of `align`.
    ptr: NonNull<u8>,
    /// # Invariants
    ///
    /// 1. At most `capacity`; so many bytes from `ptr` are initialised.
    len: usize,
    /// # Invariants
    ///
    /// 2. At most `isize::MAX` rounded down to `align`.
    capacity: usize,
    /// # Invariants
    ///
    /// 3. A power of two.
    align: usize,
    /// The pool that lent it.
    home: Option<Pool>,
}

impl Allocation {
    /// Allocates room for `capacity` bytes at a multiple of `align`; none is there yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`].
    ///
    /// # Panics
    ///
    /// When `align` is not a power of two.
    pub fn with_capacity(capacity: usize, align: usize) -> Result<Self> {
        // SAFETY: `alloc` requires a layout of non-zero size, as `allocate` promises.
        Self::allocate(capacity, align, |layout| unsafe { alloc::alloc(layout) })
    }

    /// Allocates `len` zero bytes at a multiple of `align`.
    ///
    /// Large blocks cost nothing to zero up to an alignment of 16: the system hands out zero pages.
    /// Beyond, the zeros are written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`].
    ///
    /// # Panics
    ///
    /// When `align` is not a power of two.
    pub fn zeroed(len: usize, align: usize) -> Result<Self> {
        if align > ALIGN_OF_ZEROS {
            // Written here, after the system was asked for huge pages, not before.
            let mut this = Self::with_capacity(len, align)?;
            this.grow(len)?;
            return Ok(this);
        }
        // SAFETY: `alloc_zeroed` requires a layout of non-zero size, as `allocate` promises.
        let mut this = Self::allocate(len, align, |layout| unsafe { alloc::alloc_zeroed(layout) })?;
        // Invariant 1: all bytes of the capacity are zero.
        this.len = len;
        Ok(this)
    }

    /// Calls `allocate` with a layout of non-zero size, if there is anything to allocate.
    fn allocate(
        capacity: usize,
        align: usize,
        allocate: impl FnOnce(alloc::Layout) -> *mut u8,
    ) -> Result<Self> {
        assert!(align.is_power_of_two(), "an alignment is a power of two");
        let out_of_memory = || ErrorKind::OutOfMemory { bytes: capacity };
        let layout = alloc::Layout::from_size_align(capacity, align)
            .map_err(|_too_large| out_of_memory())?;
        if capacity == 0 {
            let ptr =
                NonNull::without_provenance(align.try_into().map_err(|_zero| out_of_memory())?);
            return Ok(Self { ptr, len: 0, capacity, align, home: None });
        }
        let ptr = NonNull::new(allocate(layout)).ok_or_else(out_of_memory)?;
        huge_pages::advise(ptr, capacity);
        Ok(Self { ptr, len: 0, capacity, align, home: None })
    }

    /// Grows to `len` bytes, the new ones zero; does nothing if it is that long. Moves where
    /// `len` is beyond the capacity, which becomes `len` then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`]; the bytes so far stay.
    pub fn grow(&mut self, len: usize) -> Result<()> {
        let more = match len.checked_sub(self.len) {
            None | Some(0) => return Ok(()),
            Some(more) => more,
        };
        self.reserve(len)?;
        // SAFETY: `add` requires the end to lie in the same allocation: `self.len` is at most
        // `capacity`, by invariant 1.
        let end = unsafe { self.ptr.add(self.len) };
        // SAFETY: `write_bytes` requires `more` bytes valid for writes: `len + more` is at
        // most `capacity`, ensured above; bytes have no alignment.
        unsafe { end.write_bytes(0, more) };
        self.len = len;
        Ok(())
    }

    /// Appends bytes. Moves where they are beyond the capacity, which is then as long as all bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`]; the bytes so far stay.
    pub fn extend_from_slice(&mut self, bytes: &[u8]) -> Result<()> {
        let out_of_memory = ErrorKind::OutOfMemory { bytes: usize::MAX };
        let len = self.len.checked_add(bytes.len()).ok_or(out_of_memory)?;
        self.reserve(len)?;
        // SAFETY: `add` requires the end to lie in the same allocation: `self.len` is at most
        // `capacity`, by invariant 1.
        let end = unsafe { self.ptr.add(self.len) };
        // SAFETY: `copy_from_nonoverlapping` requires:
        // - `bytes` valid for reads: they are borrowed.
        // - as many bytes at `end` valid for writes: `len` is at most `capacity`, ensured above.
        // - that they do not overlap: `self` is borrowed alone, so that `bytes` are elsewhere.
        // - aligned: bytes have no alignment.
        unsafe { end.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) };
        // Invariant 1: they are initialised now.
        self.len = len;
        Ok(())
    }

    /// Makes room for `capacity` bytes in all; may move. Does nothing if there is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`]; the bytes so far stay.
    pub fn reserve(&mut self, capacity: usize) -> Result<()> {
        if capacity > self.capacity {
            self.resize(capacity)?;
        }
        Ok(())
    }

    /// Sets the capacity, which is not zero and at least `len`.
    fn resize(&mut self, capacity: usize) -> Result<()> {
        assert!(capacity > 0 && capacity >= self.len, "the bytes stay");
        if self.capacity == 0 {
            let mut larger = Self::with_capacity(capacity, self.align)?;
            larger.home = self.home.take();
            *self = larger;
            return Ok(());
        }
        let out_of_memory = || ErrorKind::OutOfMemory { bytes: capacity };
        alloc::Layout::from_size_align(capacity, self.align)
            .map_err(|_too_large| out_of_memory())?;
        // SAFETY: `realloc` requires:
        // - allocated by this allocator with this layout: invariant 0.
        // - the new size is not zero (asserted) and does not overflow `isize` when rounded up to
        //   the alignment: checked by `Layout` above.
        let ptr = unsafe { alloc::realloc(self.ptr.as_ptr(), self.layout(), capacity) };
        self.ptr = NonNull::new(ptr).ok_or_else(out_of_memory)?;
        self.capacity = capacity;
        huge_pages::advise(self.ptr, capacity);
        Ok(())
    }

    /// Keeps only the first `len` bytes; the capacity stays.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes that it has room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The alignment it was allocated with.
    pub fn align(&self) -> usize {
        self.align
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: `from_raw_parts` requires:
        // - non-null, aligned for `u8`: invariant 0.
        // - `len` initialised bytes in one allocation: invariants 0 and 1.
        // - not mutated while borrowed: the borrow of `self`.
        // - at most `isize::MAX`: invariants 1 and 2.
        unsafe { slice::from_raw_parts(self.ptr.as_ptr(), self.len) }
    }

    /// The bytes, to read into.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: as in `as_slice`; the borrow of `self` is unique.
        unsafe { slice::from_raw_parts_mut(self.ptr.as_ptr(), self.len) }
    }

    /// Hands the memory to a `Vec`, without a copy.
    ///
    /// Reads the bytes only where not all bits are values of `T`, as for `bool` and `char`. It
    /// leaves the pool that lent it. Spare capacity that is no whole number of items is given
    /// back to the allocator.
    ///
    /// # Errors
    ///
    /// Gives `self` back where a `Vec<T>` could not free the memory (it was allocated with
    /// another alignment or for a fraction of an item), or the bytes are no values of `T`.
    pub fn try_into_vec<T>(mut self, elem: Elem<T>) -> Result<Vec<T>, Self> {
        let size = size_of::<T>();
        if self.align != align_of::<T>()
            || !self.len.is_multiple_of(size)
            || elem.element().validate(self.as_slice()).is_err()
        {
            return Err(self);
        }
        let fraction = self.capacity % size;
        let whole = self.capacity - fraction;
        if fraction > 0 && (whole == 0 || self.resize(whole).is_err()) {
            return Err(self);
        }
        self.home = None;
        let this = ManuallyDrop::new(self);
        let ptr = this.ptr.cast::<T>().as_ptr();
        // SAFETY: `Vec::from_raw_parts` requires:
        // - allocated by the global allocator with the alignment of `T`, and `capacity` items
        //   are the allocated size: checked above, with invariant 0; or a capacity of zero
        //   and a dangling, aligned pointer.
        // - `len` at most `capacity`, and so many items initialised: invariant 1; bytes that
        //   are validated are values of `T`: promise 3 of `Element`, which `elem` witnesses.
        // - the size in bytes is at most `isize::MAX`: invariant 2.
        // - owned: `self` is not dropped.
        Ok(unsafe { Vec::from_raw_parts(ptr, this.len / size, this.capacity / size) })
    }

    /// Takes the memory of a `Vec` over, without a copy.
    pub fn from_vec<T: Element>(items: Vec<T>) -> Self {
        Self::of_items(items, Elem::of())
    }

    pub(crate) fn of_items<T>(items: Vec<T>, _elem: Elem<T>) -> Self {
        let mut items = ManuallyDrop::new(items);
        let size = size_of::<T>();
        let Some(ptr) = NonNull::new(items.as_mut_ptr()) else {
            unreachable!("the pointer of a Vec is not null")
        };
        // Invariant 0: `Vec` allocates so, or dangles; its pointer, unlike that of a slice,
        // is for all of the capacity. 1: elements have no padding (promise 0 of `Element`,
        // which `_elem` witnesses), so that all bytes are initialised. No overflow: both fit
        // an `isize`.
        Self {
            ptr: ptr.cast(),
            len: items.len() * size,
            capacity: items.capacity() * size,
            align: align_of::<T>(),
            home: None,
        }
    }

    /// Says where it goes when it is dropped.
    pub(super) fn set_home(&mut self, home: Pool) {
        self.home = Some(home);
    }

    /// It stays where it is put.
    pub(super) fn clear_home(&mut self) {
        self.home = None;
    }

    /// The pool that lent it.
    pub(super) fn home(&self) -> Option<&Pool> {
        self.home.as_ref()
    }

    fn layout(&self) -> alloc::Layout {
        // SAFETY: `from_size_align_unchecked` requires a power of two (invariant 3) and a size
        // that does not overflow `isize` when rounded up (invariant 2).
        unsafe { alloc::Layout::from_size_align_unchecked(self.capacity, self.align) }
    }
}

/// Beyond this alignment the system's allocator writes the zeros by hand.
const ALIGN_OF_ZEROS: usize = 16;

impl Drop for Allocation {
    fn drop(&mut self) {
        if let Some(home) = self.home.take() {
            let nothing =
                Self { ptr: NonNull::dangling(), len: 0, capacity: 0, align: 1, home: None };
            home.put(mem::replace(self, nothing));
        } else if self.capacity > 0 {
            // SAFETY: `dealloc` requires memory allocated with this layout: invariant 0.
            unsafe { alloc::dealloc(self.ptr.as_ptr(), self.layout()) };
        }
    }
}

// SAFETY: it owns plain bytes, as `Vec<u8>` does.
unsafe impl Send for Allocation {}
// SAFETY: as above; shared access only reads.
unsafe impl Sync for Allocation {}

impl AsRef<[u8]> for Allocation {
    fn as_ref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl fmt::Debug for Allocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Allocation")
            .field("len", &self.len)
            .field("capacity", &self.capacity)
            .field("align", &self.align)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vec_takes_the_memory_over() {
        let mut allocation = Allocation::zeroed(24, align_of::<f64>()).unwrap();
        allocation.as_mut_slice()[8..16].copy_from_slice(&2.5_f64.to_ne_bytes());
        let address = allocation.as_slice().as_ptr();
        let numbers = allocation.try_into_vec(Elem::<f64>::of()).unwrap();
        assert_eq!(numbers, [0.0, 2.5, 0.0]);
        assert_eq!(numbers.as_ptr().cast(), address);
        let back = Allocation::from_vec(numbers);
        assert_eq!(back.as_slice().as_ptr(), address);
    }

    #[test]
    fn zeros_are_there_at_every_alignment() {
        for align in [1, 16, 32, 4096] {
            let allocation = Allocation::zeroed(70_000, align).unwrap();
            assert_eq!((allocation.len(), allocation.capacity()), (70_000, 70_000));
            assert_eq!(allocation.as_slice().as_ptr().addr() % align, 0);
            assert!(allocation.as_slice().iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn wrong_alignment_odd_length_and_invalid_bits_are_given_back() {
        let bytes = Allocation::zeroed(8, 1).unwrap();
        assert!(bytes.try_into_vec(Elem::<f64>::of()).is_err());
        let odd = Allocation::zeroed(9, 8).unwrap();
        assert!(odd.try_into_vec(Elem::<f64>::of()).is_err());
        let bools = Allocation::from_vec(vec![2_u8]);
        let bools = bools.try_into_vec(Elem::<bool>::of()).unwrap_err();
        assert_eq!(bools.as_slice(), [2]);
    }

    #[test]
    fn growth_keeps_what_was_there_and_zeroes_the_rest() {
        let mut spare = Vec::<u32>::with_capacity(16);
        spare.push(u32::MAX);
        let mut allocation = Allocation::from_vec(spare);
        allocation.grow(32).unwrap();
        allocation.grow(1 << 20).unwrap();
        assert_eq!(allocation.as_slice()[..4], [0xff; 4]);
        assert!(allocation.as_slice()[4..].iter().all(|byte| *byte == 0));
        assert_eq!(allocation.as_slice().as_ptr().addr() % 4, 0);
        assert_eq!(allocation.try_into_vec(Elem::<u32>::of()).unwrap().len(), 1 << 18);
    }

    #[test]
    fn appended_bytes_follow_and_stay_where_there_is_room() {
        let mut allocation = Allocation::with_capacity(5, 64).unwrap();
        let address = allocation.as_slice().as_ptr();
        allocation.extend_from_slice(&[1, 2]).unwrap();
        allocation.extend_from_slice(&[]).unwrap();
        allocation.grow(3).unwrap();
        allocation.extend_from_slice(&[4, 5]).unwrap();
        assert_eq!((allocation.as_slice(), allocation.capacity()), (&[1, 2, 0, 4, 5][..], 5));
        assert_eq!(allocation.as_slice().as_ptr(), address);
        allocation.extend_from_slice(&[6; 1000]).unwrap();
        assert_eq!((allocation.len(), allocation.capacity()), (1005, 1005));
        assert_eq!(allocation.as_slice()[..6], [1, 2, 0, 4, 5, 6]);
        assert_eq!(allocation.as_slice().as_ptr().addr() % 64, 0);
        let mut nothing = Allocation::with_capacity(0, 8).unwrap();
        nothing.extend_from_slice(&[]).unwrap();
        nothing.extend_from_slice(&[7]).unwrap();
        assert_eq!(nothing.as_slice(), [7]);
    }

    #[test]
    fn empty_and_impossible_sizes() {
        let mut empty = Allocation::zeroed(0, 64).unwrap();
        assert!(empty.as_mut_slice().is_empty());
        assert!(empty.try_into_vec(Elem::<f64>::of()).is_err(), "aligned to 64, not 8");
        let mut empty = Allocation::from_vec(Vec::<f64>::new());
        assert!(empty.grow(usize::MAX).is_err());
        empty.grow(16).unwrap();
        assert_eq!(empty.try_into_vec(Elem::<f64>::of()).unwrap(), [0.0; 2]);
        assert!(Allocation::zeroed(usize::MAX, 8).is_err());
    }

    #[test]
    fn a_fraction_of_an_item_is_given_back_or_the_memory_stays() {
        for (capacity, len, items) in [(24, 16, 3), (22, 16, 2), (16, 0, 2), (15, 8, 1)] {
            let mut allocation = Allocation::with_capacity(capacity, 8).unwrap();
            allocation.extend_from_slice(&[1; 16][..len]).unwrap();
            let numbers = allocation.try_into_vec(Elem::<u64>::of()).unwrap();
            assert_eq!(numbers, vec![u64::from_ne_bytes([1; 8]); len / 8]);
            assert_eq!(numbers.capacity(), items, "of {capacity} bytes");
        }
        let less_than_one = Allocation::with_capacity(7, 8).unwrap();
        let back = less_than_one.try_into_vec(Elem::<u64>::of()).unwrap_err();
        assert_eq!(back.capacity(), 7);
    }

    #[test]
    fn what_is_cut_off_can_be_appended_again() {
        let mut allocation = Allocation::from_vec(vec![1_u8, 2, 3]);
        allocation.truncate(4);
        assert_eq!(allocation.as_ref(), [1, 2, 3]);
        allocation.truncate(1);
        assert_eq!((allocation.as_ref(), allocation.capacity()), (&[1][..], 3));
        assert!(!allocation.is_empty());
        allocation.truncate(0);
        assert!(allocation.is_empty());
        allocation.extend_from_slice(&[4]).unwrap();
        assert_eq!(allocation.as_slice(), [4]);
        assert_eq!(format!("{allocation:?}"), "Allocation { len: 1, capacity: 3, align: 1, .. }");
    }
}
