//! Which buffers an object refers to several times, or has pickles in.

use std::collections::HashSet;

use canning_core::Buffer;

use crate::object::graph::{Graph, Id, Node, Source, Span};

/// The buffers that are met several times when a value is put together: they cannot move into all
/// the places that they are needed in.
pub(in crate::object) fn shared_buffers(graph: &Graph) -> HashSet<u32> {
    let mut met = vec![Met::Never; graph.len()];
    let mut rest = vec![graph.root()];
    let mut often = Vec::new();
    while let Some(id) = rest.pop() {
        match met.get_mut(id.index()) {
            Some(met @ Met::Never) => {
                *met = Met::Once;
                each_part(graph, id, |part| rest.push(part));
            }
            Some(met @ Met::Once) => {
                *met = Met::Often;
                often.push(id);
            }
            _ => {}
        }
    }
    // What stands in an object that is met often is met as often.
    while let Some(id) = often.pop() {
        each_part(graph, id, |part| {
            if let Some(met @ (Met::Never | Met::Once)) = met.get_mut(part.index()) {
                *met = Met::Often;
                often.push(part);
            }
        });
    }
    let mut seen = HashSet::new();
    let mut shared = HashSet::new();
    for (id, met) in graph.ids().zip(met) {
        if let (Node::Buffer { index, .. }, Met::Once | Met::Often) = (graph.get(id), met)
            && (!seen.insert(*index) || met == Met::Often)
        {
            shared.insert(*index);
        }
    }
    shared
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    Never,
    Once,
    Often,
}

/// The buffers that have pickles in them, whose text and bytes stand there, each in its place; the
/// others are empty.
pub(in crate::object) fn nested_sources<'a>(
    graph: &Graph,
    buffers: &[Buffer<'a>],
) -> Vec<Buffer<'a>> {
    let mut sources = vec![Buffer::borrowed(&[]); buffers.len()];
    let mut keep = |span: &Span| {
        if let Source::Buffer(index) = span.source {
            let at = index as usize;
            if let (Some(source), Some(buffer)) = (sources.get_mut(at), buffers.get(at))
                && source.is_empty()
            {
                *source = buffer.clone();
            }
        }
    };
    for id in graph.ids() {
        match graph.get(id) {
            Node::Str(span) | Node::Bytes(span) | Node::ByteArray(span) | Node::BigInt(span) => {
                keep(span);
            }
            Node::Global(global) => {
                keep(&global.module);
                keep(&global.name);
            }
            _ => {}
        }
    }
    sources
}

fn each_part(graph: &Graph, id: Id, mut each: impl FnMut(Id)) {
    match graph.get(id) {
        Node::List(ids) | Node::Tuple(ids) | Node::Set(ids) | Node::FrozenSet(ids) => {
            ids.iter().copied().for_each(each);
        }
        Node::Dict(entries) => entries.iter().for_each(|(key, value)| {
            each(*key);
            each(*value);
        }),
        Node::Instance(instance) => {
            each(instance.class);
            each(instance.args);
            instance.kwargs.into_iter().for_each(&mut each);
            instance.state.into_iter().for_each(&mut each);
            instance.items.iter().copied().for_each(&mut each);
            instance.entries.iter().for_each(|(key, value)| {
                each(*key);
                each(*value);
            });
            graph.nested(id).into_iter().for_each(&mut each);
        }
        _ => {}
    }
}
