//! Canning from an `Arc`: buffers that keep their owner alive instead of borrowing.

use std::sync::Arc;

use crate::{
    buffer::{RawArray, blob::Keep},
    element::ElementType,
    error::Result,
    object::Can,
    record::{Record, RecordName},
    visitor::Canner,
};

/// Takes apart a value that an `Arc` owns, so that what the canner keeps is `'static`.
///
/// Every buffer keeps `value` alive; nothing is copied but what goes into the header.
///
/// # Errors
///
/// As [`Can::can`].
pub fn can_arc<T, V, C>(value: &Arc<T>, canner: &mut C) -> Result<()>
where
    T: Can<V> + Send + Sync + 'static,
    C: Canner<'static>,
{
    let mut keeper = Keeper { canner, keep: Arc::<T>::clone(value) };
    // SAFETY: dereferencing requires `value` to live, and not to be written, as long as the
    // reference is used:
    // - `Can::can` is generic over the lifetime of `self`, and cannot know that this one is
    //   `'static`: it can hand what it borrows to `keeper` only.
    // - `Keeper` copies everything but arrays during the call, and gives each array a clone of
    //   the `Arc` before it hands it on (`RawArray::kept_by`). As long as one is held, nobody
    //   has unique access to the value; and elements have no interior mutability.
    let value: &'static T = unsafe { &*Arc::as_ptr(value) };
    value.can(&mut keeper)
}

struct Keeper<'c, C> {
    canner: &'c mut C,
    keep: Keep,
}

// A method with a default must be handed on too.
#[deny(clippy::missing_trait_methods)]
impl<C: Canner<'static>> Canner<'static> for Keeper<'_, C> {
    fn unit(&mut self) -> Result<()> {
        self.canner.unit()
    }
    fn bool(&mut self, value: bool) -> Result<()> {
        self.canner.bool(value)
    }
    fn u64(&mut self, value: u64) -> Result<()> {
        self.canner.u64(value)
    }
    fn i64(&mut self, value: i64) -> Result<()> {
        self.canner.i64(value)
    }
    fn u128(&mut self, value: u128) -> Result<()> {
        self.canner.u128(value)
    }
    fn i128(&mut self, value: i128) -> Result<()> {
        self.canner.i128(value)
    }
    fn f32(&mut self, value: f32) -> Result<()> {
        self.canner.f32(value)
    }
    fn f64(&mut self, value: f64) -> Result<()> {
        self.canner.f64(value)
    }
    fn str(&mut self, value: &str) -> Result<()> {
        self.canner.str(value)
    }
    fn bytes(&mut self, value: &[u8]) -> Result<()> {
        self.canner.bytes(value)
    }
    fn sends_out_of_band(&self, len: usize) -> bool {
        self.canner.sends_out_of_band(len)
    }
    fn text_array(&mut self, text: RawArray<'static>) -> Result<()> {
        self.canner.text_array(text.kept_by(Arc::clone(&self.keep)))
    }
    fn none(&mut self) -> Result<()> {
        self.canner.none()
    }
    fn begin_some(&mut self) -> Result<()> {
        self.canner.begin_some()
    }
    fn end_some(&mut self) -> Result<()> {
        self.canner.end_some()
    }
    fn begin_list(&mut self, len: usize) -> Result<()> {
        self.canner.begin_list(len)
    }
    fn expect_more(&mut self, more: usize) {
        self.canner.expect_more(more);
    }
    fn end_list(&mut self) -> Result<()> {
        self.canner.end_list()
    }
    fn begin_set(&mut self, len: usize) -> Result<()> {
        self.canner.begin_set(len)
    }
    fn end_set(&mut self) -> Result<()> {
        self.canner.end_set()
    }
    fn begin_tuple(&mut self, len: usize) -> Result<()> {
        self.canner.begin_tuple(len)
    }
    fn end_tuple(&mut self) -> Result<()> {
        self.canner.end_tuple()
    }
    fn begin_map(&mut self, len: usize) -> Result<()> {
        self.canner.begin_map(len)
    }
    fn end_map(&mut self) -> Result<()> {
        self.canner.end_map()
    }
    fn begin_record(&mut self, record: &'static Record) -> Result<()> {
        self.canner.begin_record(record)
    }
    fn field(&mut self, index: usize) -> Result<()> {
        self.canner.field(index)
    }
    fn end_record(&mut self) -> Result<()> {
        self.canner.end_record()
    }
    fn begin_any_record(&mut self, record: &Arc<RecordName>) -> Result<()> {
        self.canner.begin_any_record(record)
    }
    fn begin_object_array(&mut self, shape: &[usize]) -> Result<()> {
        self.canner.begin_object_array(shape)
    }
    fn end_object_array(&mut self) -> Result<()> {
        self.canner.end_object_array()
    }
    fn array(&mut self, array: RawArray<'static>) -> Result<()> {
        self.canner.array(array.kept_by(Arc::clone(&self.keep)))
    }
    fn in_band(&mut self, element: &'static ElementType, bytes: &[u8]) -> Result<bool> {
        self.canner.in_band(element, bytes)
    }
    fn begin_inline(&mut self) -> Result<()> {
        self.canner.begin_inline()
    }
    fn end_inline(&mut self) -> Result<()> {
        self.canner.end_inline()
    }
}
