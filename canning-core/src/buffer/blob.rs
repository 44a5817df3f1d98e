//! One piece of memory to send, or received: an item of the flat list that a message is.

use std::{any::Any, fmt, iter, marker::PhantomData, ops::Range, sync::Arc};

use crate::{
    buffer::{Allocation, Gather, Segments, SharedBytes, memory::Memory},
    error::{Error, ErrorKind, Result},
};

/// One piece of memory, logically contiguous on the wire.
///
/// It borrows the memory of a value for `'a`, or keeps alive what owns the memory and is
/// `'static`. Cloning it never copies the memory.
#[derive(Clone)]
pub struct Buffer<'a> {
    repr: Repr,
    marker: PhantomData<&'a [u8]>,
}

#[derive(Clone)]
enum Repr {
    /// # Invariants
    ///
    /// 0. Lives, and is not written, for the lifetime of the `Buffer`.
    Borrowed(Memory),
    /// # Invariants
    ///
    /// 1. Lives, and is not written, as long as what is kept.
    Kept {
        memory: Memory,
        _keep: Keep,
    },
    Shared(SharedBytes),
}

/// What keeps memory alive that was canned from an `Arc`.
pub(crate) type Keep = Arc<dyn Any + Send + Sync>;

impl<'a> Buffer<'a> {
    /// Borrows bytes.
    pub fn borrowed(bytes: &'a [u8]) -> Self {
        // SAFETY: `of_memory` requires what the borrow for `'a` promises.
        unsafe { Self::of_memory(Memory::of(bytes)) }
    }

    /// Borrows two runs of bytes that follow each other on the wire.
    pub fn borrowed_pieces(first: &'a [u8], second: &'a [u8]) -> Self {
        // SAFETY: as above.
        unsafe { Self::of_memory(Memory::of_two(first, second)) }
    }

    /// Shares two runs of bytes that follow each other on the wire.
    pub fn shared_pieces(first: SharedBytes, second: SharedBytes) -> Self {
        let memory = Memory::of_two(&first, &second);
        // Invariant 1: both stay where they are, as long as they are kept.
        Self { repr: Repr::Kept { memory, _keep: Arc::new((first, second)) }, marker: PhantomData }
    }

    /// # Safety
    ///
    /// The memory lives, and is not written, for `'a`.
    pub(super) unsafe fn of_memory(memory: Memory) -> Self {
        Self { repr: Repr::Borrowed(memory), marker: PhantomData }
    }

    /// The length in bytes.
    pub fn len(&self) -> usize {
        match &self.repr {
            Repr::Borrowed(memory) | Repr::Kept { memory, .. } => memory.len(),
            Repr::Shared(bytes) => bytes.len(),
        }
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, if they lie in one run of memory.
    pub fn as_slice(&self) -> Option<&[u8]> {
        match &self.repr {
            // SAFETY: `Memory::as_slice` requires the memory to live and not be written while
            // `self` is borrowed: invariants 0 and 1.
            Repr::Borrowed(memory) | Repr::Kept { memory, .. } => unsafe { memory.as_slice() },
            Repr::Shared(bytes) => Some(bytes),
        }
    }

    /// The runs of memory, in the order of the wire.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &[u8]> + Send + '_ {
        match &self.repr {
            Repr::Borrowed(memory) | Repr::Kept { memory, .. } => {
                // SAFETY: as in `as_slice`.
                EitherSegments::Strided(unsafe { memory.segments() })
            }
            Repr::Shared(bytes) => {
                EitherSegments::One(Some(bytes.as_slice()).filter(|bytes| !bytes.is_empty()))
            }
        }
    }

    /// The runs of memory without the first `start` bytes, in the order of the wire; only
    /// the first may be empty.
    ///
    /// Finding the place takes as long whatever `start` is, so that a writer need not keep the
    /// iterator.
    pub fn segments_from(&self, start: usize) -> impl Iterator<Item = &[u8]> + Send + '_ {
        let (first, others) = match &self.repr {
            Repr::Borrowed(memory) | Repr::Kept { memory, .. } => {
                // SAFETY: as in `as_slice`.
                let (first, others) = unsafe { memory.segments_from(start) };
                (first, EitherSegments::Strided(others))
            }
            Repr::Shared(bytes) => {
                (bytes.as_slice().get(start..).unwrap_or_default(), EitherSegments::One(None))
            }
        };
        iter::once(first).chain(others)
    }

    /// The length of the segments in bytes; the last may have another.
    ///
    /// A writer hands long segments to the system as they are, and gathers short ones through
    /// a block of scratch memory.
    pub fn segment_len(&self) -> usize {
        match &self.repr {
            Repr::Borrowed(memory) | Repr::Kept { memory, .. } => memory.segment_len(),
            Repr::Shared(bytes) => bytes.len(),
        }
    }

    /// A cursor that copies the bytes out block by block; `None` where they lie in one run,
    /// and need no copy.
    pub fn gather(&self) -> Option<Gather<'_>> {
        self.gather_from(0)
    }

    /// As [`gather`](Self::gather), without the first `start` bytes.
    ///
    /// Finding the place takes as long whatever `start` is, so that a writer need not keep the
    /// cursor.
    pub fn gather_from(&self, start: usize) -> Option<Gather<'_>> {
        match &self.repr {
            Repr::Borrowed(memory) | Repr::Kept { memory, .. } => {
                if self.as_slice().is_some() {
                    return None;
                }
                // SAFETY: as in `as_slice`.
                Some(unsafe { memory.gather_from(start) })
            }
            Repr::Shared(_) => None,
        }
    }

    /// Copies all bytes, in the order of the wire.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferLength`] when `target` has another length.
    pub fn copy_to(&self, target: &mut [u8]) -> Result<()> {
        if target.len() != self.len() {
            let (expected, found) = (target.len(), self.len());
            return Err(Error::new(ErrorKind::BufferLength { expected, found }));
        }
        match (self.as_slice(), self.gather()) {
            (Some(bytes), _) => target.copy_from_slice(bytes),
            (None, Some(mut gather)) => {
                gather.fill(target);
            }
            (None, None) => unreachable!("a buffer without a gather is contiguous"),
        }
        Ok(())
    }

    /// Copies all bytes into a new allocation.
    ///
    /// Where they lie in several pieces, it is quickest at an alignment of at most 16: see
    /// [`Allocation::zeroed`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`].
    ///
    /// # Panics
    ///
    /// When `align` is not a power of two.
    pub fn to_allocation(&self, align: usize) -> Result<Allocation> {
        if let Some(bytes) = self.as_slice() {
            let mut allocation = Allocation::with_capacity(bytes.len(), align)?;
            allocation.extend_from_slice(bytes)?;
            return Ok(allocation);
        }
        let mut allocation = Allocation::zeroed(self.len(), align)?;
        self.copy_to(allocation.as_mut_slice())?;
        Ok(allocation)
    }

    /// A part of the bytes, which borrows or shares the memory as the whole does; `None` where it
    /// is not within them, or they do not lie in one run.
    pub fn part(&self, range: Range<usize>) -> Option<Self> {
        let part = Memory::of(self.as_slice()?.get(range.clone())?);
        // Invariants 0 and 1: a part of memory for which they hold, and of the same keeper.
        let repr = match &self.repr {
            Repr::Borrowed(_) => Repr::Borrowed(part),
            Repr::Kept { _keep: keep, .. } => Repr::Kept { memory: part, _keep: Arc::clone(keep) },
            Repr::Shared(bytes) => Repr::Shared(bytes.get(range)?),
        };
        Some(Self { repr, marker: PhantomData })
    }

    /// The shared bytes, if that is what it holds.
    pub fn as_shared(&self) -> Option<&SharedBytes> {
        match &self.repr {
            Repr::Shared(bytes) => Some(bytes),
            Repr::Borrowed(_) | Repr::Kept { .. } => None,
        }
    }

    /// Takes the received allocation back.
    ///
    /// # Errors
    ///
    /// Gives `self` back where it borrows, or others share the allocation.
    pub fn try_into_allocation(self) -> Result<Allocation, Self> {
        match self.repr {
            Repr::Shared(bytes) => bytes.try_into_allocation().map_err(Into::into),
            repr => Err(Self { repr, marker: PhantomData }),
        }
    }

    /// Whether it only borrows, so that [`into_owned`](Self::into_owned) would copy.
    pub fn is_borrowed(&self) -> bool {
        matches!(self.repr, Repr::Borrowed(_))
    }

    /// Makes it independent of `'a`: shares what it can, and copies what it only borrows to a
    /// multiple of `align`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] where it must copy.
    ///
    /// # Panics
    ///
    /// When `align` is not a power of two.
    pub fn into_owned(self, align: usize) -> Result<Buffer<'static>> {
        let repr = match self.repr {
            Repr::Borrowed(_) => {
                Repr::Shared(SharedBytes::from_allocation(self.to_allocation(align)?))
            }
            repr => repr,
        };
        Ok(Buffer { repr, marker: PhantomData })
    }
}

impl Buffer<'static> {
    /// Binds the lifetime of memory that was borrowed from within `keep` to `keep`.
    pub(super) fn kept_by(self, keep: Keep) -> Self {
        let repr = match self.repr {
            Repr::Borrowed(memory) => Repr::Kept { memory, _keep: keep },
            repr => repr,
        };
        Self { repr, marker: PhantomData }
    }
}

impl From<SharedBytes> for Buffer<'_> {
    fn from(bytes: SharedBytes) -> Self {
        Self { repr: Repr::Shared(bytes), marker: PhantomData }
    }
}

impl From<Allocation> for Buffer<'_> {
    fn from(allocation: Allocation) -> Self {
        SharedBytes::from_allocation(allocation).into()
    }
}

impl From<Vec<u8>> for Buffer<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        SharedBytes::from_vec(bytes).into()
    }
}

impl<'a> From<&'a [u8]> for Buffer<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::borrowed(bytes)
    }
}

#[cfg(feature = "bytes")]
impl From<bytes::Bytes> for Buffer<'_> {
    fn from(bytes: bytes::Bytes) -> Self {
        SharedBytes::from_owner(bytes).into()
    }
}

// SAFETY: it only reads memory that nobody writes: invariants 0 and 1; elements are `Sync`.
unsafe impl Send for Buffer<'_> {}
// SAFETY: as above.
unsafe impl Sync for Buffer<'_> {}

impl fmt::Debug for Buffer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.repr {
            Repr::Borrowed(_) => "borrowed",
            Repr::Kept { .. } => "kept",
            Repr::Shared(_) => "shared",
        };
        f.debug_struct("Buffer")
            .field("memory", &kind)
            .field("len", &self.len())
            .field("segments", &self.segments().len())
            .finish()
    }
}

enum EitherSegments<'s> {
    Strided(Segments<'s>),
    One(Option<&'s [u8]>),
}

impl<'s> Iterator for EitherSegments<'s> {
    type Item = &'s [u8];

    fn next(&mut self) -> Option<&'s [u8]> {
        match self {
            Self::Strided(segments) => segments.next(),
            Self::One(segment) => segment.take(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Strided(segments) => segments.size_hint(),
            Self::One(segment) => {
                (usize::from(segment.is_some()), Some(usize::from(segment.is_some())))
            }
        }
    }
}

impl ExactSizeIterator for EitherSegments<'_> {}

#[cfg(test)]
mod tests {
    use std::ptr::NonNull;

    use crate::{buffer::Run, element::Elem};

    use super::*;

    #[test]
    fn borrowed_memory_keeps_its_address_and_is_copied_only_on_request() {
        let bytes = [1_u8, 2, 3];
        let buffer = Buffer::borrowed(&bytes);
        assert_eq!(buffer.as_slice().unwrap().as_ptr(), bytes.as_ptr());
        assert!(buffer.gather().is_none());
        let owned = buffer.into_owned(1).unwrap();
        assert_ne!(owned.as_slice().unwrap().as_ptr(), bytes.as_ptr());
        assert_eq!(owned.as_slice().unwrap(), bytes);
    }

    #[test]
    fn pieces_are_copied_in_order() {
        let buffer = Buffer::borrowed_pieces(&[1, 2], &[3]);
        assert!(buffer.as_slice().is_none());
        assert_eq!(buffer.to_allocation(8).unwrap().as_slice(), [1, 2, 3]);
        for start in 0..=4 {
            let rest: Vec<u8> = buffer.segments_from(start).flatten().copied().collect();
            assert_eq!(rest, [1, 2, 3][start.min(3)..]);
        }
        assert!(buffer.copy_to(&mut [0; 2]).is_err());
    }

    #[test]
    fn strided_memory_is_copied_whole_at_every_alignment() {
        let items: Vec<u32> = (0..50_001).collect();
        let columns = |rows: usize| {
            let first = NonNull::from(items.as_slice()).cast::<u32>();
            // SAFETY: `of_strided` requires that every index leads to an item: the last is
            // 10 * (rows - 1) + 9, at most 50,000.
            let run = unsafe { Run::of_strided(first, &[rows, 3], &[10, 3]) };
            run.into_raw(Elem::of()).unwrap()
        };
        for rows in [1, 5000] {
            let array = columns(rows);
            let expected = (0..rows).flat_map(|row| [0, 3, 6].map(|at| items[10 * row + at]));
            let expected: Vec<u8> = expected.flat_map(u32::to_ne_bytes).collect();
            for align in [4, 16, 64, 4096] {
                let copied = array.buffer().to_allocation(align).unwrap();
                assert_eq!((copied.len(), copied.capacity()), (12 * rows, 12 * rows));
                assert_eq!(copied.as_slice().as_ptr().addr() % align, 0);
                assert_eq!(copied.as_slice(), expected);
            }
        }
    }

    #[test]
    fn a_part_lies_within_the_whole_and_keeps_it() {
        let bytes = [1_u8, 2, 3, 4];
        let borrowed = Buffer::borrowed(&bytes);
        let part = borrowed.part(1..3).unwrap();
        drop(borrowed);
        assert_eq!(part.as_slice().unwrap().as_ptr(), bytes[1..].as_ptr());
        assert_eq!((part.len(), part.is_borrowed()), (2, true));
        assert!(part.part(1..3).is_none() && part.part(2..2).unwrap().is_empty());

        let shared = |bytes: &[u8]| SharedBytes::from_vec(bytes.to_vec());
        let whole: Buffer<'static> = shared(&bytes).into();
        let part = whole.part(1..4).unwrap();
        let address = whole.as_slice().unwrap()[1..].as_ptr();
        drop(whole);
        assert_eq!(
            (part.as_slice().unwrap(), part.as_slice().unwrap().as_ptr()),
            (&bytes[1..], address)
        );

        let kept: Buffer<'static> = Buffer::shared_pieces(shared(&[1]), shared(&[2]));
        assert!(kept.part(0..1).is_none(), "two pieces");
        let kept: Buffer<'static> = Buffer::shared_pieces(shared(&bytes), shared(&[]));
        let part = kept.part(3..4).unwrap();
        drop(kept);
        assert_eq!(part.as_slice().unwrap(), [4]);
    }

    #[test]
    fn allocation_goes_in_and_comes_out() {
        let allocation = Allocation::zeroed(16, 8).unwrap();
        let address = allocation.as_slice().as_ptr();
        let buffer = Buffer::from(allocation);
        let shared = buffer.clone();
        let buffer = buffer.try_into_allocation().unwrap_err();
        drop(shared);
        assert_eq!(buffer.try_into_allocation().unwrap().as_slice().as_ptr(), address);
    }

    #[test]
    fn each_kind_of_memory_says_what_it_is() {
        let bytes = [1_u8, 2, 3];
        let shared = |bytes: &[u8]| SharedBytes::from_vec(bytes.to_vec());
        let buffers = [
            (Buffer::borrowed(&bytes), true, 1, "borrowed"),
            (Buffer::borrowed_pieces(&bytes[..2], &bytes[2..]), true, 2, "borrowed"),
            (Buffer::shared_pieces(shared(&bytes[..2]), shared(&bytes[2..])), false, 2, "kept"),
            (shared(&bytes).into(), false, 1, "shared"),
        ];
        for (buffer, is_borrowed, segments, name) in buffers {
            assert_eq!((buffer.len(), buffer.is_empty()), (3, false), "{name}");
            assert_eq!(buffer.is_borrowed(), is_borrowed, "{name}");
            assert_eq!(buffer.segments().len(), segments, "{name}");
            assert_eq!(
                format!("{buffer:?}"),
                format!("Buffer {{ memory: \"{name}\", len: 3, segments: {segments} }}")
            );
        }
        let nothing: Buffer<'_> = shared(&[]).into();
        assert!(nothing.is_empty() && nothing.segments().next().is_none());
    }

    #[test]
    fn segments_say_how_many_are_left() {
        let buffer = Buffer::borrowed_pieces(&[1, 2], &[3]);
        let mut segments = buffer.segments();
        for left in [2, 1, 0] {
            assert_eq!(segments.size_hint(), (left, Some(left)));
            assert_eq!(segments.next().is_some(), left > 0);
        }
        let whole: Buffer<'_> = SharedBytes::from_vec(vec![1_u8]).into();
        let mut segments = whole.segments();
        assert_eq!(segments.size_hint(), (1, Some(1)));
        segments.next();
        assert_eq!(segments.size_hint(), (0, Some(0)));
    }

    #[test]
    fn the_length_of_segments_is_that_of_a_row() {
        let items: Vec<u32> = (0..20).collect();
        let first = NonNull::from(items.as_slice()).cast::<u32>();
        // SAFETY: `of_strided` requires that every index leads to an item: the last is 10 + 2.
        let run = unsafe { Run::of_strided(first, &[2, 3], &[10, 1]) };
        let rows = run.into_raw(Elem::of()).unwrap();
        assert_eq!((rows.buffer().segment_len(), rows.buffer().segments().len()), (12, 2));
        let shared: Buffer<'_> = SharedBytes::from_vec(vec![0_u8; 5]).into();
        assert_eq!(shared.segment_len(), 5);
    }
}
