//! An array without its Rust type: dtype, layout and memory.

use std::borrow::Cow;

use crate::{
    buffer::{ArrayLayout, Buffer, SharedBytes, SharedSlice, blob::Keep, cast},
    dtype::{Dtype, Scalar},
    element::{Elem, ElementType},
    error::{ErrorKind, Result},
};

/// An array to send: its dtype, how its items lie in the buffer, and the buffer.
#[derive(Clone, Debug)]
pub struct RawArray<'a> {
    dtype: Cow<'a, Dtype>,
    layout: ArrayLayout,
    /// # Invariants
    ///
    /// 0. As long as `layout` and `dtype` ask for.
    buffer: Buffer<'a>,
}

impl<'a> RawArray<'a> {
    pub(super) fn new(dtype: &'static Dtype, layout: ArrayLayout, buffer: Buffer<'a>) -> Self {
        debug_assert_eq!(layout.stored_count() * dtype.item_size(), buffer.len());
        Self { dtype: Cow::Borrowed(dtype), layout, buffer }
    }

    /// One slice of elements.
    #[inline]
    pub fn of_slice<T>(items: &'a [T], elem: Elem<T>) -> Self {
        let element: &'static ElementType = elem.element();
        let layout = ArrayLayout::one_axis(items.len()).with_inner(element.inner());
        let buffer = Buffer::borrowed(cast::bytes(items, elem));
        Self::new(element.dtype(), layout, buffer)
    }

    /// One element: an array without axes, or with those of `[T; N]`.
    pub fn of_item<T>(item: &'a T, elem: Elem<T>) -> Self {
        let element: &'static ElementType = elem.element();
        let buffer = Buffer::borrowed(cast::bytes(std::slice::from_ref(item), elem));
        let layout = ArrayLayout::no_axes().with_inner(element.inner());
        Self::new(element.dtype(), layout, buffer)
    }

    /// One slice of elements in shared memory: the buffer shares it, too.
    pub fn of_shared<T>(items: &SharedSlice<T>, elem: Elem<T>) -> Self {
        let element: &'static ElementType = elem.element();
        let layout = ArrayLayout::one_axis(items.len()).with_inner(element.inner());
        Self::new(element.dtype(), layout, items.as_bytes().clone().into())
    }

    /// Bytes in shared memory: the buffer shares it, too.
    pub fn of_bytes(bytes: &SharedBytes) -> Self {
        let layout = ArrayLayout::one_axis(bytes.len());
        Self::new(&BYTES, layout, bytes.clone().into())
    }

    /// Text as an array of its UTF-8 bytes.
    pub fn of_text(text: &'a str) -> Self {
        let layout = ArrayLayout::one_axis(text.len());
        Self::new(&BYTES, layout, Buffer::borrowed(text.as_bytes()))
    }

    /// An array whose dtype is known only at run time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BufferLength`] when the buffer has another length than dtype and layout
    /// ask for.
    pub fn from_parts(
        dtype: Cow<'a, Dtype>,
        layout: ArrayLayout,
        buffer: Buffer<'a>,
    ) -> Result<Self> {
        let expected = layout.stored_count().checked_mul(dtype.item_size());
        if expected != Some(buffer.len()) {
            let expected = expected.unwrap_or(usize::MAX);
            return Err(ErrorKind::BufferLength { expected, found: buffer.len() }.into());
        }
        Ok(Self { dtype, layout, buffer })
    }

    /// The dtype of the items.
    pub fn dtype(&self) -> &Dtype {
        &self.dtype
    }

    /// How the items lie in the buffer.
    pub fn layout(&self) -> &ArrayLayout {
        &self.layout
    }

    /// The memory, in this machine's byte order.
    pub fn buffer(&self) -> &Buffer<'a> {
        &self.buffer
    }

    /// The memory, in this machine's byte order.
    pub fn into_buffer(self) -> Buffer<'a> {
        self.buffer
    }
}

impl RawArray<'static> {
    /// Binds the lifetime of memory that was borrowed from within `keep` to `keep`.
    pub(crate) fn kept_by(self, keep: Keep) -> Self {
        // A dtype borrowed from within the value would outlive it.
        let dtype = Cow::Owned(self.dtype.into_owned());
        Self { dtype, layout: self.layout, buffer: self.buffer.kept_by(keep) }
    }
}

static BYTES: Dtype = Dtype::Scalar(Scalar::U8);
