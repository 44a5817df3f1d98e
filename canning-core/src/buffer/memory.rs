//! Memory as it lies: one run, several, or the rows of a strided array.

use std::{ptr::NonNull, slice};

use smallvec::SmallVec;

use crate::{
    buffer::{ArrayLayout, Axis},
    error::{ErrorKind, Result},
};

/// Places of bytes, without a lifetime: whoever holds it knows how long they live.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    /// # Invariants
    ///
    /// 0. For every combination of indices below the lengths in `outer`, `run` bytes at
    ///    `base` plus the indices times their steps are initialised and within one
    ///    allocation. Nobody writes them while the holder of the `Memory` lets it be used.
    base: NonNull<u8>,
    /// Length and step in bytes of the outer loops, the slowest first; no length is zero.
    outer: SmallVec<[(usize, usize); 2]>,
    /// Bytes that follow each other at each place.
    run: usize,
    /// # Invariants
    ///
    /// 1. The product of the lengths in `outer` times `run`.
    len: usize,
    /// The second piece of a ring buffer; `outer` is empty then.
    ///
    /// # Invariants
    ///
    /// 2. As 0, for so many bytes.
    second: Option<(NonNull<u8>, usize)>,
}

impl Memory {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            base: NonNull::from(bytes).cast(),
            outer: SmallVec::new(),
            run: bytes.len(),
            len: bytes.len(),
            second: None,
        }
    }

    pub(crate) fn of_two(first: &[u8], second: &[u8]) -> Self {
        match (first, second) {
            (only, []) | ([], only) => Self::of(only),
            _ => Self {
                len: first.len() + second.len(),
                second: Some((NonNull::from(second).cast(), second.len())),
                ..Self::of(first)
            },
        }
    }

    /// # Safety
    ///
    /// Invariants 0 and 1 of the fields hold, and no length in `outer` is zero.
    pub(crate) unsafe fn of_strided(
        base: NonNull<u8>,
        outer: SmallVec<[(usize, usize); 2]>,
        run: usize,
        len: usize,
    ) -> Self {
        Self { base, outer, run, len, second: None }
    }

    /// Walks the items of a layout that has broadcast axes as if each had memory of its own,
    /// and gives the layout that results. The memory is that of `bytes`.
    pub(crate) fn of_broadcast(
        bytes: &[u8],
        layout: &ArrayLayout,
        item_size: usize,
    ) -> Result<(ArrayLayout, Self)> {
        let shape = layout.shape();
        let stored = layout.stored_count().checked_mul(item_size);
        let len = layout.count().checked_mul(item_size);
        let (Some(len), true) = (len, stored == Some(bytes.len())) else {
            return Err(ErrorKind::Layout("the shape overflows").into());
        };
        if len == 0 {
            return Ok((ArrayLayout::c_order(shape)?, Self::of(&[])));
        }
        let (strides, _) = layout.strides();
        let outer = shape.iter().zip(&strides);
        let outer = outer.map(|(len, stride)| (*len, stride.unsigned_abs() * item_size)).collect();
        let axes: SmallVec<[Axis; 4]> = strides
            .iter()
            .enumerate()
            .map(|(index, stride)| Axis { index, reversed: *stride < 0 })
            .collect();
        let base = NonNull::from(bytes).cast();
        // SAFETY: `of_strided` requires:
        // - its invariant 0: the largest index of each axis times its step reaches the last of
        //   the stored items (`strides` is the inverse of the layout), which are `bytes`.
        // - its invariant 1: `len` is the product of the shape times `item_size`.
        // - no zero length: then `len` were zero.
        let memory = unsafe { Self::of_strided(base, outer, item_size, len) };
        Ok((ArrayLayout::new(shape, Some(&axes))?, memory))
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The bytes, if they lie in one run.
    ///
    /// # Safety
    ///
    /// The memory lives, and is not written, for `'s`.
    pub(crate) unsafe fn as_slice<'s>(&self) -> Option<&'s [u8]> {
        if !self.outer.is_empty() || self.second.is_some() {
            return None;
        }
        // SAFETY: `from_raw_parts` requires `run` initialised bytes in one allocation, not
        // written for `'s`: invariant 0 and this function's contract.
        Some(unsafe { slice::from_raw_parts(self.base.as_ptr(), self.run) })
    }

    /// The runs, in the order of the wire.
    ///
    /// # Safety
    ///
    /// The memory lives, and is not written, for `'s`.
    pub(crate) unsafe fn segments<'s>(&'s self) -> Segments<'s> {
        let left = self.outer.iter().map(|(len, _)| len).product();
        let left = if self.len == 0 { 0 } else { left };
        Segments {
            memory: self,
            indices: SmallVec::from_elem(0, self.outer.len()),
            left,
            at: 0,
            second: self.second,
        }
    }

    /// As [`segments`](Self::segments), without the first `start` bytes.
    ///
    /// # Safety
    ///
    /// The memory lives, and is not written, for `'s`.
    pub(crate) unsafe fn segments_from<'s>(&'s self, start: usize) -> (&'s [u8], Segments<'s>) {
        // SAFETY: the same contract.
        let mut segments = unsafe { self.segments() };
        let first = if start == 0 { &[] } else { segments.skip_bytes(start) };
        (first, segments)
    }

    /// A cursor that copies the bytes out in the order of the wire, without the first `start`.
    ///
    /// # Safety
    ///
    /// The memory lives, and is not written, for `'s`.
    pub(crate) unsafe fn gather_from<'s>(&'s self, start: usize) -> Gather<'s> {
        // SAFETY: the same contract.
        let (current, segments) = unsafe { self.segments_from(start) };
        Gather { segments, current }
    }

    /// The length of each segment but perhaps the last, in bytes.
    pub(crate) fn segment_len(&self) -> usize {
        self.run
    }
}

/// The contiguous runs of a buffer, in the order of the wire.
#[derive(Clone, Debug)]
pub struct Segments<'s> {
    memory: &'s Memory,
    /// # Invariants
    ///
    /// 0. Each below its length in `memory.outer`, as long as `left` > 0.
    indices: SmallVec<[usize; 4]>,
    /// Runs left, the second piece apart.
    left: usize,
    /// # Invariants
    ///
    /// 1. The sum of the indices times their steps, as long as `left` > 0.
    at: usize,
    second: Option<(NonNull<u8>, usize)>,
}

impl<'s> Segments<'s> {
    /// Steps to the next run; the innermost loop first.
    fn advance(&mut self, by: usize) {
        self.left -= by;
        if self.left == 0 {
            return;
        }
        let mut carry = by;
        for (index, (len, step)) in self.indices.iter_mut().zip(&self.memory.outer).rev() {
            *index += carry;
            self.at += carry * step;
            if *index < *len {
                return;
            }
            // `by` never exceeds what is left of the innermost row, so that the carry is one.
            *index -= len;
            self.at -= len * step;
            carry = 1;
        }
    }

    /// Skips so many bytes from the very first; gives the rest of the run in which they end.
    fn skip_bytes(&mut self, bytes: usize) -> &'s [u8] {
        let run = self.memory.run.max(1);
        let runs = (bytes / run).min(self.left);
        self.left -= runs;
        let mut rest = runs;
        self.at = 0;
        for (index, (len, step)) in self.indices.iter_mut().zip(&self.memory.outer).rev() {
            *index = rest % len;
            self.at += *index * step;
            rest /= len;
        }
        self.next()
            .and_then(|run_it_ends_in| run_it_ends_in.get(bytes - runs * run..))
            .unwrap_or_default()
    }

    /// Runs left in the innermost row, and the step between them.
    fn row(&self) -> (usize, usize) {
        match (self.memory.outer.last(), self.indices.last()) {
            (Some((len, step)), Some(index)) => (len - index, *step),
            _ => (1, 0),
        }
    }
}

impl<'s> Iterator for Segments<'s> {
    type Item = &'s [u8];

    fn next(&mut self) -> Option<&'s [u8]> {
        if self.left == 0 {
            let (second, len) = self.second.take()?;
            // SAFETY: `from_raw_parts`: invariant 2 of `Memory`, and the contract of
            // `Memory::segments`.
            return Some(unsafe { slice::from_raw_parts(second.as_ptr(), len) });
        }
        // SAFETY: `add` requires the offset to stay in the allocation: invariants 0 and 1
        // here, and 0 of `Memory`.
        let run = unsafe { self.memory.base.add(self.at) };
        self.advance(1);
        // SAFETY: `from_raw_parts`: invariant 0 of `Memory`, and the contract of
        // `Memory::segments`.
        Some(unsafe { slice::from_raw_parts(run.as_ptr(), self.memory.run) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.left + usize::from(self.second.is_some());
        (left, Some(left))
    }
}

impl ExactSizeIterator for Segments<'_> {}

// SAFETY: it only reads memory that nobody writes while it lives.
unsafe impl Send for Segments<'_> {}
// SAFETY: as above.
unsafe impl Sync for Segments<'_> {}

/// Copies the bytes of a buffer out, block by block: for segments too short to be written one
/// by one.
#[derive(Debug)]
pub struct Gather<'s> {
    segments: Segments<'s>,
    /// What is left of a segment that did not fit the block before.
    current: &'s [u8],
}

impl Gather<'_> {
    /// Copies as many bytes as fit and are left; gives their number, zero at the end.
    pub fn fill(&mut self, block: &mut [u8]) -> usize {
        let mut filled = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            if self.current.is_empty() {
                let copied = self.copy_runs(rest);
                if copied > 0 {
                    filled += copied;
                    continue;
                }
                match self.segments.next() {
                    Some(segment) => self.current = segment,
                    None => break,
                }
            }
            let len = self.current.len().min(rest.len());
            let (now, later) = self.current.split_at(len);
            if let Some(target) = rest.get_mut(..len) {
                target.copy_from_slice(now);
            }
            self.current = later;
            filled += len;
        }
        filled
    }

    /// Copies whole short runs of the innermost row, as many as fit.
    fn copy_runs(&mut self, block: &mut [u8]) -> usize {
        let run = self.segments.memory.run;
        if self.segments.left == 0 || run == 0 {
            return 0;
        }
        let (row, step) = self.segments.row();
        let count = row.min(block.len() / run);
        if count == 0 {
            return 0;
        }
        // SAFETY: `add`: as in `Segments::next`.
        let base = unsafe { self.segments.memory.base.add(self.segments.at) };
        let Some(target) = block.get_mut(..count * run) else {
            return 0;
        };
        let copy: unsafe fn(NonNull<u8>, usize, usize, &mut [u8]) = match run {
            1 => copy_strided::<1>,
            2 => copy_strided::<2>,
            4 => copy_strided::<4>,
            8 => copy_strided::<8>,
            12 => copy_strided::<12>,
            16 => copy_strided::<16>,
            24 => copy_strided::<24>,
            _ => copy_strided_any,
        };
        // SAFETY: `copy_strided` requires `count` runs of `run` bytes, `step` apart, from
        // `base`: what is left of a row, by invariant 0 of `Memory` and of `Segments`;
        // readable by the contract of `Memory::gather`; and a target of their size.
        unsafe { copy(base, step, run, target) };
        self.segments.advance(count);
        target.len()
    }
}

/// # Safety
///
/// As many runs of `RUN` bytes as `target` has, `step` bytes apart, are readable from `base`.
unsafe fn copy_strided<const RUN: usize>(
    base: NonNull<u8>,
    step: usize,
    _run: usize,
    target: &mut [u8],
) {
    let (runs, _) = target.as_chunks_mut::<RUN>();
    for (index, run) in runs.iter_mut().enumerate() {
        // SAFETY: `add`: within the readable runs, by this function's contract.
        let source = unsafe { base.add(index * step) };
        // SAFETY: `read` requires `RUN` readable bytes: this function's contract; an array of
        // bytes has no alignment.
        *run = unsafe { source.cast::<[u8; RUN]>().read() };
    }
}

/// # Safety
///
/// As many runs of `run` bytes as `target` has, `step` bytes apart, are readable from `base`.
unsafe fn copy_strided_any(base: NonNull<u8>, step: usize, run: usize, target: &mut [u8]) {
    for (index, target) in target.chunks_exact_mut(run).enumerate() {
        // SAFETY: `add`: within the readable runs, by this function's contract.
        let source = unsafe { base.add(index * step) };
        // SAFETY: `from_raw_parts` requires `run` readable bytes: this function's contract.
        target.copy_from_slice(unsafe { slice::from_raw_parts(source.as_ptr(), run) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strided(bytes: &[u8], outer: &[(usize, usize)], run: usize) -> Memory {
        let last: usize = outer.iter().map(|(len, step)| (len - 1) * step).sum();
        assert!(last + run <= bytes.len());
        let len = outer.iter().map(|(len, _)| len).product::<usize>() * run;
        // SAFETY: the last run ends within `bytes`: asserted above; no test gives a zero.
        unsafe { Memory::of_strided(NonNull::from(bytes).cast(), outer.into(), run, len) }
    }

    fn segments(memory: &Memory) -> Vec<Vec<u8>> {
        // SAFETY: every test keeps the bytes until its end.
        unsafe { memory.segments() }.map(<[u8]>::to_vec).collect()
    }

    fn gathered(memory: &Memory, block: usize) -> Vec<u8> {
        gathered_from(memory, 0, block)
    }

    fn gathered_from(memory: &Memory, start: usize, block: usize) -> Vec<u8> {
        // SAFETY: every test keeps the bytes until its end.
        let mut gather = unsafe { memory.gather_from(start) };
        let (mut all, mut block) = (Vec::new(), vec![0; block]);
        loop {
            match gather.fill(&mut block) {
                0 => return all,
                filled => all.extend_from_slice(&block[..filled]),
            }
        }
    }

    #[test]
    fn every_block_size_gathers_what_the_segments_hold() {
        let bytes: Vec<u8> = (0..=255).collect();
        let cases: [(&[(usize, usize)], usize); 6] = [
            (&[], 13),
            (&[(5, 50), (4, 10)], 3),
            (&[(2, 128), (3, 40), (7, 5)], 1),
            (&[(9, 20)], 12),
            (&[(3, 80), (4, 17)], 17),
            (&[(3, 1), (4, 1)], 8),
        ];
        for (outer, run) in cases {
            let memory = strided(&bytes, outer, run);
            let expected = segments(&memory).concat();
            assert_eq!(expected.len(), memory.len());
            for block in 1..40 {
                assert_eq!(gathered(&memory, block), expected, "{outer:?} {run} {block}");
            }
            for start in 0..=expected.len() {
                let rest = &expected[start..];
                assert_eq!(gathered_from(&memory, start, 40), rest, "{outer:?} {run} {start}");
                // SAFETY: `bytes` lives to the end of the test.
                let (first, others) = unsafe { memory.segments_from(start) };
                let segments: Vec<_> = std::iter::once(first).chain(others).collect();
                assert_eq!(segments.concat(), rest, "{outer:?} {run} {start}");
            }
        }
    }

    #[test]
    fn runs_come_in_the_order_of_the_loops() {
        let bytes: Vec<u8> = (0..60).collect();
        let memory = strided(&bytes, &[(2, 30), (2, 10)], 2);
        assert_eq!(segments(&memory), [[0, 1], [10, 11], [30, 31], [40, 41]]);
        // SAFETY: `bytes` lives to the end of the test.
        assert_eq!(unsafe { memory.segments() }.len(), 4);
    }

    #[test]
    fn two_pieces_follow_each_other() {
        let memory = Memory::of_two(&[1, 2, 3], &[4]);
        assert_eq!(segments(&memory), [vec![1, 2, 3], vec![4]]);
        for start in 0..=4 {
            assert_eq!(gathered_from(&memory, start, 2), [1, 2, 3, 4][start..]);
        }
        assert_eq!(segments(&Memory::of_two(&[], &[4])), [[4]]);
        assert!(segments(&Memory::of(&[])).is_empty());
    }
}
