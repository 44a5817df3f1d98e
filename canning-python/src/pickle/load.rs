//! Reading a pickle, and the pickles in its buffers, into one graph.

use canning_core::Result;

use super::machine::{Pickle, run};
use crate::{
    Limits,
    ipyparallel::restore::{load_nested, restore},
    object::{
        Dialect,
        graph::{Graph, Source, Sources},
    },
};

/// What a header and its buffers describe.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    pub(crate) graph: Graph,
    /// How many of the buffers belong to it: the first ones.
    pub(crate) buffers: usize,
}

/// Reads a header into a graph, and in ipyparallel's dialect puts its buffers back.
///
/// # Errors
///
/// `Malformed`, `Limit`, and `BufferCount` where it asks for more buffers than there are.
pub(crate) fn load(sources: Sources<'_, '_>, dialect: Dialect, limits: &Limits) -> Result<Loaded> {
    let mut graph = Graph::for_bytes(sources.header.len());
    let buffers = match dialect {
        Dialect::Pickle => sources.buffers.len(),
        Dialect::Ipyparallel => 0,
    };
    let header = Pickle { bytes: sources.header, source: Source::Header, start: 0, buffers };
    let (root, used) = run(&mut graph, header, limits)?;
    graph.set_root(root);
    let buffers = match dialect {
        Dialect::Pickle => used,
        Dialect::Ipyparallel => {
            let restored = restore(&mut graph, sources, limits)?;
            load_nested(&mut graph, sources, limits)?;
            restored
        }
    };
    Ok(Loaded { graph, buffers })
}

#[cfg(test)]
mod tests;
