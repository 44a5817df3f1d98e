//! The instances of ipyparallel's own classes in a graph.

use crate::object::graph::{Graph, Id, Instance, Node, Sources, Span};

/// Where ipyparallel's classes stand.
pub(crate) const MODULE: &str = "ipyparallel.serialize.canning";

/// The classes of `MODULE` that derive from `CannedObject`.
const CLASSES: [&str; 10] = [
    "CannedArray",
    "CannedBuffer",
    "CannedBytes",
    "CannedCell",
    "CannedClass",
    "CannedFunction",
    "CannedMemoryView",
    "CannedObject",
    "CannedPartial",
    "Reference",
];

/// Gives the name of a canned object's class, without its module.
pub(crate) fn class_of(
    graph: &Graph,
    instance: &Instance,
    sources: Sources<'_, '_>,
) -> Option<&'static str> {
    let &Node::Global { module, name } = graph.get(instance.class) else { return None };
    if !is(graph, module, sources, MODULE) {
        return None;
    }
    CLASSES.into_iter().find(|class| is(graph, name, sources, class))
}

/// Gives what the dict of an instance's state has under a name.
pub(crate) fn attribute(
    graph: &Graph,
    instance: &Instance,
    sources: Sources<'_, '_>,
    name: &str,
) -> Option<Id> {
    let Node::Dict(entries) = graph.get(instance.state?) else { return None };
    // Of keys that stand twice, a dict keeps the last value.
    entries.iter().rev().find_map(|&(key, value)| match *graph.get(key) {
        Node::Str(key) if is(graph, key, sources, name) => Some(value),
        _ => None,
    })
}

/// Gives the list of a canned object's buffers.
pub(crate) fn buffers(graph: &Graph, instance: &Instance, sources: Sources<'_, '_>) -> Option<Id> {
    let list = attribute(graph, instance, sources, "buffers")?;
    matches!(graph.get(list), Node::List(_)).then_some(list)
}

fn is(graph: &Graph, span: Span, sources: Sources<'_, '_>, text: &str) -> bool {
    graph.bytes(span, sources) == Some(text.as_bytes())
}
