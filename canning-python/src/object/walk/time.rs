//! Dates and spans of NumPy's that are called by their public names, as they are written here.

use canning_core::Dtype;

use crate::{
    numpy,
    object::view::{Opaque, View},
};

/// The dtype and the count of `numpy.datetime64(count, unit)`, or of `timedelta64`.
pub(super) fn scalar(object: &Opaque<'_>) -> Option<(Dtype, i64)> {
    let class = object.class().ok()??;
    let kind = match (class.module(), class.name()) {
        ("numpy", "datetime64") => "M8",
        ("numpy", "timedelta64") => "m8",
        _ => return None,
    };
    let args = object.args();
    let is_called = !object.is_new() && object.kwargs().is_empty() && object.state().is_none();
    if args.len() != 2 || !is_called || !object.items().is_empty() || !object.entries().is_empty() {
        return None;
    }
    let View::Int(count) = args.get(0)?.view().ok()? else { return None };
    let unit = args.reader.word(*args.ids.get(1)?).ok()??;
    let _known = numpy::TimeBase::of_name(unit)?;
    let dtype: numpy::Dtype = format!("<{kind}[{unit}]").parse().ok()?;
    Some((dtype.to_core().ok()?.into_dtype(), count))
}
