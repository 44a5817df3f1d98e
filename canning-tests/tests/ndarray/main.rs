//! ndarray's arrays through the native format: what comes back, and what is copied.

#![expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "helper functions of tests"
)]

mod kinds;
mod layouts;
mod properties;
mod recycling;
mod refusals;
mod writing;

use canning_core::{Buffer, Can, CannedObject, Element, SharedBytes};
use canning_ndarray as _;
use canning_wire::{CanOptions, Object};
use ndarray::{Array, ArrayView, Dimension};

/// Cans with every array out of band.
fn out_of_band<T: Can<V> + ?Sized, V>(value: &T) -> Object<'_> {
    CanOptions::new().inline_threshold(0).can(value).unwrap()
}

/// Cans with every array in the header.
fn in_band<T: Can<V> + ?Sized, V>(value: &T) -> Object<'_> {
    let options = CanOptions::new().inline_threshold(usize::MAX);
    options.can(value).unwrap()
}

/// What a receiver holds who reads each buffer into an allocation for elements `T`.
fn receive<T>(sent: &Object<'_>) -> Object<'static> {
    let header = landed(sent.header(), 64);
    let buffers = sent.buffers().iter();
    let buffers = buffers.map(|buffer| landed(buffer, align_of::<T>()));
    Object::restore(header, buffers.collect()).unwrap()
}

fn landed(buffer: &Buffer<'_>, align: usize) -> Buffer<'static> {
    SharedBytes::from_allocation(buffer.to_allocation(align).unwrap()).into()
}

/// The address of the first byte of the only buffer, which lies in one piece.
fn address(object: &Object<'_>) -> *const u8 {
    let [buffer] = object.buffers() else {
        panic!("{} buffers", object.buffers().len());
    };
    buffer.as_slice().expect("one piece").as_ptr()
}

/// The address of the item that lies first in memory.
fn lowest<T: Element, D: Dimension>(view: &ArrayView<'_, T, D>) -> *const u8 {
    view.iter().map(|item| std::ptr::from_ref(item).cast()).min().unwrap()
}

/// Items that all differ: their numbers in C order.
fn numbered<D: Dimension>(shape: impl ndarray::IntoDimension<Dim = D>) -> Array<f64, D> {
    let dim = shape.into_dimension();
    let items = (0..dim.size()).map(|number| f64::from(u32::try_from(number).unwrap()));
    Array::from_shape_vec(dim.clone(), items.collect()).unwrap()
}
