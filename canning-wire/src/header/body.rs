//! The codes of the body: the first item of every array in it.
//!
//! Scalars, text, bytes and maps are plain CBOR. Everything else is an array whose first item
//! says what it is, so that a generic CBOR reader needs to know no tag.

use canning_core::{ErrorKind, Result};

/// `[0, item…]`.
pub(crate) const LIST: u8 = 0;
/// `[1, item…]`; `[1]` is `()`.
pub(crate) const TUPLE: u8 = 1;
/// `[2, none or some]`: a `Some` that must be told from what it holds.
pub(crate) const SOME: u8 = 2;
/// `[3, dtype, shape, axes?]`: an array whose bytes stand in the tail.
pub(crate) const IN_BAND: u8 = 3;
/// `[4, buffer, shape, axes?]`: an array whose bytes are a buffer.
pub(crate) const OUT_OF_BAND: u8 = 4;
/// `[5, shape, item…]`: an array of items that are not elements.
pub(crate) const OBJECTS: u8 = 5;
/// `[6, buffer]`: text whose UTF-8 is a buffer.
pub(crate) const TEXT: u8 = 6;
/// `[8 + n, field…]`: a record or variant, by the `n`th name.
pub(crate) const RECORDS: u64 = 8;

/// The most axes of an array, as many as NumPy takes. What is compared with one another stays
/// short.
pub(crate) const MOST_AXES: usize = 64;

/// Refuses to write an array that no reader would take.
pub(crate) fn check_axes(shape: &[usize]) -> Result<()> {
    if shape.len() > MOST_AXES {
        return Err(ErrorKind::Unsupported("an array of more than 64 axes").into());
    }
    Ok(())
}

/// Where the next array starts that is aligned so, a power of two. An offset is that of memory
/// that exists, and far from the end of an address space.
#[inline]
pub(crate) fn align_up(offset: usize, align: usize) -> usize {
    offset.wrapping_add(align - 1) & !(align - 1)
}
