//! Arrays, scalars and dtypes, as NumPy 1.26 and 2 pickle them.

use canning_core::{ErrorKind, Result, buffer::ArrayLayout};

use super::{
    ArrayView, Class, Item, Items, Memory, ObjectArrayView, ScalarView, SubclassView, View,
    array::{Strides, check_count},
    call::arguments,
    dtype::dtype,
};
use crate::{
    numpy::Dtype,
    object::{
        graph::{Id, Instance},
        reader::Reader,
    },
};

/// What an instance of a class of NumPy's is; `None` for what is known to Python alone.
pub(super) fn view<'o>(
    reader: Reader<'o>,
    (module, name): (&str, &str),
    id: Id,
    instance: &'o Instance,
) -> Result<Option<View<'o>>> {
    if !instance.items.is_empty() || !instance.entries.is_empty() {
        return Ok(None);
    }
    let args = reader.tuple(instance.args).unwrap_or_default();
    let kwargs = instance.kwargs.and_then(|kwargs| reader.dict(kwargs)).unwrap_or_default();
    match (module, name) {
        ("numpy", "dtype") => Ok(dtype(reader, id)?.map(View::Dtype)),
        ("numpy", "ndarray") => match instance.state {
            None => ndarray(reader, args, kwargs, None),
            Some(state) => reconstructed(reader, instance.class, state),
        },
        (_, "_reconstruct" | "scalar") if is_core(module, "multiarray") => {
            match (name, args, instance.state) {
                ("_reconstruct", &[class, _, _], Some(state)) => {
                    reconstructed(reader, class, state)
                }
                ("scalar", &[of, bytes], None) => scalar(reader, of, bytes),
                _ => Ok(None),
            }
        }
        (_, "_frombuffer") if is_core(module, "numeric") && instance.state.is_none() => {
            from_buffer(reader, args)
        }
        ("numpy.ma.core" | "numpy.ma", "_mareconstruct") => match (args, instance.state) {
            (&[class, _, _, _], Some(state)) => reconstructed(reader, class, state),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// `numpy.core` was renamed in NumPy 2.
fn is_core(module: &str, part: &str) -> bool {
    let rest = module.strip_prefix("numpy.core.").or_else(|| module.strip_prefix("numpy._core."));
    rest == Some(part)
}

/// `numpy.ndarray(shape, dtype, buffer, offset, strides, order)`, whose buffer may come later.
pub(super) fn ndarray<'o>(
    reader: Reader<'o>,
    args: &[Id],
    kwargs: &[(Id, Id)],
    buffer: Option<Id>,
) -> Result<Option<View<'o>>> {
    let names = ["shape", "dtype", "buffer", "offset", "strides", "order"];
    if args.len() > names.len() {
        return Ok(None);
    }
    let mut all = args.to_vec();
    all.extend(buffer);
    let Some([Some(shape), of, Some(buffer), offset, strides, order]) =
        arguments(reader, names, &all, kwargs)?
    else {
        return Ok(None);
    };
    let of = match of {
        Some(of) => dtype(reader, of)?,
        None => Dtype::of_code("f8"),
    };
    let offset = offset.map_or(Some(0), |offset| reader.size(offset));
    let order = order.map(|order| reader.word(order)).transpose()?.flatten();
    let strides = match (strides, order) {
        (Some(strides), _) => reader.sequence(strides).and_then(|strides| {
            let strides = Some(strides).filter(|strides| strides.len() <= ArrayLayout::MAX_AXES)?;
            let strides = strides.iter().map(|id| isize::try_from(reader.int(*id)?).ok());
            strides.collect::<Option<Vec<_>>>().map(Strides::Bytes)
        }),
        (None, Some("F")) => Some(Strides::Fortran),
        (None, Some("C") | None) => Some(Strides::C),
        (None, Some(_)) => None,
    };
    let (Some(shape), Some(of), Some(memory), Some(offset), Some(strides)) =
        (reader.shape(shape), of, Memory::of(reader, buffer)?, offset, strides)
    else {
        return Ok(None);
    };
    if of.has_objects() {
        return Ok(None);
    }
    ArrayView::new(of, shape, strides, offset, memory).map(View::Array).map(Some)
}

/// `_frombuffer(buffer, dtype, shape, order, axis_order)`.
fn from_buffer<'o>(reader: Reader<'o>, args: &[Id]) -> Result<Option<View<'o>>> {
    let (buffer, of, shape, order, axes) = match *args {
        [buffer, of, shape, order] => (buffer, of, shape, order, None),
        [buffer, of, shape, order, axes] => (buffer, of, shape, order, reader.shape(axes)),
        _ => return Ok(None),
    };
    let (Some(memory), Some(of), Some(shape), Some(order)) =
        (Memory::of(reader, buffer)?, dtype(reader, of)?, reader.shape(shape), reader.word(order)?)
    else {
        return Ok(None);
    };
    match (order, axes) {
        ("C", _) => whole(of, shape, Strides::C, memory),
        ("F", _) => whole(of, shape, Strides::Fortran, memory),
        ("K", Some(axes)) => {
            let array = ArrayView::whole(of, shape, Strides::C, memory)?;
            array.transposed(&axes).map(View::Array).map(Some)
        }
        _ => Ok(None),
    }
}

/// An array that is all of its memory.
pub(super) fn whole(
    of: Dtype,
    shape: Vec<usize>,
    strides: Strides,
    memory: Memory<'_>,
) -> Result<Option<View<'_>>> {
    if of.has_objects() {
        return Ok(None);
    }
    ArrayView::whole(of, shape, strides, memory).map(View::Array).map(Some)
}

/// `scalar(dtype, bytes)`.
fn scalar(reader: Reader<'_>, of: Id, bytes: Id) -> Result<Option<View<'_>>> {
    match (dtype(reader, of)?, Memory::of(reader, bytes)?) {
        (Some(of), Some(memory)) if !of.has_objects() => {
            let (expected, found) = (of.item_size(), memory.len());
            if expected != found {
                return Err(ErrorKind::BufferLength { expected, found }.into());
            }
            Ok(Some(View::Scalar(ScalarView { dtype: of, memory })))
        }
        _ => Ok(None),
    }
}

/// `_reconstruct(class, (0,), b'b')` and `(1, shape, dtype, is_fortran, data)`, to which a masked
/// array adds its mask and the value to fill it with.
fn reconstructed<'o>(reader: Reader<'o>, class: Id, state: Id) -> Result<Option<View<'o>>> {
    let Some((module, name)) = reader.global(class)? else {
        return Ok(None);
    };
    let parts = match reader.tuple(state) {
        // The first version did not say so.
        Some(&[shape, of, fortran, data]) => (shape, of, fortran, data, None),
        Some(&[version, shape, of, fortran, data]) if reader.int(version) == Some(1) => {
            (shape, of, fortran, data, None)
        }
        Some(&[version, shape, of, fortran, data, mask, fill])
            if reader.int(version) == Some(1) =>
        {
            (shape, of, fortran, data, Some((mask, fill)))
        }
        _ => return Ok(None),
    };
    let (shape, of, fortran, data, masked) = parts;
    let (Some(shape), Some(of), Some(fortran)) =
        (reader.shape(shape), dtype(reader, of)?, reader.bool(fortran))
    else {
        return Ok(None);
    };
    let strides = || if fortran { Strides::Fortran } else { Strides::C };
    let array = if of.has_objects() {
        let Some(ids) = reader.sequence(data) else {
            return Ok(None);
        };
        let (expected, found) = (check_count(&shape, 1)?, ids.len());
        if expected != found {
            return Err(ErrorKind::Length { expected, found }.into());
        }
        let items = Items { reader, ids };
        View::ObjectArray(ObjectArrayView { dtype: of.clone(), shape: shape.clone(), items })
    } else {
        let Some(memory) = Memory::of(reader, data)? else {
            return Ok(None);
        };
        View::Array(ArrayView::whole(of.clone(), shape.clone(), strides(), memory)?)
    };
    let class = Class { module, name };
    let (mask, fill) = match masked {
        None if (module, name) == ("numpy", "ndarray") => return Ok(Some(array)),
        None => (None, None),
        Some((mask, fill)) => {
            let Some(memory) = Memory::of(reader, mask)? else {
                return Ok(None);
            };
            let mask = ArrayView::whole(of.mask()?, shape, strides(), memory)?;
            let fill = Some(fill).filter(|fill| !reader.is_none(*fill));
            (Some(mask), fill.map(|id| Item { reader, id }))
        }
    };
    Ok(Some(View::Subclass(Box::new(SubclassView { class, data: array, mask, fill }))))
}
