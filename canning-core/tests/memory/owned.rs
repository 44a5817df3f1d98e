//! Allocations, the `Vec`s that they were and become, and the pool that lends them.

use std::{
    num::NonZeroU16,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use canning_core::{
    Dtype, Elem, Element, InnerShape, Scalar, Validate,
    buffer::{Allocation, Pool},
};

use crate::checked::balanced;

/// As long as a `u64`, and aligned as no dtype is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
struct Line([u64; 8]);

// SAFETY: 64 bytes of `u64`s, without padding, which take any bits.
unsafe impl Element for Line {
    const DTYPE: &'static Dtype = <[u64; 8]>::DTYPE;
    const INNER: InnerShape = <[u64; 8]>::INNER;
}

/// Whose check panics, without a word: that were allocated, too.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
struct Panics(u8);

// SAFETY: a `u8` that takes no bits at all.
unsafe impl Element for Panics {
    const DTYPE: &'static Dtype = &Dtype::Scalar(Scalar::U8);
    const VALIDATE: Option<Validate> = Some(|_| resume_unwind(Box::new(())));
}

#[test]
fn a_vec_frees_what_it_took_over() {
    balanced(|| {
        for (capacity, len) in [(0, 0), (8, 0), (8, 8), (24, 16), (1001, 800), (15, 8)] {
            let mut lent = Allocation::with_capacity(capacity, 8).unwrap();
            lent.extend_from_slice(&vec![1; len]).unwrap();
            let mut numbers = lent.try_into_vec(Elem::<u64>::of()).unwrap();
            assert_eq!(numbers, vec![0x0101_0101_0101_0101; len / 8]);
            assert_eq!(numbers.capacity(), capacity / 8);
            numbers.push(7);
            numbers.shrink_to_fit();
        }
    });
}

#[test]
fn an_allocation_frees_what_a_vec_was() {
    balanced(|| {
        drop(Allocation::from_vec(vec![1_u16; 3]));
        drop(Allocation::from_vec(Vec::<u128>::new()));
        let mut spare = Vec::with_capacity(10);
        spare.push(Line([7; 8]));
        let mut whole = Allocation::from_vec(spare);
        assert_eq!((whole.len(), whole.capacity(), whole.align()), (64, 640, 64));
        whole.grow(6400).unwrap();
        let lines = whole.try_into_vec(Elem::<Line>::of()).unwrap();
        assert_eq!((lines[0], lines[99]), (Line([7; 8]), Line([0; 8])));
        assert!(lines.as_ptr().is_aligned());
    });
}

#[test]
fn what_no_vec_could_free_is_kept() {
    balanced(|| {
        let refused = |capacity, len, align| {
            let mut odd = Allocation::with_capacity(capacity, align).unwrap();
            odd.extend_from_slice(&vec![1; len]).unwrap();
            odd.try_into_vec(Elem::<u64>::of()).unwrap_err()
        };
        for (capacity, len, align) in [(16, 8, 4), (16, 8, 16), (16, 9, 8), (7, 0, 8), (0, 0, 1)] {
            let kept = refused(capacity, len, align);
            assert_eq!((kept.capacity(), kept.len(), kept.align()), (capacity, len, align));
        }
        let zeros = Allocation::from_vec(vec![0_u16; 2]);
        assert!(zeros.try_into_vec(Elem::<NonZeroU16>::of()).is_err());
    });
}

#[test]
fn growing_moves_with_the_layout_that_was() {
    balanced(|| {
        for align in [1, 8, 64, 4096] {
            let mut block = Allocation::with_capacity(0, align).unwrap();
            for len in [1, 2, 63, 64, 65, 5000] {
                block.grow(len).unwrap();
                assert_eq!((block.len(), block.capacity()), (len, len));
                assert_eq!(block.as_slice().as_ptr().addr() % align, 0);
            }
            assert!(block.as_slice().iter().all(|byte| *byte == 0));
            block.extend_from_slice(&[1; 3000]).unwrap();
            assert_eq!(block.as_slice()[4999..5001], [0, 1]);
            block.truncate(1);
            assert_eq!(block.as_mut_slice(), [0], "no more to write to than there is to read");
            block.reserve(1 << 16).unwrap();
            assert_eq!(block.as_slice(), [0]);
        }
    });
}

#[test]
fn nothing_is_allocated_for_no_bytes() {
    balanced(|| {
        for align in [1, 8, 4096] {
            for empty in [Allocation::with_capacity(0, align), Allocation::zeroed(0, align)] {
                assert_eq!(empty.unwrap().as_slice().as_ptr().addr(), align);
            }
        }
    });
}

#[test]
fn zeros_are_written_where_memory_was_not_zero() {
    balanced(|| {
        for align in [1, 16, 64] {
            let zeros = Allocation::zeroed(1000, align).unwrap();
            assert!(zeros.as_slice().iter().all(|byte| *byte == 0));
        }
    });
}

#[test]
fn impossible_sizes_leave_what_was() {
    balanced(|| {
        let most = isize::MAX.cast_unsigned();
        for capacity in [usize::MAX, most + 1, most, most - 7] {
            for align in [1, 8, 4096] {
                assert!(Allocation::with_capacity(capacity, align).is_err());
                assert!(Allocation::zeroed(capacity, align).is_err());
                let mut block = Allocation::with_capacity(3, align).unwrap();
                block.extend_from_slice(&[1, 2, 3]).unwrap();
                assert!(block.reserve(capacity).is_err());
                assert!(block.grow(capacity).is_err());
                assert_eq!((block.as_slice(), block.capacity()), (&[1, 2, 3][..], 3));
            }
        }
    });
}

#[test]
fn a_check_that_panics_frees_once() {
    balanced(|| {
        let pool = Pool::new(1 << 20);
        for block in [Allocation::from_vec(vec![1_u8; 100]), pool.allocate(100, 1).unwrap()] {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                block.try_into_vec(Elem::<Panics>::of()).map(drop).is_ok()
            }));
            assert!(panicked.is_err());
        }
        assert_eq!(pool.held_bytes(), 100, "what was lent came back");
    });
}

#[test]
fn a_pool_frees_what_it_holds_once() {
    balanced(|| {
        let pool = Pool::new(1 << 20);
        let lent: Vec<_> = (0..4).map(|_| pool.allocate(1000, 8).unwrap()).collect();
        drop(lent);
        assert_eq!(pool.held_bytes(), 4000);
        let mut again = pool.allocate(999, 8).unwrap();
        again.grow(2000).unwrap();
        drop(again);
        let numbers = pool.allocate(1000, 8).unwrap().try_into_vec(Elem::<f64>::of()).unwrap();
        let orphan = pool.allocate(500, 8).unwrap();
        pool.recycle(vec![Some(numbers), None]);
        pool.set_limit(1500);
        drop(pool);
        drop(orphan);
    });
}
