//! Between items and their bytes: the only place where memory changes its type.

use std::{mem::MaybeUninit, slice, str::Utf8Error};

use crate::{
    buffer::room,
    element::{Elem, Element},
    error::{Error, ErrorKind, Result},
};

/// The bytes of items.
#[inline]
pub(crate) fn bytes<T>(items: &[T], _elem: Elem<T>) -> &[u8] {
    // SAFETY: `from_raw_parts` requires:
    // - `size_of_val` bytes of one allocation, not written while borrowed: those of `items`.
    // - initialised: elements have no padding, promise 0 of `Element`, which `_elem` witnesses.
    unsafe { slice::from_raw_parts(items.as_ptr().cast(), size_of_val(items)) }
}

/// The bytes of items, to read into; `None` where not all bits are values of `T`, as for `bool`
/// and `char`.
pub fn bytes_mut<T: Element>(items: &mut [T]) -> Option<&mut [u8]> {
    if !Elem::<T>::of().element().accepts_any_bits() {
        return None;
    }
    let len = size_of_val(items);
    // SAFETY: `from_raw_parts_mut` requires:
    // - `len` bytes of one allocation, used by nobody else while borrowed: those of `items`.
    // - initialised, now and when they are items again: elements have no padding, and any bits
    //   are values (checked above); promises 0 and 3 of `Element`.
    Some(unsafe { slice::from_raw_parts_mut(items.as_mut_ptr().cast(), len) })
}

/// Sees bytes as items, without a copy. No bytes are no items, wherever they lie.
///
/// # Errors
///
/// Where the bytes are not aligned for `T`, not a whole number of items, or not values of `T`.
pub(crate) fn items<T>(bytes: &[u8], elem: Elem<T>) -> Result<&[T]> {
    let len = check(bytes, elem)?;
    if len == 0 {
        return Ok(&[]);
    }
    let items = bytes.as_ptr().cast::<T>();
    if !items.is_aligned() {
        return Err(Error::new(ErrorKind::Misaligned { align: align_of::<T>() }));
    }
    // SAFETY: `from_raw_parts` requires:
    // - `len` items in one allocation, not written while borrowed: those of `bytes`.
    // - aligned: checked above.
    // - values of `T`: validated by `check`; promise 3 of `Element`, which `elem` witnesses.
    Ok(unsafe { slice::from_raw_parts(items, len) })
}

/// Copies bytes into a new `Vec` of items.
///
/// # Errors
///
/// Where the bytes are not a whole number of items, or not values of `T`.
#[inline(always)]
pub(crate) fn to_vec<T>(bytes: &[u8], elem: Elem<T>) -> Result<Vec<T>> {
    let len = check(bytes, elem)?;
    let mut vec = Vec::<T>::new();
    room::reserve_exact(&mut vec, len)?;
    let spare: &mut [MaybeUninit<T>] = vec.spare_capacity_mut();
    // SAFETY: `copy_to_nonoverlapping` requires:
    // - readable, and writable, for `bytes.len()` bytes: `spare` has room for `len` items, and
    //   they are `bytes.len()` bytes together (`check`).
    // - aligned: for `u8`.
    // - not overlapping: `vec` is new.
    unsafe { bytes.as_ptr().copy_to_nonoverlapping(spare.as_mut_ptr().cast(), bytes.len()) };
    // SAFETY: `set_len` requires `len` items initialised: copied above, and values of `T` as
    // `check` validated them; promise 3 of `Element`, which `elem` witnesses.
    unsafe { vec.set_len(len) };
    Ok(vec)
}

/// Sees bytes as text, without a copy: as [`str::from_utf8`], which takes longer for the short
/// ASCII that names are made of.
///
/// # Errors
///
/// Where the bytes are not UTF-8.
#[inline]
pub fn text(bytes: &[u8]) -> Result<&str, Utf8Error> {
    if bytes.is_ascii() {
        // SAFETY: `from_utf8_unchecked` requires UTF-8: ASCII is.
        return Ok(unsafe { str::from_utf8_unchecked(bytes) });
    }
    str::from_utf8(bytes)
}

/// Copies the bytes of one item out.
///
/// # Errors
///
/// Where the bytes are not as long as one item, or not a value of `T`.
#[inline]
pub(crate) fn to_item<T>(bytes: &[u8], elem: Elem<T>) -> Result<T> {
    if check(bytes, elem)? != 1 {
        return Err(Error::new(ErrorKind::BufferLength {
            expected: size_of::<T>(),
            found: bytes.len(),
        }));
    }
    // SAFETY: `read_unaligned` requires:
    // - readable for the size of `T`: one item, checked above.
    // - a value of `T`, which may be copied: validated by `check`, and elements are `Copy`;
    //   promise 3 of `Element`, which `elem` witnesses.
    Ok(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
}

/// Checks everything but alignment; gives the number of items.
#[inline]
fn check<T>(bytes: &[u8], elem: Elem<T>) -> Result<usize> {
    let size = size_of::<T>();
    if !bytes.len().is_multiple_of(size) {
        let expected = bytes.len().next_multiple_of(size);
        return Err(Error::new(ErrorKind::BufferLength { expected, found: bytes.len() }));
    }
    if !elem.element().accepts_any_bits() {
        elem.element().validate(bytes).map_err(|index| {
            let dtype = elem.element().dtype().clone();
            Error::new(ErrorKind::InvalidBits { dtype, index })
        })?;
    }
    Ok(bytes.len() / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_bytes_share_the_address() {
        let numbers = [1.5_f64, -2.0];
        let view = bytes(&numbers, Elem::of());
        assert_eq!(view.as_ptr(), numbers.as_ptr().cast());
        let back: &[f64] = items(view, Elem::of()).unwrap();
        assert_eq!(back.as_ptr(), numbers.as_ptr());
        assert_eq!(to_vec::<f64>(view, Elem::of()).unwrap(), numbers);
        assert_eq!(to_item::<[f64; 2]>(view, Elem::of()).unwrap(), numbers);
        assert_eq!(to_item::<f64>(&view[8..], Elem::of()).unwrap(), -2.0);
        assert!(items::<f64>(&view[1..1], Elem::of()).unwrap().is_empty());
    }

    #[test]
    fn odd_lengths_invalid_bits_and_misalignment_are_refused() {
        let numbers = [0_u64; 2];
        let view = bytes(&numbers, Elem::of());
        let kind = |result: Result<&[u64]>| result.unwrap_err().into_kind();
        assert!(matches!(
            kind(items(&view[..9], Elem::of())),
            ErrorKind::BufferLength { expected: 16, found: 9 }
        ));
        assert!(matches!(kind(items(&view[1..9], Elem::of())), ErrorKind::Misaligned { align: 8 }));
        assert!(matches!(
            to_item::<u64>(view, Elem::of()).unwrap_err().into_kind(),
            ErrorKind::BufferLength { expected: 8, found: 16 }
        ));
        let refused = to_vec::<bool>(&[1, 3], Elem::of()).unwrap_err();
        assert_eq!(refused.to_string(), "element 1 is not a valid |b1");
    }

    #[test]
    fn bytes_to_read_into_are_those_of_the_items() {
        let mut numbers = [0x0101_u16; 3];
        let place = numbers.as_ptr().cast();
        let bytes = bytes_mut(&mut numbers).unwrap();
        assert_eq!((bytes.as_ptr(), &*bytes), (place, &[1; 6][..]));
        bytes.fill(2);
        assert_eq!(numbers, [0x0202; 3]);
        assert!(bytes_mut(&mut [true]).is_none(), "not all bits are values");
        assert!(bytes_mut(&mut [['a'; 2]]).is_none());
    }

    #[test]
    fn text_is_utf8() {
        let name = "abc".as_bytes();
        assert_eq!(text(name).unwrap().as_ptr(), name.as_ptr());
        assert_eq!(text("ä".as_bytes()), Ok("ä"));
        assert!(text(b"\xff").is_err());
        assert!(text(b"abcdefghijklmnopqrstuvwxyz\xc3").is_err());
    }
}
