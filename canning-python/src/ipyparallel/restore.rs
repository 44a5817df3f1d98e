//! Putting buffers back where canned objects left `None` for them.

use std::collections::HashMap;

use canning_core::{ErrorKind, Result};

use super::{canned, order::ranks};
use crate::{
    Limits,
    object::graph::{Graph, Id, Node, Source, Sources, Span},
    pickle::machine::{Pickle, run},
};

/// How many items a container has that ipyparallel does not look into.
const MANY: usize = 64;

/// Puts buffers back: the `None`s in the `buffers` of the canned objects at the top, or in the
/// list, tuple, set or dict that stands there, become the buffers in their order. That of a dict
/// is the order of its sorted keys; where these are objects of some class, that of the entries,
/// which Python has sorted. Gives how many buffers were taken, the first ones.
///
/// # Errors
///
/// `BufferCount` where there are too few, and `Unsupported` where the order of the keys matters
/// and they have none.
pub(crate) fn restore(
    graph: &mut Graph,
    sources: Sources<'_, '_>,
    limits: &Limits,
) -> Result<usize> {
    let places = waiting(graph, sources)?;
    let mut taken = 0;
    for list in places {
        let Node::List(items) = graph.get(list) else { continue };
        let empty: Vec<_> = items.iter().map(|&item| is_none(graph, item)).collect();
        for place in (0..).zip(empty).filter_map(|(place, empty)| empty.then_some(place)) {
            let index = u32::try_from(taken).ok().filter(|_| taken < sources.buffers.len());
            let Some(index) = index else {
                let (expected, found) = (taken + 1, sources.buffers.len());
                return Err(ErrorKind::BufferCount { expected, found }.into());
            };
            taken += 1;
            let buffer = graph.push(Node::Buffer { index, readonly: false }, limits)?;
            if let Node::List(items) = graph.get_mut(list)
                && let Some(item) = items.get_mut::<usize>(place)
            {
                *item = buffer;
            }
        }
    }
    Ok(taken)
}

/// Lists the lists of buffers in which there is a `None`, in the order of their buffers.
fn waiting(graph: &Graph, sources: Sources<'_, '_>) -> Result<Vec<Id>> {
    let waits = |id: Id| {
        let Node::Instance(instance) = graph.get(id) else { return None };
        canned::class_of(graph, instance, sources)?;
        let list = canned::buffers(graph, instance, sources)?;
        let Node::List(items) = graph.get(list) else { return None };
        items.iter().any(|&item| is_none(graph, item)).then_some(list)
    };
    let root = match graph.get(graph.root()) {
        // As protocols before 4 have a set: a call with the list of its items.
        Node::Instance(instance) => canned::set_items(graph, instance, sources),
        node => Some(node),
    };
    match root.unwrap_or(graph.get(graph.root())) {
        Node::List(items) | Node::Tuple(items) | Node::Set(items) if items.len() < MANY => {
            Ok(items.iter().filter_map(|&item| waits(item)).collect())
        }
        Node::Dict(entries) if entries.len() < MANY => {
            let value = |&(key, value): &(Id, Id)| Some((key, waits(value)?));
            let found: Vec<_> = entries.iter().filter_map(value).collect();
            let keys: Vec<_> = found.iter().map(|(key, _)| *key).collect();
            let Some(ranks) = ranks(graph, sources, &keys) else {
                return Err(
                    ErrorKind::Unsupported("arrays of a dict whose keys do not sort").into()
                );
            };
            let lists = found.into_iter().map(|(_, list)| list);
            let mut sorted: Vec<_> = ranks.into_iter().zip(lists).collect();
            sorted.sort_by_key(|(rank, _)| *rank);
            Ok(sorted.into_iter().map(|(_, list)| list).collect())
        }
        _ => Ok(waits(graph.root()).into_iter().collect()),
    }
}

/// Reads the pickles that stand in the buffers of `CannedArray`s, which say that they do: once
/// each, and not those in what was read so.
///
/// # Errors
///
/// As for a header; offsets are within that pickle.
pub(crate) fn load_nested(
    graph: &mut Graph,
    sources: Sources<'_, '_>,
    limits: &Limits,
) -> Result<()> {
    let mut read: HashMap<Span, Id> = HashMap::new();
    for id in graph.ids() {
        let Some(span) = nested_pickle(graph, id, sources) else { continue };
        let root = match read.get(&span) {
            Some(&root) => root,
            None => {
                let made = match span.source {
                    Source::Made(index) => graph.made(index).cloned(),
                    _ => None,
                };
                let bytes = match &made {
                    Some(made) => made.as_slice().get(span.start..span.end),
                    None => sources.bytes(span),
                };
                let Some(bytes) = bytes else {
                    return Err(ErrorKind::NotContiguous.into());
                };
                let pickle = Pickle { bytes, source: span.source, start: span.start, buffers: 0 };
                let (root, _) =
                    run(graph, pickle, limits).map_err(|error| error.in_field("pickled"))?;
                read.insert(span, root);
                root
            }
        };
        graph.set_nested(id, root);
    }
    Ok(())
}

/// Where the pickle stands that a `CannedArray` has for its buffer.
fn nested_pickle(graph: &Graph, id: Id, sources: Sources<'_, '_>) -> Option<Span> {
    let Node::Instance(instance) = graph.get(id) else { return None };
    if canned::class_of(graph, instance, sources)? != "CannedArray" {
        return None;
    }
    let pickled = canned::attribute(graph, instance, sources, "pickled")?;
    let list = canned::buffers(graph, instance, sources)?;
    let (Node::Bool(true), Node::List(items)) = (graph.get(pickled), graph.get(list)) else {
        return None;
    };
    match *graph.get(*items.first()?) {
        Node::Bytes(span) | Node::ByteArray(span) => Some(span),
        Node::Buffer { index, .. } => {
            let end = sources.buffers.get(index as usize)?.len();
            Some(Span { source: Source::Buffer(index), start: 0, end })
        }
        _ => None,
    }
}

fn is_none(graph: &Graph, id: Id) -> bool {
    matches!(graph.get(id), Node::None)
}
