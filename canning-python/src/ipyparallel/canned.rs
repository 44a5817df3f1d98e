//! The instances of ipyparallel's own classes in a graph.

use crate::object::graph::{Global, Graph, Id, Instance, Node, Sources, Span};

/// Where ipyparallel's classes stand.
pub(crate) const MODULE: &str = "ipyparallel.serialize.canning";

/// More than the attributes of ipyparallel's objects. Many objects may share a dict.
pub(crate) const MOST_ATTRIBUTES: usize = 32;

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
    let Node::Global(global) = graph.get(instance.class) else { return None };
    let Global { module, name } = **global;
    if !is(graph, module, sources, MODULE) {
        return None;
    }
    CLASSES.into_iter().find(|class| is(graph, name, sources, class))
}

/// Tells whether there is any canned object.
pub(crate) fn is_any(graph: &Graph, sources: Sources<'_, '_>) -> bool {
    graph.ids().any(|id| match graph.get(id) {
        Node::Instance(instance) => class_of(graph, instance, sources).is_some(),
        _ => false,
    })
}

/// Gives the list of the items of a set that is made by a call.
pub(crate) fn set_items<'g>(
    graph: &'g Graph,
    instance: &Instance,
    sources: Sources<'_, '_>,
) -> Option<&'g Node> {
    let Node::Global(global) = graph.get(instance.class) else { return None };
    let Global { module, name } = **global;
    let is_builtin = ["builtins", "__builtin__"].iter().any(|of| is(graph, module, sources, of));
    if !is_builtin || !is(graph, name, sources, "set") {
        return None;
    }
    match graph.get(instance.args) {
        Node::Tuple(args) => match args.as_slice() {
            &[items] => Some(graph.get(items)).filter(|node| matches!(node, Node::List(_))),
            _ => None,
        },
        _ => None,
    }
}

/// Gives what the dict of an instance's state has under a name, if it is as small as those of
/// canned objects are.
pub(crate) fn attribute(
    graph: &Graph,
    instance: &Instance,
    sources: Sources<'_, '_>,
    name: &str,
) -> Option<Id> {
    let Node::Dict(entries) = graph.get(instance.state?) else { return None };
    if entries.len() > MOST_ATTRIBUTES {
        return None;
    }
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
