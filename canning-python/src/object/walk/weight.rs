//! How much there is to an object beyond the others that it holds.

use canning_core::Result;

use crate::{
    numpy::weight_of_text,
    object::view::{Class, View},
};

/// For how many objects one counts when it is met, besides itself: all of its bytes may be looked
/// at each time, and copied. Those that [`give`](super::Walker::give) is told of do not count here.
pub(super) fn of(view: &View<'_>) -> Result<usize> {
    let class = |class: Class<'_>| class.module().len().saturating_add(class.name().len());
    let bytes = match view {
        View::BigInt(value) => value.as_bytes().len(),
        View::Surrogates(bytes) => bytes.len(),
        View::Reference(name) => name.len(),
        View::Scalar(scalar) => scalar.memory().len(),
        View::Global(global) => class(*global),
        View::Subclass(subclass) => class(subclass.class()),
        View::Opaque(opaque) | View::Function(opaque) => opaque.class()?.map_or(0, class),
        View::Dtype(dtype) => return Ok(dtype.weight()),
        _ => 0,
    };
    Ok(weight_of_text(bytes))
}
