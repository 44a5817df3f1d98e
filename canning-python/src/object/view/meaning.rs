//! What the objects of a pickle are in Python.

use canning_core::Result;

use super::{
    BigInt, Class, Entries, Item, Items, Memory, Opaque, View, canned, items::Pairs, numpy,
};
use crate::object::{
    graph::{Id, Instance, Node},
    reader::Reader,
};

/// Says what an object is.
pub(super) fn view(reader: Reader<'_>, id: Id) -> Result<View<'_>> {
    let items = |ids| Items { reader, ids };
    Ok(match reader.node(id) {
        Node::None => View::None,
        Node::Bool(value) => View::Bool(*value),
        Node::Int(value) => View::Int(*value),
        Node::BigInt(span) => View::BigInt(BigInt(reader.bytes(*span)?)),
        Node::Float(value) => View::Float(*value),
        Node::Str(span) => {
            let bytes = reader.bytes(*span)?;
            str::from_utf8(bytes).map_or(View::Surrogates(bytes), View::Str)
        }
        Node::Bytes(_) | Node::ByteArray(_) | Node::Buffer { .. } => {
            match Memory::of(reader, id)? {
                Some(memory) if memory.is_readonly() => View::Bytes(memory),
                Some(memory) => View::ByteArray(memory),
                None => View::None,
            }
        }
        Node::List(ids) => View::List(items(ids)),
        Node::Tuple(ids) => View::Tuple(items(ids)),
        Node::Set(ids) => View::Set(items(ids)),
        Node::FrozenSet(ids) => View::FrozenSet(items(ids)),
        Node::Dict(pairs) => View::Dict(Entries { reader, pairs: Pairs::Pairs(pairs) }),
        Node::Global(_) => match reader.global(id)? {
            Some((module, name)) => View::Global(Class { module, name }),
            None => View::Global(Class { module: "", name: "" }),
        },
        Node::Instance(instance) => {
            if let Some(root) = reader.graph.nested(id) {
                return nested(reader, root);
            }
            match known(reader, id, instance)? {
                Some(view) => view,
                None => View::Opaque(Opaque { reader, instance }),
            }
        }
    })
}

/// What the pickle in the buffer of an array is, which holds no further one unless a stranger
/// wrote it.
fn nested(reader: Reader<'_>, root: Id) -> Result<View<'_>> {
    match reader.node(root) {
        Node::Instance(instance) => match known(reader, root, instance)? {
            Some(view) => Ok(view),
            None => Ok(View::Opaque(Opaque { reader, instance })),
        },
        _ => view(reader, root),
    }
}

/// An object of a class that is known here, and made as it should be.
fn known<'o>(reader: Reader<'o>, id: Id, instance: &'o Instance) -> Result<Option<View<'o>>> {
    let Some((module, name)) = reader.global(instance.class)? else {
        return Ok(None);
    };
    match module {
        "builtins" => Ok(builtin(reader, name, instance)),
        "collections" if name == "OrderedDict" => Ok(ordered_dict(reader, instance)),
        "ipyparallel.serialize.canning" | "ipyparallel.serialize.serialize" => {
            canned::view(reader, name, Opaque { reader, instance })
        }
        _ => numpy::view(reader, (module, name), id, instance),
    }
}

fn builtin<'o>(reader: Reader<'o>, name: &str, instance: &'o Instance) -> Option<View<'o>> {
    let args = reader.tuple(instance.args)?;
    let is_plain = instance.state.is_none() && instance.kwargs.is_none();
    if !is_plain || !instance.items.is_empty() || !instance.entries.is_empty() {
        return None;
    }
    let number = |id| match *reader.node(id) {
        Node::Float(value) => Some(value),
        _ => None,
    };
    let item = |id| Item { reader, id };
    let ids = || match *args {
        [] => Some(&[][..]),
        [all] => match reader.node(all) {
            Node::Set(ids) | Node::FrozenSet(ids) => Some(ids.as_slice()),
            _ => reader.sequence(all),
        },
        _ => None,
    };
    match (name, args) {
        ("complex", &[real, imaginary]) => Some(View::Complex(number(real)?, number(imaginary)?)),
        ("set", _) => Some(View::Set(Items { reader, ids: ids()? })),
        ("frozenset", _) => Some(View::FrozenSet(Items { reader, ids: ids()? })),
        ("range", &[start, end, step]) => Some(View::Range(item(start), item(end), item(step))),
        _ => None,
    }
}

fn ordered_dict<'o>(reader: Reader<'o>, instance: &'o Instance) -> Option<View<'o>> {
    if instance.state.is_some() || instance.kwargs.is_some() || !instance.items.is_empty() {
        return None;
    }
    let pairs = match *reader.tuple(instance.args)? {
        [] => Pairs::Pairs(&instance.entries),
        [all] if instance.entries.is_empty() => Pairs::Lists(reader.pairs(all)?),
        _ => return None,
    };
    Some(View::OrderedDict(Entries { reader, pairs }))
}
