//! How an n-dimensional array lies in a dense buffer: checks and integer proofs, no memory.

use smallvec::SmallVec;

use crate::error::{Error, ErrorKind, Result};

/// Lengths of axes, the first axis first. On the stack up to four.
pub type Shape = SmallVec<[usize; 4]>;

/// How the items of an array lie in its buffer, which has no gaps.
///
/// A buffer in C order needs no more than the shape. Otherwise [`axes`](Self::axes) lists the
/// axes from the slowest to the fastest, each forward or reversed. An axis of the shape that
/// is not listed is *broadcast*: its items are all the same memory, sent once.
///
/// ```text
/// shape [2, 3], axes [0, 1]      a b c d e f    C order: rows one after the other
/// shape [2, 3], axes [1, 0]      a d b e c f    Fortran order: columns
/// shape [2, 3], axes [-1, 1]     d e f a b c    rows from the last to the first
/// shape [2, 3], axes [1]         a b c          both rows are the same
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayLayout {
    /// # Invariants
    ///
    /// 0. The product of the lengths that are not zero fits an `isize`.
    shape: Shape,
    /// # Invariants
    ///
    /// 1. `None` for C order. Otherwise each index is within the shape and stands once.
    axes: Option<SmallVec<[Axis; 4]>>,
}

/// An axis in the order of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Which axis of the shape.
    pub index: usize,
    /// Whether its last item lies first in memory.
    pub reversed: bool,
}

impl ArrayLayout {
    /// The most axes of a shape, those of `[T; N]` items included: as many as NumPy allows.
    pub const MAX_AXES: usize = 64;

    /// One axis of `len` items.
    #[inline]
    pub fn one_axis(len: usize) -> Self {
        Self { shape: SmallVec::from_slice(&[len]), axes: None }
    }

    /// No axes: one item.
    pub fn no_axes() -> Self {
        Self { shape: SmallVec::new(), axes: None }
    }

    /// C order: the last axis is the fastest.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Layout`] when the shape overflows the address space; [`ErrorKind::Limit`]
    /// above [`MAX_AXES`](Self::MAX_AXES).
    pub fn c_order(shape: &[usize]) -> Result<Self> {
        Self::new(shape, None)
    }

    /// Checks a layout that came from outside.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Layout`] when the shape overflows the address space, or an axis is out of
    /// range or stands twice; [`ErrorKind::Limit`] above [`MAX_AXES`](Self::MAX_AXES).
    pub fn new(shape: &[usize], axes: Option<&[Axis]>) -> Result<Self> {
        check_rank(shape.len())?;
        checked_count(shape.iter().copied().filter(|len| *len != 0))?;
        let Some(axes) = axes else {
            return Ok(Self { shape: shape.into(), axes: None });
        };
        let mut seen: SmallVec<[bool; 16]> = SmallVec::from_elem(false, shape.len());
        for axis in axes {
            let seen = seen.get_mut(axis.index);
            let seen = seen.ok_or(ErrorKind::Layout("an axis out of range"))?;
            if std::mem::replace(seen, true) {
                return Err(ErrorKind::Layout("an axis stands twice").into());
            }
        }
        Ok(Self { shape: shape.into(), axes: normal(shape, axes) })
    }

    /// The shape.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The axes from the slowest to the fastest in memory; `None` for plain C order.
    pub fn axes(&self) -> Option<&[Axis]> {
        self.axes.as_deref()
    }

    /// Whether the buffer is in C order, every axis forward and none broadcast.
    pub fn is_c_order(&self) -> bool {
        self.axes.is_none()
    }

    /// The number of items of the array, those of broadcast axes counted again and again.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The number of items in the buffer.
    pub fn stored_count(&self) -> usize {
        match &self.axes {
            None => self.count(),
            Some(axes) => axes.iter().map(|axis| self.len_of(*axis)).product(),
        }
    }

    /// Whether an axis is broadcast, so that the array has more items than the buffer.
    pub fn is_broadcast(&self) -> bool {
        self.axes.as_ref().is_some_and(|axes| axes.len() < self.shape.len())
    }

    /// Takes the last axes off, which must be `inner` in C order: those of `[T; N]` items.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rank`] or [`ErrorKind::Length`] when the last axes are others;
    /// [`ErrorKind::Order`] when they are not the fastest, in order and forward.
    pub fn without_inner(mut self, inner: &[usize]) -> Result<Self> {
        let outer = self.check_inner(inner)?;
        let shape = &self.shape;
        if let Some(axes) = &mut self.axes {
            // Axes of length 1 have no order: the inner ones go, the others make way.
            let is_one = |axis: &Axis| shape.get(axis.index) == Some(&1);
            axes.retain(|axis| axis.index < outer || !is_one(axis));
            axes.sort_by_key(|axis| !is_one(axis));
            for (index, _) in shape.iter().enumerate().skip(outer).rev() {
                let axis = Axis { index, reversed: false };
                if !is_one(&axis) && axes.pop() != Some(axis) {
                    return Err(ErrorKind::Order.into());
                }
            }
        }
        self.shape.truncate(outer);
        if let Some(axes) = self.axes.take() {
            self.axes = normal(&self.shape, &axes);
        }
        Ok(self)
    }

    /// Checks that the last axes have the lengths `inner`; gives the number of the others.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Rank`] or [`ErrorKind::Length`].
    pub(crate) fn check_inner(&self, inner: &[usize]) -> Result<usize> {
        let found = self.shape.len();
        let outer = found
            .checked_sub(inner.len())
            .ok_or_else(|| Error::new(ErrorKind::Rank { expected: inner.len(), found }))?;
        for (expected, found) in inner.iter().zip(self.shape.iter().skip(outer)) {
            if expected != found {
                return Err(ErrorKind::Length { expected: *expected, found: *found }.into());
            }
        }
        Ok(outer)
    }

    /// The bytes of the stored items, each of `size` bytes and with the axes `inner`.
    ///
    /// Windows that overlap have more items than memory, and so may have too many of them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Layout`] when they, or the shape [with `inner`](Self::with_inner),
    /// overflow the address space; [`ErrorKind::Limit`] when it has too many axes.
    pub(crate) fn stored_bytes(&self, inner: &[usize], size: usize) -> Result<usize> {
        check_rank(self.shape.len() + inner.len())?;
        let shape = self.shape.iter().chain(inner).copied();
        checked_count(shape.filter(|len| *len != 0))?;
        checked_count([self.stored_count(), size].into_iter())
    }

    /// Appends `inner` as the fastest axes: those of `[T; N]` items.
    ///
    /// The items are those of a slice, or the shape with `inner` was
    /// [checked](Self::stored_bytes).
    pub(crate) fn with_inner(mut self, inner: &[usize]) -> Self {
        for len in inner {
            if let Some(axes) = &mut self.axes {
                axes.push(Axis { index: self.shape.len(), reversed: false });
            }
            self.shape.push(*len);
        }
        self
    }

    /// The stride of each axis of the shape in items, and the position of the first item
    /// `[0, …, 0]` in the buffer.
    pub fn strides(&self) -> (SmallVec<[isize; 4]>, usize) {
        let mut strides: SmallVec<[isize; 4]> = SmallVec::from_elem(0, self.shape.len());
        let mut first = 0;
        let mut step = 1_usize;
        let c_order: SmallVec<[Axis; 4]>;
        let axes = match &self.axes {
            Some(axes) => axes,
            None => {
                c_order = forward(self.shape.len());
                &c_order
            }
        };
        for axis in axes.iter().rev() {
            let len = self.len_of(*axis);
            // Invariant 0 keeps the steps within an `isize`; with a zero length there is no
            // item, and no stride matters.
            let stride = step.cast_signed();
            if let Some(entry) = strides.get_mut(axis.index) {
                *entry = if axis.reversed { -stride } else { stride };
            }
            if axis.reversed {
                first += step * len.saturating_sub(1);
            }
            step *= len.max(1);
        }
        (strides, first)
    }

    /// Where the items lie in the buffer, in the order of their indices, the last axis the
    /// fastest. Of a broadcast array these may be many more than the buffer has.
    pub fn positions(&self) -> impl Iterator<Item = usize> + use<> {
        let (strides, first) = self.strides();
        let shape = self.shape.clone();
        let mut indices: Shape = SmallVec::from_elem(0, shape.len());
        let mut next = first;
        (0..self.count()).map(move |_| {
            let position = next;
            for ((index, len), stride) in indices.iter_mut().zip(&shape).zip(&strides).rev() {
                *index += 1;
                next = next.wrapping_add_signed(*stride);
                if *index < *len {
                    break;
                }
                *index = 0;
                next = next.wrapping_add_signed(-(stride * len.cast_signed()));
            }
            position
        })
    }

    /// Finds the layout of memory with strides (in items), and how to walk that memory so
    /// that a dense buffer results.
    ///
    /// # Panics
    ///
    /// When `shape` and `strides` differ in length: the caller took them from one array.
    pub(crate) fn of_strides(shape: &[usize], strides: &[isize]) -> Result<(Self, Walk)> {
        assert_eq!(shape.len(), strides.len(), "an array has a stride for each axis");
        let count = checked_count(shape.iter().copied().filter(|len| *len != 0))?;
        if shape.contains(&0) {
            return Ok((Self { shape: shape.into(), axes: None }, Walk::dense(0)));
        }
        if is_c_contiguous(shape, strides) {
            return Ok((Self { shape: shape.into(), axes: None }, Walk::dense(count)));
        }

        // From the slowest to the fastest. The sort is stable, so that equal strides stay in
        // C order; axes of length 1 have no stride of their own and go first.
        let mut order: SmallVec<[(usize, usize, isize); 4]> = shape
            .iter()
            .zip(strides)
            .enumerate()
            .filter(|(_, (len, stride))| **len == 1 || **stride != 0)
            .map(|(index, (len, stride))| (index, *len, *stride))
            .collect();
        order.sort_by_key(|(_, len, stride)| {
            std::cmp::Reverse(if *len == 1 { usize::MAX } else { stride.unsigned_abs() })
        });
        let axes: SmallVec<[Axis; 4]> = order
            .iter()
            .map(|(index, len, stride)| Axis { index: *index, reversed: *len > 1 && *stride < 0 })
            .collect();

        let mut walk = Walk { start: 0, outer: SmallVec::new(), run: 1 };
        for (_, len, stride) in order.iter().rev().filter(|(_, len, _)| *len > 1) {
            let step = stride.unsigned_abs();
            if *stride < 0 {
                let back = (*len - 1)
                    .checked_mul(step)
                    .and_then(|back| isize::try_from(back).ok())
                    .and_then(|back| walk.start.checked_sub(back));
                walk.start = back.ok_or(ErrorKind::Layout("the strides overflow"))?;
            }
            // Two loops that step through one line are one: a longer row to gather.
            match walk.outer.last_mut() {
                None if step == walk.run => walk.run *= *len,
                Some((faster, by)) if faster.checked_mul(*by) == Some(step) => *faster *= *len,
                _ => walk.outer.push((*len, step)),
            }
        }
        walk.outer.reverse();
        Ok((Self { shape: shape.into(), axes: normal(shape, &axes) }, walk))
    }

    fn len_of(&self, axis: Axis) -> usize {
        self.shape.get(axis.index).copied().unwrap_or(1)
    }
}

/// How to walk strided memory from low to high addresses, in items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Walk {
    /// From the item `[0, …, 0]` to the item of the lowest address.
    pub(crate) start: isize,
    /// Length and step of the outer loops, the slowest first.
    pub(crate) outer: SmallVec<[(usize, usize); 2]>,
    /// Items that follow each other at each place.
    pub(crate) run: usize,
}

impl Walk {
    fn dense(count: usize) -> Self {
        Self { start: 0, outer: SmallVec::new(), run: count }
    }
}

/// Writes C order as `None`, whichever place axes of length 1 were given; and so every empty
/// array, whose order is none.
fn normal(shape: &[usize], axes: &[Axis]) -> Option<SmallVec<[Axis; 4]>> {
    let len_of = |axis: &Axis| shape.get(axis.index).copied().unwrap_or(1);
    if shape.contains(&0) {
        return None;
    }
    let is_c_order = axes.len() == shape.len()
        && axes.iter().filter(|axis| len_of(axis) != 1).is_sorted_by_key(|axis| axis.index)
        && axes.iter().all(|axis| !axis.reversed || len_of(axis) == 1);
    (!is_c_order).then(|| axes.into())
}

fn forward(rank: usize) -> SmallVec<[Axis; 4]> {
    (0..rank).map(|index| Axis { index, reversed: false }).collect()
}

fn is_c_contiguous(shape: &[usize], strides: &[isize]) -> bool {
    let mut expected = 1_isize;
    for (len, stride) in shape.iter().zip(strides).rev() {
        if *len != 1 && *stride != expected {
            return false;
        }
        expected = expected.saturating_mul(len.cast_signed());
    }
    true
}

/// Bounds what every step through an array costs, and what looking for an axis twice does.
fn check_rank(rank: usize) -> Result<()> {
    if rank > ArrayLayout::MAX_AXES {
        return Err(Error::new(ErrorKind::Limit {
            what: "number of axes",
            limit: ArrayLayout::MAX_AXES as u64,
            found: rank as u64,
        }));
    }
    Ok(())
}

fn checked_count(lens: impl Iterator<Item = usize>) -> Result<usize> {
    let mut count = 1_usize;
    for len in lens {
        count = count
            .checked_mul(len)
            .filter(|count| isize::try_from(*count).is_ok())
            .ok_or(ErrorKind::Layout("the shape overflows"))?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes(layout: &ArrayLayout) -> Option<Vec<isize>> {
        layout.axes().map(|axes| {
            axes.iter()
                .map(|axis| {
                    let index = axis.index.cast_signed();
                    if axis.reversed { -1 - index } else { index }
                })
                .collect()
        })
    }

    fn of(shape: &[usize], strides: &[isize]) -> (Option<Vec<isize>>, Walk) {
        let (layout, walk) = ArrayLayout::of_strides(shape, strides).unwrap();
        let items = walk.outer.iter().map(|(len, _)| len).product::<usize>() * walk.run;
        assert_eq!(items, layout.stored_count());
        (axes(&layout), walk)
    }

    #[test]
    fn dense_orders_are_one_run() {
        assert_eq!(of(&[2, 3], &[3, 1]), (None, Walk::dense(6)));
        assert_eq!(of(&[], &[]), (None, Walk::dense(1)));
        assert_eq!(of(&[2, 0], &[0, 0]), (None, Walk::dense(0)));
        assert_eq!(of(&[2, 3], &[1, 2]), (Some(vec![1, 0]), Walk::dense(6)));
        let reversed = Walk { start: -3, ..Walk::dense(6) };
        assert_eq!(of(&[2, 3], &[-3, 1]), (Some(vec![-1, 1]), reversed));
    }

    #[test]
    fn slices_are_runs_and_broadcasts_are_sent_once() {
        let every_second =
            Walk { start: 0, outer: SmallVec::from_slice(&[(4, 7), (3, 2)]), run: 1 };
        assert_eq!(of(&[4, 3], &[7, 2]), (None, every_second));
        let one_line = Walk { start: 0, outer: SmallVec::from_slice(&[(12, 2)]), run: 1 };
        assert_eq!(of(&[4, 3], &[6, 2]), (None, one_line));
        let rows = Walk { start: 0, outer: SmallVec::from_slice(&[(4, 10)]), run: 3 };
        assert_eq!(of(&[4, 3], &[10, 1]), (None, rows));
        assert_eq!(of(&[5, 3], &[0, 1]), (Some(vec![1]), Walk::dense(3)));
        assert_eq!(of(&[5], &[0]), (Some(vec![]), Walk::dense(1)));
    }

    #[test]
    fn axes_of_one_item_never_matter() {
        assert_eq!(of(&[1, 3], &[7, 1]), (None, Walk::dense(3)));
        assert_eq!(of(&[3, 1], &[1, -9]), (None, Walk::dense(3)));
        assert_eq!(of(&[2, 1, 3], &[3, 0, 1]), (None, Walk::dense(6)));
    }

    #[test]
    fn strides_are_the_inverse() {
        for (shape, strides, first) in [
            (&[2, 3][..], &[3, 1][..], 0),
            (&[2, 3], &[1, 2], 0),
            (&[2, 3], &[-3, 1], 3),
            (&[2, 3], &[0, -1], 2),
            (&[4, 2, 3], &[-1, 12, 4], 3),
            (&[], &[], 0),
        ] {
            let (layout, _) = ArrayLayout::of_strides(shape, strides).unwrap();
            assert_eq!(layout.strides(), (strides.into(), first), "{shape:?} {strides:?}");
        }
    }

    #[test]
    fn positions_follow_the_indices() {
        for (shape, strides, positions) in [
            (&[2, 3][..], &[3, 1][..], &[0, 1, 2, 3, 4, 5][..]),
            (&[2, 3], &[1, 2], &[0, 2, 4, 1, 3, 5]),
            (&[2, 3], &[-3, 1], &[3, 4, 5, 0, 1, 2]),
            (&[2, 2], &[0, -1], &[1, 0, 1, 0]),
            (&[], &[], &[0]),
            (&[2, 0], &[0, 0], &[]),
        ] {
            let (layout, _) = ArrayLayout::of_strides(shape, strides).unwrap();
            assert!(layout.positions().eq(positions.iter().copied()), "{shape:?}");
        }
    }

    #[test]
    fn inner_axes_come_off_only_in_c_order() {
        let layout = ArrayLayout::c_order(&[5, 3]).unwrap();
        assert_eq!(layout.clone().without_inner(&[3]).unwrap(), ArrayLayout::one_axis(5));
        assert!(layout.clone().without_inner(&[2]).is_err());
        assert!(layout.without_inner(&[1, 5, 3]).is_err());
        let (fortran, _) = ArrayLayout::of_strides(&[5, 3], &[1, 5]).unwrap();
        assert!(fortran.without_inner(&[3]).is_err());
        let reversed = ArrayLayout::of_strides(&[5], &[-1]).unwrap().0.with_inner(&[3]);
        assert_eq!(axes(&reversed), Some(vec![-1, 1]));
        assert_eq!(axes(&reversed.without_inner(&[3]).unwrap()), Some(vec![-1]));
    }

    #[test]
    fn inner_axes_of_one_item_come_off_in_any_order() {
        for strides in [[-1, 1], [-1, 7]] {
            let reversed = ArrayLayout::of_strides(&[5, 1], &strides).unwrap().0;
            let outer = reversed.without_inner(&[1]).unwrap();
            assert_eq!((outer.shape(), axes(&outer)), (&[5][..], Some(vec![-1])));
        }
        let reversed = |index| Axis { index, reversed: true };
        let inner = Axis { index: 2, reversed: false };
        let layout = ArrayLayout::new(&[5, 1, 3], Some(&[reversed(0), inner, reversed(1)]));
        let outer = layout.unwrap().without_inner(&[3]).unwrap();
        assert_eq!(outer.strides().0.first(), Some(&-1));
        assert!(!outer.is_broadcast());
        let ones = ArrayLayout::new(&[5, 1], Some(&[reversed(1), reversed(0)]));
        assert!(ones.unwrap().without_inner(&[5, 1]).is_err(), "reversed");
    }

    #[test]
    fn hostile_layouts_are_refused() {
        let forward = |index| Axis { index, reversed: false };
        assert!(ArrayLayout::c_order(&[usize::MAX, 2]).is_err());
        assert!(ArrayLayout::c_order(&[usize::MAX, 0, 2]).is_err());
        assert!(ArrayLayout::new(&[2], Some(&[forward(1)])).is_err());
        assert!(ArrayLayout::new(&[2, 2], Some(&[forward(1), forward(1)])).is_err());
        let explicit = ArrayLayout::new(&[2, 2], Some(&[forward(0), forward(1)])).unwrap();
        assert!(explicit.is_c_order());
        let refused = ArrayLayout::c_order(&[1; 65]).unwrap_err();
        assert_eq!(refused.to_string(), "number of axes is 65, above the limit of 64");
        let most = ArrayLayout::c_order(&[1; 64]).unwrap();
        assert!(most.stored_bytes(&[3], 4).is_err());
    }
}
