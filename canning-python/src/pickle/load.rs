//! Reading a pickle, and the pickles in its buffers, into one graph.

use std::fmt;

use canning_core::{Error, ErrorKind, Result};

use super::{
    machine::{Pickle, run},
    opcode as op,
};
use crate::{
    Limits,
    ipyparallel::{
        canned,
        restore::{load_nested, restore},
    },
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
    load_of(sources, sources.buffers.len(), dialect, limits)
}

/// As [`load`], of a header whose buffers are not there yet: it says how many they are. Pickles in
/// them are not read.
///
/// # Errors
///
/// `Malformed` and `Limit`.
pub(crate) fn load_header(header: &[u8], dialect: Dialect, limits: &Limits) -> Result<Loaded> {
    load_of(Sources { header, buffers: &[] }, usize::MAX, dialect, limits)
}

fn load_of(
    sources: Sources<'_, '_>,
    given: usize,
    dialect: Dialect,
    limits: &Limits,
) -> Result<Loaded> {
    let mut graph = Graph::for_bytes(sources.header.len());
    // Buffers that are not there are counted, too, to say how many there should be.
    let header =
        Pickle { bytes: sources.header, source: Source::Header, start: 0, buffers: usize::MAX };
    let (root, used) =
        run(&mut graph, header, limits).map_err(|e| not_a_pickle(e, sources.header))?;
    graph.set_root(root);
    let buffers = match dialect {
        Dialect::Pickle => used,
        Dialect::Ipyparallel if used > 0 => {
            return Err(Error::custom(OtherDialect { found: given, is: Dialect::Pickle }));
        }
        Dialect::Ipyparallel => {
            let restored = restore(&mut graph, sources, limits)?;
            if restored <= given {
                load_nested(&mut graph, sources, limits)?;
            }
            restored
        }
    };
    if buffers > given {
        return Err(ErrorKind::BufferCount { expected: buffers, found: given }.into());
    }
    Ok(Loaded { graph, buffers })
}

/// Says so of a header that does not even begin as a pickle does.
pub(super) fn not_a_pickle(error: Error, header: &[u8]) -> Error {
    match error.kind() {
        ErrorKind::Malformed { .. } if header.first() != Some(&op::PROTO) => {
            let expected = "a pickle of protocol 2 or later, which begins with PROTO";
            ErrorKind::Malformed { expected, offset: 0 }.into()
        }
        _ => error,
    }
}

/// The error of buffers that were counted as another dialect does.
pub(crate) fn other_dialect(
    loaded: &Loaded,
    sources: Sources<'_, '_>,
    found: usize,
) -> Option<Error> {
    let is = Dialect::Ipyparallel;
    (loaded.buffers == 0 && canned::is_any(&loaded.graph, sources))
        .then(|| Error::custom(OtherDialect { found, is }))
}

/// The header's buffers belong to it in another way than was said.
#[derive(Debug)]
struct OtherDialect {
    found: usize,
    is: Dialect,
}

impl fmt::Display for OtherDialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, is } = self;
        let by = match is {
            Dialect::Pickle => "takes its buffers by NEXT_BUFFER",
            Dialect::Ipyparallel => "has objects that ipyparallel canned",
        };
        let buffers = if *found == 1 { "1 buffer" } else { &format!("{found} buffers") };
        write!(f, "cannot put {buffers} back: the header {by}, so its dialect is Dialect::{is:?}")
    }
}

impl std::error::Error for OtherDialect {}

#[cfg(test)]
mod tests;
