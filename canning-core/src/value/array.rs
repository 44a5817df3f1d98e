//! An array of elements without its Rust type.

use std::borrow::Cow;

use crate::{
    buffer::{
        Allocation, ArrayLayout, Buffer, Copied, RawArray, ReceivedArray, SharedBytes, room,
        swap_bytes,
    },
    dtype::Dtype,
    element::{Elem, Element},
    error::{ErrorKind, Result},
};

/// An array of elements: its dtype, how its items lie, and memory that it shares.
///
/// Equal are arrays of the same dtype, layout and bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayValue {
    dtype: Dtype,
    layout: ArrayLayout,
    /// # Invariants
    ///
    /// 0. As long as `dtype` and `layout` ask for; little-endian.
    bytes: SharedBytes,
}

impl ArrayValue {
    /// Puts an array together from little-endian bytes, as they are on the wire.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferLength`] when dtype and layout ask for another number of bytes.
    pub fn from_parts(dtype: Dtype, layout: ArrayLayout, bytes: SharedBytes) -> Result<Self> {
        let expected = layout.stored_count().checked_mul(dtype.item_size());
        if expected != Some(bytes.len()) {
            let (expected, found) = (expected.unwrap_or(usize::MAX), bytes.len());
            return Err(ErrorKind::BufferLength { expected, found }.into());
        }
        Ok(Self { dtype, layout, bytes })
    }

    /// Takes a received array's memory, shared where it can be.
    pub(super) fn of_received(array: ReceivedArray<'_>) -> Result<(Self, Copied)> {
        let (dtype, layout) = (array.dtype().clone(), array.layout().clone());
        let (bytes, copied) = array.into_bytes(dtype.align())?;
        Ok((Self::from_parts(dtype, layout, bytes)?, copied))
    }

    /// Takes an array that is being sent: shares what it shares, copies what it borrows.
    pub(super) fn of_raw(array: RawArray<'_>) -> Result<Self> {
        let (dtype, layout) = (array.dtype().clone(), array.layout().clone());
        let buffer = array.into_buffer();
        let bytes = match buffer.as_shared() {
            Some(bytes) if cfg!(target_endian = "little") => bytes.clone(),
            _ => {
                let mut allocation = buffer.to_allocation(dtype.align())?;
                if cfg!(target_endian = "big") {
                    swap_bytes(allocation.as_mut_slice(), &dtype);
                }
                SharedBytes::from_allocation(allocation)
            }
        };
        Self::from_parts(dtype, layout, bytes)
    }

    /// The dtype of the items.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// How the items lie in the bytes.
    pub fn layout(&self) -> &ArrayLayout {
        &self.layout
    }

    /// The shape, that of `[T; N]` elements included.
    pub fn shape(&self) -> &[usize] {
        self.layout.shape()
    }

    /// The bytes of the items, little-endian on every machine.
    pub fn bytes(&self) -> &SharedBytes {
        &self.bytes
    }

    /// Sees the array as one that has just arrived: from there it becomes owned, shared or
    /// borrowed, as an adapter's array wants it.
    pub fn received(&self) -> ReceivedArray<'_> {
        let dtype = Cow::Borrowed(&self.dtype);
        match ReceivedArray::in_band(dtype, self.layout.clone(), &self.bytes, Some(&self.bytes)) {
            Ok(array) => array,
            Err(_) => unreachable!("invariant 0 of the bytes"),
        }
    }

    /// Sees the array as one to send, which shares the memory. On a big-endian machine this
    /// copies.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] for that copy.
    pub fn to_raw(&self) -> Result<RawArray<'static>> {
        let mut buffer = Buffer::from(self.bytes.clone());
        if cfg!(target_endian = "big") {
            let mut allocation = buffer.to_allocation(self.dtype.align())?;
            swap_bytes(allocation.as_mut_slice(), &self.dtype);
            buffer = allocation.into();
        }
        RawArray::from_parts(Cow::Owned(self.dtype.clone()), self.layout.clone(), buffer)
    }

    /// Borrows the items of an array in C order, whatever its shape.
    ///
    /// # Errors
    ///
    /// When the array has another dtype or order, bits are not values of `T`, or the memory is
    /// not aligned for `T`; and on a big-endian machine.
    pub fn view<T: Element>(&self) -> Result<&[T]> {
        let array = self.received().into_view(Elem::of())?;
        if array.layout.is_broadcast() {
            return Err(ErrorKind::Broadcast.into());
        }
        if !array.layout.is_c_order() {
            return Err(ErrorKind::Order.into());
        }
        Ok(array.items)
    }

    /// Copies the items in C order, whatever their order in memory.
    ///
    /// # Errors
    ///
    /// When the array has another dtype, or bits are not values of `T`; and when it is
    /// broadcast, as its size is then bounded by nothing that was received.
    pub fn to_vec<T: Element>(&self) -> Result<Vec<T>> {
        let (array, _copied) = self.received().into_owned(Elem::<T>::of())?;
        if array.layout.is_broadcast() {
            return Err(ErrorKind::Broadcast.into());
        }
        if array.layout.is_c_order() {
            return Ok(array.items);
        }
        let positions = array.layout.positions();
        let item = |position| array.items.get(position).copied();
        let mut ordered = Vec::new();
        room::reserve_exact(&mut ordered, array.items.len())?;
        ordered.extend(positions.filter_map(item));
        Ok(ordered)
    }
}

impl<T: Element> From<Vec<T>> for ArrayValue {
    /// Takes the memory over. On a big-endian machine the items are swapped in place.
    fn from(items: Vec<T>) -> Self {
        let layout = ArrayLayout::one_axis(items.len()).with_inner(T::INNER.as_slice());
        let mut allocation = Allocation::from_vec(items);
        if cfg!(target_endian = "big") {
            swap_bytes(allocation.as_mut_slice(), T::DTYPE);
        }
        Self { dtype: T::DTYPE.clone(), layout, bytes: SharedBytes::from_allocation(allocation) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::Axis;

    fn columns() -> ArrayValue {
        let axes = [1, 0].map(|index| Axis { index, reversed: false });
        let layout = ArrayLayout::new(&[2, 3], Some(&axes)).unwrap();
        let bytes = ArrayValue::from(vec![0_i32, 3, 1, 4, 2, 5]).bytes.clone();
        ArrayValue::from_parts(Dtype::Scalar(crate::Scalar::I32), layout, bytes).unwrap()
    }

    #[test]
    fn items_are_given_in_c_order() {
        assert_eq!(columns().to_vec::<i32>().unwrap(), [0, 1, 2, 3, 4, 5]);
        let refused = columns().view::<i32>().unwrap_err();
        assert_eq!(refused.to_string(), "the array's items are not in the order of a slice");
    }

    #[test]
    fn view_borrows_the_shared_memory() {
        let numbers = vec![[1.0_f32, 2.0], [3.0, 4.0]];
        let address = numbers.as_ptr();
        let array = ArrayValue::from(numbers);
        assert_eq!(array.shape(), [2, 2]);
        assert_eq!(array.view::<[f32; 2]>().unwrap().as_ptr(), address);
        assert_eq!(array.view::<f32>().unwrap(), [1.0, 2.0, 3.0, 4.0]);
        let refused = array.view::<f64>().unwrap_err();
        assert_eq!(refused.to_string(), "expected <f8, found <f4");
    }

    #[test]
    fn broadcast_array_is_never_expanded_silently() {
        let layout = ArrayLayout::new(&[1 << 40], Some(&[])).unwrap();
        let bytes = SharedBytes::from_vec(vec![1_u8]);
        let array = ArrayValue::from_parts(crate::Scalar::U8.into(), layout, bytes).unwrap();
        let refused = array.to_vec::<u8>().unwrap_err();
        assert_eq!(refused.to_string(), "a broadcast array is not a slice");
        assert!(array.view::<u8>().is_err());
    }

    #[test]
    fn wrong_length_is_refused() {
        let layout = ArrayLayout::one_axis(2);
        let bytes = SharedBytes::from_vec(vec![0_u8; 9]);
        let refused = ArrayValue::from_parts(crate::Scalar::F64.into(), layout, bytes);
        assert_eq!(refused.unwrap_err().to_string(), "expected a buffer of 16 bytes, found 9");
    }
}
