//! Arrays and scalars of NumPy's, as they lie in memory.

use canning_core::{ErrorKind, Result, buffer::ArrayLayout};

use super::{Class, Item, Items, Memory, View};
use crate::numpy::Dtype;

/// An array: a shape, strides, and the memory that it lies in.
///
/// Nothing was done to the bytes: they have the order of bytes of the dtype, and there may be
/// gaps between items.
#[derive(Clone, Debug)]
pub struct ArrayView<'o> {
    dtype: Dtype,
    /// # Invariants
    ///
    /// 0. At most [`ArrayLayout::MAX_AXES`] axes.
    /// 1. The product of the lengths that are not zero and the item's size fits an `isize`.
    shape: Vec<usize>,
    /// # Invariants
    ///
    /// 2. One for each axis. Every item that they lead to lies within the memory.
    strides: Vec<isize>,
    offset: usize,
    memory: Memory<'o>,
}

/// How an array says where its items are.
#[derive(Clone, Debug)]
pub(super) enum Strides {
    C,
    Fortran,
    Bytes(Vec<isize>),
}

impl<'o> ArrayView<'o> {
    /// Checks an array that came from outside, whose first item lies at `offset`.
    pub(super) fn new(
        dtype: Dtype,
        mut shape: Vec<usize>,
        strides: Strides,
        offset: usize,
        memory: Memory<'o>,
    ) -> Result<Self> {
        // The axes of a subarray become axes of the array, the fastest ones, as NumPy does.
        let (dtype, inner) = match dtype.subarray() {
            Some((base, inner)) => (base.clone(), inner.to_vec()),
            None => (dtype, Vec::new()),
        };
        let outer = shape.len();
        shape.extend(&inner);
        check_count(&shape, dtype.item_size())?; // 0 and 1
        let size = inner.iter().product::<usize>().saturating_mul(dtype.item_size());
        let outer_shape = shape.get(..outer).unwrap_or_default();
        let mut strides = match strides {
            Strides::C => c_strides(outer_shape, size),
            Strides::Fortran => {
                let reversed: Vec<usize> = outer_shape.iter().rev().copied().collect();
                c_strides(&reversed, size).into_iter().rev().collect()
            }
            Strides::Bytes(strides) => strides,
        };
        if strides.len() != outer {
            return Err(ErrorKind::Layout("another number of strides than of axes").into());
        }
        strides.extend(c_strides(&inner, dtype.item_size()));
        let array = Self { dtype, shape, strides, offset, memory };
        array.check_within()?; // 2
        Ok(array)
    }

    /// An array without axes.
    pub(in crate::object) fn of_scalar(scalar: &ScalarView<'o>) -> Self {
        let ScalarView { dtype, memory } = scalar.clone();
        Self { dtype, shape: Vec::new(), strides: Vec::new(), offset: 0, memory }
    }

    /// An array of bytes.
    pub(in crate::object) fn of_bytes(memory: Memory<'o>) -> Self {
        Self { dtype: Dtype::BYTE, shape: vec![memory.len()], strides: vec![1], offset: 0, memory }
    }

    /// As [`new`](Self::new) for an array that is all of its memory.
    pub(super) fn whole(
        dtype: Dtype,
        shape: Vec<usize>,
        strides: Strides,
        memory: Memory<'o>,
    ) -> Result<Self> {
        let count = check_count(&shape, dtype.item_size())?;
        let (expected, found) = (count.saturating_mul(dtype.item_size()), memory.len());
        if expected != found {
            return Err(ErrorKind::BufferLength { expected, found }.into());
        }
        Self::new(dtype, shape, strides, 0, memory)
    }

    /// The same items with their axes in another order.
    pub(super) fn transposed(self, axes: &[usize]) -> Result<Self> {
        let wrong = || ErrorKind::Layout("an order of axes that are not those of the shape");
        let mut seen = vec![false; self.shape.len()];
        let (mut shape, mut strides) = (Vec::new(), Vec::new());
        for axis in axes {
            let first = seen.get_mut(*axis).is_some_and(|seen| !std::mem::replace(seen, true));
            let (Some(len), Some(stride), true) =
                (self.shape.get(*axis), self.strides.get(*axis), first)
            else {
                return Err(wrong().into());
            };
            shape.push(*len);
            strides.push(*stride);
        }
        if axes.len() != self.shape.len() {
            return Err(wrong().into());
        }
        Ok(Self { shape, strides, ..self })
    }

    fn check_within(&self) -> Result<()> {
        let Some((low, high)) = self.extent() else {
            return Err(ErrorKind::Layout("the strides overflow").into());
        };
        if low < 0 || high > self.memory.len() as i128 {
            return Err(ErrorKind::Layout("items outside of their memory").into());
        }
        Ok(())
    }

    /// Where the lowest item begins and the highest ends; nowhere is the offset.
    fn extent(&self) -> Option<(i128, i128)> {
        let (mut low, mut high) = (self.offset as i128, self.offset as i128);
        if self.shape.contains(&0) {
            return Some((low, high));
        }
        for (len, stride) in self.shape.iter().zip(&self.strides) {
            let reach = (*len as i128 - 1).checked_mul(*stride as i128)?;
            let end = if reach < 0 { &mut low } else { &mut high };
            *end = end.checked_add(reach)?;
        }
        Some((low, high.checked_add(self.dtype.item_size() as i128)?))
    }

    /// What an item is; never a subarray, whose axes are the last ones of the array.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// From one item of an axis to the next, in bytes; zero for a broadcast axis, negative for a
    /// reversed one.
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// Where the first item lies in the memory, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The memory that it lies in, which may be more than its items.
    pub fn memory(&self) -> Memory<'o> {
        self.memory
    }

    /// How many items there are: of a broadcast array perhaps more than there is memory.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The bytes of all items together: NumPy's `nbytes`.
    pub fn len_in_bytes(&self) -> usize {
        self.count().saturating_mul(self.dtype.item_size())
    }

    /// Whether the items lie one after the other, the last axis the fastest.
    pub fn is_c_contiguous(&self) -> bool {
        is_dense(self.shape.iter().zip(&self.strides).rev(), self.dtype.item_size())
    }

    /// Whether the items lie one after the other, the first axis the fastest.
    pub fn is_f_contiguous(&self) -> bool {
        is_dense(self.shape.iter().zip(&self.strides), self.dtype.item_size())
    }

    /// The items, the last axis the fastest: each as its bytes lie.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotContiguous`] or [`ErrorKind::BufferTaken`] where the memory lies in several
    /// pieces, as a freshly canned one may, or was moved out.
    pub fn items(&self) -> Result<impl Iterator<Item = &'o [u8]> + use<'o>> {
        let Some(bytes) = self.memory.as_slice() else {
            self.memory.to_bytes()?;
            return Err(ErrorKind::NotContiguous.into());
        };
        let size = self.dtype.item_size();
        Ok(self.positions().map(move |at| bytes.get(at..at + size).unwrap_or_default()))
    }

    /// Where the items lie in the memory, in bytes, the last axis the fastest.
    pub fn positions(&self) -> impl Iterator<Item = usize> + use<> {
        let (shape, strides) = (self.shape.clone(), self.strides.clone());
        let mut indices = vec![0; shape.len()];
        let mut next = self.offset;
        (0..self.count()).map(move |_| {
            let position = next;
            for ((index, len), stride) in indices.iter_mut().zip(&shape).zip(&strides).rev() {
                *index += 1;
                next = next.wrapping_add_signed(*stride);
                if *index < *len {
                    break;
                }
                *index = 0;
                next =
                    next.wrapping_add_signed(stride.wrapping_mul(len.cast_signed()).wrapping_neg());
            }
            position
        })
    }
}

/// An array whose items are objects, or structs that hold some.
#[derive(Clone, Debug)]
pub struct ObjectArrayView<'o> {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
    pub(super) items: Items<'o>,
}

impl<'o> ObjectArrayView<'o> {
    /// `O`, or a struct; an item of that is a tuple of its fields.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// As many items as the shape asks for, the last axis the fastest.
    pub fn items(&self) -> Items<'o> {
        self.items
    }
}

/// A scalar of NumPy's: one item.
#[derive(Clone, Debug)]
pub struct ScalarView<'o> {
    pub(super) dtype: Dtype,
    pub(super) memory: Memory<'o>,
}

impl<'o> ScalarView<'o> {
    /// What it is.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// Its bytes, as many as the dtype asks for.
    pub fn memory(&self) -> Memory<'o> {
        self.memory
    }
}

/// An array of a class that is derived from `numpy.ndarray`.
#[derive(Clone, Debug)]
pub struct SubclassView<'o> {
    pub(super) class: Class<'o>,
    pub(super) data: View<'o>,
    pub(super) mask: Option<ArrayView<'o>>,
    pub(super) fill: Option<Item<'o>>,
}

impl<'o> SubclassView<'o> {
    /// The class.
    pub fn class(&self) -> Class<'o> {
        self.class
    }

    /// The array itself: a [`View::Array`] or a [`View::ObjectArray`].
    pub fn data(&self) -> &View<'o> {
        &self.data
    }

    /// The mask of a masked array: true where there is no value.
    pub fn mask(&self) -> Option<&ArrayView<'o>> {
        self.mask.as_ref()
    }

    /// The value that a masked array is filled with, if it has one of its own.
    pub fn fill_value(&self) -> Option<Item<'o>> {
        self.fill
    }
}

/// Checks a shape: its axes, and that its items fit the address space; gives their number.
pub(super) fn check_count(shape: &[usize], item_size: usize) -> Result<usize> {
    if shape.len() > ArrayLayout::MAX_AXES {
        return Err(ErrorKind::Limit {
            what: "number of axes",
            limit: ArrayLayout::MAX_AXES as u64,
            found: shape.len() as u64,
        }
        .into());
    }
    let lens = shape.iter().filter(|len| **len != 0);
    let bytes = lens.copied().try_fold(item_size.max(1), usize::checked_mul);
    if bytes.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        return Err(ErrorKind::Layout("the shape overflows").into());
    }
    Ok(shape.iter().product())
}

/// The strides of items of `size` bytes in C order, of a shape that was checked.
fn c_strides(shape: &[usize], size: usize) -> Vec<isize> {
    let mut step = size;
    let mut strides: Vec<isize> = shape
        .iter()
        .rev()
        .map(|len| {
            let stride = step.cast_signed();
            step = step.saturating_mul((*len).max(1));
            stride
        })
        .collect();
    strides.reverse();
    strides
}

/// Whether axes, the fastest first, leave no gaps and have no other order.
fn is_dense<'a>(axes: impl Iterator<Item = (&'a usize, &'a isize)> + Clone, size: usize) -> bool {
    if axes.clone().any(|(len, _)| *len == 0) {
        return true;
    }
    let mut expected = size;
    for (len, stride) in axes {
        if *len != 1 && *stride != expected.cast_signed() {
            return false;
        }
        expected = expected.saturating_mul(*len);
    }
    true
}
