//! What ipyparallel takes apart: its instances and their buffers.

use canning_core::Result;

use super::{Memory, Opaque, View, array::Strides, dtype::dtype, numpy};
use crate::{
    ipyparallel::canned::MOST_ATTRIBUTES,
    object::{graph::Id, reader::Reader},
};

/// What an instance of one of ipyparallel's classes is; `None` for one that is not made as
/// ipyparallel does.
pub(super) fn view<'o>(
    reader: Reader<'o>,
    name: &str,
    opaque: Opaque<'o>,
) -> Result<Option<View<'o>>> {
    let state = opaque.instance.state.and_then(|state| reader.dict(state));
    let Some(state) = state.filter(|state| state.len() <= MOST_ATTRIBUTES) else {
        return Ok(None);
    };
    let attribute = |name| reader.entry(state, name);
    match name {
        "CannedArray" => canned_array(reader, state),
        "CannedBytes" | "CannedMemoryView" | "CannedBuffer" => {
            let Some(data) = buffer(reader, state)? else {
                return Ok(None);
            };
            if let Some(wrap) = attribute("wrap")? {
                return wrapped(reader, wrap, data);
            }
            let view = if name == "CannedBytes" { View::Bytes } else { View::MemoryView };
            Ok(Memory::of(reader, data)?.map(view))
        }
        "Reference" => {
            let name = attribute("name")?.map(|name| reader.text(name)).transpose()?.flatten();
            Ok(name.map(View::Reference))
        }
        "CannedFunction" => Ok(Some(View::Function(opaque))),
        _ => Ok(None),
    }
}

/// `frombuffer(buffers[0], dtype).reshape(shape)`.
fn canned_array<'o>(reader: Reader<'o>, state: &'o [(Id, Id)]) -> Result<Option<View<'o>>> {
    let (Some(shape), Some(of), Some(data)) =
        (reader.entry(state, "shape")?, reader.entry(state, "dtype")?, buffer(reader, state)?)
    else {
        return Ok(None);
    };
    let pickled = reader.entry(state, "pickled")?.and_then(|pickled| reader.bool(pickled));
    if pickled != Some(false) {
        return Ok(None);
    }
    let (Some(shape), Some(of), Some(memory)) =
        (reader.shape(shape), dtype(reader, of)?, Memory::of(reader, data)?)
    else {
        return Ok(None);
    };
    numpy::whole(of, shape, Strides::C, memory)
}

/// The only buffer.
fn buffer(reader: Reader<'_>, state: &[(Id, Id)]) -> Result<Option<Id>> {
    let buffers = reader.entry(state, "buffers")?.and_then(|buffers| reader.sequence(buffers));
    Ok(match buffers {
        Some(&[data]) => Some(data),
        _ => None,
    })
}

/// `functools.partial(numpy.ndarray, shape, dtype, offset=…, strides=…)`, called with the data.
fn wrapped(reader: Reader<'_>, wrap: Id, data: Id) -> Result<Option<View<'_>>> {
    let Some(partial) = reader.instance(wrap) else {
        return Ok(None);
    };
    if reader.global(partial.class)? != Some(("functools", "partial")) {
        return Ok(None);
    }
    let mut kwargs = partial.kwargs.and_then(|kwargs| reader.dict(kwargs)).unwrap_or_default();
    let Some((&function, mut args)) = reader.tuple(partial.args).and_then(<[Id]>::split_first)
    else {
        return Ok(None);
    };
    // What Python writes: the function alone, and the rest as its state.
    if let Some(state) = partial.state {
        let Some(&[again, positional, by_name, _]) = reader.tuple(state) else {
            return Ok(None);
        };
        let Some(positional) = reader.tuple(positional).filter(|_| again == function) else {
            return Ok(None);
        };
        args = positional;
        kwargs = reader.dict(by_name).unwrap_or_default();
    }
    if reader.global(function)? != Some(("numpy", "ndarray")) {
        return Ok(None);
    }
    numpy::ndarray(reader, args, kwargs, Some(data))
}
