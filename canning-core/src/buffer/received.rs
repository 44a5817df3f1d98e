//! A received array on its way to the type that asked for it.

use std::borrow::Cow;

use crate::{
    buffer::{
        Allocation, ArrayLayout, Buffer, Copied, SharedBytes, SharedSlice, cast, memory::Memory,
        room, swap_bytes,
    },
    dtype::Dtype,
    element::{Elem, ElementType},
    error::{Error, ErrorKind, Result},
};

/// An array that has arrived: its dtype, layout and memory, not yet believed to be of a type.
///
/// A format hands it out; the type takes it in one of three ways, each of which checks dtype,
/// shape and bits first:
///
/// | way | what becomes of the memory |
/// | --- | --- |
/// | [`into_owned`](Self::into_owned) | a `Vec` takes the allocation over; copied where it cannot |
/// | [`into_shared`](Self::into_shared) | its owner is shared; copied where nobody owns it |
/// | [`into_view`](Self::into_view) | borrowed; an error where it cannot be |
#[derive(Debug)]
pub struct ReceivedArray<'b> {
    dtype: Cow<'b, Dtype>,
    layout: ArrayLayout,
    /// # Invariants
    ///
    /// 0. As long as `layout` and `dtype` ask for; little-endian.
    data: Data<'b>,
}

#[derive(Debug)]
enum Data<'b> {
    /// In the header: copied if owned, which is not worth counting with the large ones.
    InBand { bytes: &'b [u8], header: Option<&'b SharedBytes> },
    /// Left in the received object.
    Viewed(&'b Buffer<'b>),
    /// Moved out of the received object.
    Moved(Buffer<'b>),
}

/// An owned array: its items as they lie in memory, and the layout that gives them indices.
#[derive(Debug)]
pub struct OwnedArray<T> {
    /// How the items lie.
    pub layout: ArrayLayout,
    /// As many items as the layout stores.
    pub items: Vec<T>,
}

impl<T> OwnedArray<T> {
    /// Moves the items into the order of their indices, the last axis the fastest.
    ///
    /// Costs nothing where they are in this order; otherwise each item is moved, and counted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Broadcast`] where an item has several indices, which
    /// [`uncan_array`](crate::array::uncan_array) never gives; [`ErrorKind::OutOfMemory`].
    pub fn into_c_order(self) -> Result<(Vec<T>, Copied)> {
        if self.layout.is_c_order() {
            return Ok((self.items, Copied::default()));
        }
        let bytes = size_of_val(self.items.as_slice()) as u64;
        let (mut items, mut ordered) = (Vec::<Option<T>>::new(), Vec::new());
        room::reserve_exact(&mut items, self.items.len())?;
        room::reserve_exact(&mut ordered, self.items.len())?;
        items.extend(self.items.into_iter().map(Some));
        for at in self.layout.positions() {
            let item = items.get_mut(at).and_then(Option::take);
            ordered.push(item.ok_or(ErrorKind::Broadcast)?);
        }
        Ok((ordered, Copied { in_band: 0, out_of_band: bytes }))
    }
}

/// A shared array: as [`OwnedArray`].
#[derive(Debug)]
pub struct SharedArray<T> {
    /// How the items lie.
    pub layout: ArrayLayout,
    /// As many items as the layout stores.
    pub items: SharedSlice<T>,
}

/// A borrowed array: as [`OwnedArray`].
#[derive(Debug)]
pub struct ViewedArray<'b, T> {
    /// How the items lie.
    pub layout: ArrayLayout,
    /// As many items as the layout stores.
    pub items: &'b [T],
}

impl<'b> ReceivedArray<'b> {
    /// An array whose bytes stand in the header, which shared bytes may own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferLength`] when dtype and layout ask for another number of bytes.
    #[inline]
    pub fn in_band(
        dtype: Cow<'b, Dtype>,
        layout: ArrayLayout,
        bytes: &'b [u8],
        header: Option<&'b SharedBytes>,
    ) -> Result<Self> {
        Self::new(dtype, layout, Data::InBand { bytes, header })
    }

    /// An array whose buffer stays with the received object.
    ///
    /// # Errors
    ///
    /// As [`in_band`](Self::in_band).
    pub fn viewed(
        dtype: Cow<'b, Dtype>,
        layout: ArrayLayout,
        buffer: &'b Buffer<'b>,
    ) -> Result<Self> {
        Self::new(dtype, layout, Data::Viewed(buffer))
    }

    /// An array whose buffer was moved out of the received object.
    ///
    /// # Errors
    ///
    /// As [`in_band`](Self::in_band).
    pub fn moved(dtype: Cow<'b, Dtype>, layout: ArrayLayout, buffer: Buffer<'b>) -> Result<Self> {
        Self::new(dtype, layout, Data::Moved(buffer))
    }

    fn new(dtype: Cow<'b, Dtype>, layout: ArrayLayout, data: Data<'b>) -> Result<Self> {
        let found = match &data {
            Data::InBand { bytes, .. } => bytes.len(),
            Data::Viewed(buffer) => buffer.len(),
            Data::Moved(buffer) => buffer.len(),
        };
        let expected = layout.stored_count().checked_mul(dtype.item_size());
        if expected != Some(found) {
            let expected = expected.unwrap_or(usize::MAX);
            return Err(Error::new(ErrorKind::BufferLength { expected, found }));
        }
        Ok(Self { dtype, layout, data })
    }

    /// The dtype.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// How the items lie in memory.
    pub fn layout(&self) -> &ArrayLayout {
        &self.layout
    }

    /// Whether the bytes stand in the header.
    pub(crate) fn is_in_band(&self) -> bool {
        matches!(self.data, Data::InBand { .. })
    }

    /// Checks what an array must be, however its items lie: its dtype, its inner shape, and
    /// the number of `axes` besides, where that is known.
    pub(crate) fn check_items<T>(&self, elem: Elem<T>, axes: Option<usize>) -> Result<()> {
        let element = elem.element();
        check_dtype(&self.dtype, element)?;
        let outer = self.layout.check_inner(element.inner())?;
        match axes {
            Some(axes) if axes != outer => Err(ErrorKind::Rank {
                expected: axes + element.inner().len(),
                found: outer + element.inner().len(),
            }
            .into()),
            _ => Ok(()),
        }
    }

    /// Takes the memory over as items of `T`; copies, and says how much, only where the
    /// memory is borrowed, shared, in several segments, or in an allocation that a `Vec<T>`
    /// could not free.
    ///
    /// # Errors
    ///
    /// When dtype or inner shape are not those of `T`, bits are not values of `T`, or there is
    /// no memory for a copy.
    pub fn into_owned<T>(self, elem: Elem<T>) -> Result<(OwnedArray<T>, Copied)> {
        let layout = check(&self.dtype, self.layout, elem.element())?;
        let mut copied = Copied::default();
        let items = match self.data {
            Data::InBand { bytes, .. } => {
                copied.in_band += bytes.len() as u64;
                to_vec(bytes, elem)?
            }
            Data::Viewed(buffer) => {
                copied.out_of_band += buffer.len() as u64;
                copy_buffer(buffer, elem)?
            }
            Data::Moved(buffer) => match take_over(buffer, elem) {
                Ok(items) => items,
                Err(buffer) => {
                    copied.out_of_band += buffer.len() as u64;
                    copy_buffer(&buffer, elem)?
                }
            },
        };
        Ok((OwnedArray { layout, items }, copied))
    }

    /// Shares the memory as items of `T`; copies, and says how much, only where nobody owns
    /// it, it lies in several segments, or it is not aligned.
    ///
    /// # Errors
    ///
    /// As [`into_owned`](Self::into_owned).
    pub fn into_shared<T>(self, elem: Elem<T>) -> Result<(SharedArray<T>, Copied)> {
        if cfg!(target_endian = "big") {
            let (OwnedArray { layout, items }, copied) = self.into_owned(elem)?;
            return Ok((SharedArray { layout, items: SharedSlice::of_items(items, elem) }, copied));
        }
        let layout = check(&self.dtype, self.layout.clone(), elem.element())?;
        let is_in_band = self.is_in_band();
        let (bytes, mut copied) = self.into_bytes(align_of::<T>())?;
        let items = match SharedSlice::from_bytes(bytes, elem) {
            Ok(items) => items,
            Err(bytes) => {
                let items = cast::to_vec(&bytes, elem)?;
                copied += Copied::of(is_in_band, bytes.len());
                SharedSlice::of_items(items, elem)
            }
        };
        Ok((SharedArray { layout, items }, copied))
    }

    /// Repeats the items of broadcast axes, so that every axis has memory of its own: a new
    /// allocation, whose size is bounded by nothing but the layout.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`].
    pub fn expand_broadcast(self) -> Result<(Self, Copied)> {
        let size = self.dtype.item_size();
        let align = self.dtype.align();
        let mut contiguous = None;
        let bytes = match &self.data {
            Data::InBand { bytes, .. } => *bytes,
            Data::Viewed(buffer) => contiguous_bytes(buffer, align, &mut contiguous)?,
            Data::Moved(buffer) => contiguous_bytes(buffer, align, &mut contiguous)?,
        };
        let (layout, memory) = Memory::of_broadcast(bytes, &self.layout, size)?;
        // SAFETY: `of_memory` requires memory that lives, and is not written, as long as the
        // buffer, which ends here: it is that of `bytes`.
        let expanded = unsafe { Buffer::of_memory(memory) }.to_allocation(align)?;
        let gathered = contiguous.as_ref().map_or(0, Allocation::len);
        let copied = Copied::of(self.is_in_band(), expanded.len() + gathered);
        Ok((Self::moved(self.dtype, layout, expanded.into())?, copied))
    }

    /// Whether [`into_view`](Self::into_view) can borrow the memory, if it holds items of `T`.
    pub fn can_lend<T>(&self, elem: Elem<T>) -> bool {
        let bytes = match &self.data {
            Data::InBand { bytes, .. } => Some(*bytes),
            Data::Viewed(buffer) => buffer.as_slice(),
            Data::Moved(_) => None,
        };
        bytes.is_some_and(|bytes| bytes.is_empty() || bytes.as_ptr().cast::<T>().is_aligned())
            && (cfg!(target_endian = "little") || elem.element().dtype().item_size() == 1)
    }

    /// Borrows the memory as items of `T`.
    ///
    /// # Errors
    ///
    /// When dtype or inner shape are not those of `T`, bits are not values of `T`, or the
    /// memory was moved out, lies in several segments, or is not aligned for `T`.
    pub fn into_view<T>(self, elem: Elem<T>) -> Result<ViewedArray<'b, T>> {
        let layout = check(&self.dtype, self.layout, elem.element())?;
        if cfg!(target_endian = "big") && elem.element().dtype().item_size() > 1 {
            let what = "a borrowed array on a big-endian machine: receive it owned";
            return Err(ErrorKind::Unsupported(what).into());
        }
        let bytes = match self.data {
            Data::InBand { bytes, .. } => bytes,
            Data::Viewed(buffer) => buffer.as_slice().ok_or(ErrorKind::NotContiguous)?,
            Data::Moved(_) => return Err(ErrorKind::MovedOut.into()),
        };
        Ok(ViewedArray { layout, items: cast::items(bytes, elem)? })
    }

    /// Takes a one-dimensional array of bytes as text: borrows what stays with the received
    /// object, takes over what was moved out of it.
    ///
    /// # Errors
    ///
    /// When it is no such array, or not UTF-8; or there is no memory for a copy, which only
    /// bytes in several segments or in a foreign allocation need.
    pub fn into_text(self) -> Result<(Cow<'b, str>, Copied)> {
        let borrowed = match &self.data {
            Data::InBand { bytes, .. } => Some(*bytes),
            Data::Viewed(buffer) => buffer.as_slice(),
            Data::Moved(_) => None,
        };
        if let Some(bytes) = borrowed {
            check(&self.dtype, self.layout, Elem::<u8>::of().element())?;
            let text = str::from_utf8(bytes).map_err(ErrorKind::Text)?;
            return Ok((Cow::Borrowed(text), Copied::default()));
        }
        let (OwnedArray { items, .. }, copied) = self.into_owned(Elem::<u8>::of())?;
        let text = String::from_utf8(items);
        let text = text.map_err(|error| ErrorKind::Text(error.utf8_error()))?;
        Ok((Cow::Owned(text), copied))
    }

    /// Shares the memory as bytes, little-endian; copies, to a multiple of `align`, only where
    /// nobody owns it or it lies in several segments.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] for a copy.
    ///
    /// # Panics
    ///
    /// When `align` is not a power of two.
    pub fn into_bytes(self, align: usize) -> Result<(SharedBytes, Copied)> {
        let mut copied = Copied::default();
        let shared = match self.data {
            Data::InBand { bytes, header } => match header.and_then(|header| part(header, bytes)) {
                Some(part) => part,
                None => {
                    copied.in_band += bytes.len() as u64;
                    SharedBytes::from_allocation(Buffer::borrowed(bytes).to_allocation(align)?)
                }
            },
            Data::Viewed(buffer) => share(buffer, align, &mut copied)?,
            Data::Moved(buffer) => share(&buffer, align, &mut copied)?,
        };
        Ok((shared, copied))
    }
}

/// Checks dtype and inner shape, and takes the inner axes off.
#[inline]
fn check(dtype: &Dtype, layout: ArrayLayout, element: &'static ElementType) -> Result<ArrayLayout> {
    check_dtype(dtype, element)?;
    if element.inner().is_empty() { Ok(layout) } else { layout.without_inner(element.inner()) }
}

#[inline]
fn check_dtype(dtype: &Dtype, element: &'static ElementType) -> Result<()> {
    if dtype == element.dtype() {
        return Ok(());
    }
    let expected = element.dtype().clone();
    Err(Error::new(ErrorKind::Dtype { expected, found: dtype.clone() }))
}

/// Copies little-endian bytes into items.
fn to_vec<T>(bytes: &[u8], elem: Elem<T>) -> Result<Vec<T>> {
    if cfg!(target_endian = "big") {
        return copy_buffer(&Buffer::borrowed(bytes), elem);
    }
    cast::to_vec(bytes, elem)
}

fn copy_buffer<T>(buffer: &Buffer<'_>, elem: Elem<T>) -> Result<Vec<T>> {
    if let (Some(bytes), true) = (buffer.as_slice(), cfg!(target_endian = "little")) {
        return cast::to_vec(bytes, elem);
    }
    let mut allocation = buffer.to_allocation(align_of::<T>())?;
    if cfg!(target_endian = "big") {
        swap_bytes(allocation.as_mut_slice(), elem.element().dtype());
    }
    allocation.try_into_vec(elem).or_else(|allocation| {
        // The alignment is right: only length or bits can be wrong, and this names them.
        cast::to_vec(allocation.as_slice(), elem)
    })
}

/// Hands the allocation to a `Vec`, or gives the buffer back where that cannot be.
fn take_over<'b, T>(buffer: Buffer<'b>, elem: Elem<T>) -> Result<Vec<T>, Buffer<'b>> {
    if cfg!(target_endian = "big") {
        return Err(buffer);
    }
    buffer.try_into_allocation()?.try_into_vec(elem).map_err(Buffer::from)
}

/// The bytes in one run: as they lie, or copied into `place`.
fn contiguous_bytes<'p>(
    buffer: &'p Buffer<'_>,
    align: usize,
    place: &'p mut Option<Allocation>,
) -> Result<&'p [u8]> {
    match buffer.as_slice() {
        Some(bytes) => Ok(bytes),
        None => Ok(place.insert(buffer.to_allocation(align)?).as_slice()),
    }
}

fn share(buffer: &Buffer<'_>, align: usize, copied: &mut Copied) -> Result<SharedBytes> {
    if let Some(shared) = buffer.as_shared() {
        return Ok(shared.clone());
    }
    copied.out_of_band += buffer.len() as u64;
    Ok(SharedBytes::from_allocation(buffer.to_allocation(align)?))
}

/// The part of `whole` that `bytes` are.
fn part(whole: &SharedBytes, bytes: &[u8]) -> Option<SharedBytes> {
    let start = bytes.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    whole.get(start..start.checked_add(bytes.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::Scalar;

    fn array(buffer: Buffer<'_>) -> ReceivedArray<'_> {
        let layout = ArrayLayout::one_axis(buffer.len() / 8);
        ReceivedArray::moved(Cow::Owned(Scalar::F64.into()), layout, buffer).unwrap()
    }

    #[test]
    fn items_are_moved_into_the_order_of_their_indices() {
        let fortran = ArrayLayout::of_strides(&[2, 3], &[1, 2]).unwrap().0;
        let array = OwnedArray { layout: fortran, items: vec!["a", "d", "b", "e", "c", "f"] };
        let (items, copied) = array.into_c_order().unwrap();
        assert_eq!(items, ["a", "b", "c", "d", "e", "f"]);
        assert_eq!(copied.out_of_band, size_of_val(items.as_slice()) as u64);
        let broadcast = ArrayLayout::of_strides(&[2, 2], &[0, 1]).unwrap().0;
        let array = OwnedArray { layout: broadcast, items: vec![1, 2] };
        assert!(matches!(array.into_c_order().unwrap_err().kind(), ErrorKind::Broadcast));
    }

    #[test]
    fn owned_receipt_takes_a_fitting_allocation_over() {
        let allocation = Allocation::from_vec(vec![1.0_f64, 2.0]);
        let address = allocation.as_slice().as_ptr();
        let (owned, copied) = array(allocation.into()).into_owned(Elem::<f64>::of()).unwrap();
        assert_eq!(owned.items.as_ptr().cast(), address);
        assert_eq!(copied, Copied::default());
    }

    #[test]
    fn every_copy_is_counted() {
        let numbers = [1.0_f64, 2.0];
        let bytes = cast::bytes(&numbers, Elem::of());
        let (owned, copied) = array(Buffer::borrowed(bytes)).into_owned(Elem::<f64>::of()).unwrap();
        assert_eq!((owned.items.as_slice(), copied.out_of_band), (&numbers[..], 16));
        let (owned, copied) = array(bytes.to_vec().into()).into_owned(Elem::<f64>::of()).unwrap();
        assert_eq!((owned.items.as_slice(), copied.out_of_band), (&numbers[..], 16));
        let (shared, copied) =
            array(Buffer::borrowed(bytes)).into_shared(Elem::<f64>::of()).unwrap();
        assert_eq!((shared.items.as_slice(), copied.out_of_band), (&numbers[..], 16));
    }

    #[test]
    fn shared_receipt_keeps_the_address() {
        let bytes = SharedBytes::from_vec(vec![1.0_f64, 2.0]);
        let (shared, copied) = array(bytes.clone().into()).into_shared(Elem::<f64>::of()).unwrap();
        assert_eq!(shared.items.as_ptr().cast(), bytes.as_ptr());
        assert_eq!(copied, Copied::default());
    }

    #[test]
    fn wrong_dtype_length_and_shape_are_named() {
        let refused = array(vec![0; 16].into()).into_owned(Elem::<f32>::of()).unwrap_err();
        assert_eq!(refused.to_string(), "expected <f4, found <f8");
        let refused = array(vec![0; 16].into()).into_owned(Elem::<[f64; 3]>::of()).unwrap_err();
        assert_eq!(refused.to_string(), "expected length 3, found 2");
        let dtype = Cow::Owned(Scalar::F64.into());
        let refused = ReceivedArray::moved(dtype, ArrayLayout::one_axis(3), vec![0; 16].into());
        assert_eq!(refused.unwrap_err().to_string(), "expected a buffer of 24 bytes, found 16");
    }

    fn in_band<'b>(bytes: &'b [u8], scalar: Scalar, shape: &[usize]) -> ReceivedArray<'b> {
        let dtype = Cow::Owned(scalar.into());
        ReceivedArray::in_band(dtype, ArrayLayout::c_order(shape).unwrap(), bytes, None).unwrap()
    }

    #[test]
    fn copies_out_of_the_header_are_counted_apart() {
        let numbers = [1.0_f64, 2.0];
        let bytes = cast::bytes(&numbers, Elem::of());
        let copied = Copied { in_band: 16, out_of_band: 0 };
        let array = || in_band(bytes, Scalar::F64, &[2]);
        assert!(array().is_in_band());
        assert_eq!(array().into_owned(Elem::<f64>::of()).unwrap().1, copied);
        assert_eq!(array().into_shared(Elem::<f64>::of()).unwrap().1, copied);
        assert_eq!(array().into_bytes(64).unwrap().1, copied);
        assert!(!self::array(Buffer::borrowed(bytes)).is_in_band());
    }

    #[test]
    fn a_wrong_number_of_axes_counts_the_inner_ones() {
        let bytes = [0; 12];
        let array = in_band(&bytes, Scalar::U8, &[2, 2, 3]);
        let elem = Elem::<[u8; 3]>::of();
        array.check_items(elem, Some(2)).unwrap();
        array.check_items(elem, None).unwrap();
        assert!(matches!(
            array.check_items(elem, Some(1)).unwrap_err().kind(),
            ErrorKind::Rank { expected: 2, found: 3 }
        ));
    }

    #[test]
    fn a_broadcast_in_pieces_counts_both_copies() {
        let layout = ArrayLayout::of_strides(&[3, 4], &[0, 1]).unwrap().0;
        let dtype = Cow::Owned(Scalar::U8.into());
        let pieces = Buffer::borrowed_pieces(&[1, 2], &[3, 4]);
        let array = ReceivedArray::moved(dtype, layout, pieces).unwrap();
        let (expanded, copied) = array.expand_broadcast().unwrap();
        assert_eq!(copied, Copied { in_band: 0, out_of_band: 4 + 12 });
        let (owned, _) = expanded.into_owned(Elem::<u8>::of()).unwrap();
        assert_eq!(owned.items, [1, 2, 3, 4].repeat(3));
    }

    #[test]
    fn text_is_borrowed_or_taken_over() {
        let text = |array: ReceivedArray<'_>| {
            array.into_text().map(|(text, copied)| {
                (matches!(text, Cow::Borrowed(_)), text.into_owned(), copied.out_of_band)
            })
        };
        let moved = |buffer: Buffer<'static>| {
            let layout = ArrayLayout::one_axis(buffer.len());
            ReceivedArray::moved(Cow::Owned(Scalar::U8.into()), layout, buffer).unwrap()
        };
        let borrowed = in_band(b"ab", Scalar::U8, &[2]);
        assert_eq!(text(borrowed).unwrap(), (true, "ab".to_owned(), 0));
        let owned = Allocation::from_vec(b"cd".to_vec());
        assert_eq!(text(moved(owned.into())).unwrap(), (false, "cd".to_owned(), 0));
        let pieces = Buffer::borrowed_pieces(b"e", b"f");
        assert_eq!(text(moved(pieces)).unwrap(), (false, "ef".to_owned(), 2));
        for refused in [
            in_band(&[0xff], Scalar::U8, &[1]),
            moved(Allocation::from_vec(vec![0xff_u8]).into()),
            in_band(b"a", Scalar::I8, &[1]),
        ] {
            assert!(text(refused).is_err());
        }
    }
}
