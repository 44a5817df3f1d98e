//! Looking at the objects of a graph.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use canning_core::{Error, ErrorKind, Result, buffer::ArrayLayout};

use super::graph::{Global, Graph, Id, Instance, Node, Source, Sources, Span};
use crate::numpy::Dtype;

/// A graph and the input that it refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'o> {
    pub(crate) graph: &'o Graph,
    pub(crate) sources: Sources<'o, 'o>,
    /// The lengths of the buffers, those that were moved out since among them.
    pub(crate) lens: &'o [usize],
    pub(crate) known: &'o Known,
}

/// What was found out about objects that others may share, once: dtypes, which may have many
/// fields, and lists of pairs.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Found>);

#[derive(Debug, Default)]
struct Found {
    dtypes: HashMap<Id, Option<Dtype>>,
    /// The last one that was asked for: mostly the next is the same.
    last: Option<(Id, Option<Dtype>)>,
    /// How many fields the dtypes have together, as the builder counts them.
    fields: usize,
    pairs: HashMap<Id, bool>,
}

impl Known {
    fn found(&self) -> MutexGuard<'_, Found> {
        // A panic in between leaves what is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'o> Reader<'o> {
    pub(crate) fn node(self, id: Id) -> &'o Node {
        self.graph.get(id)
    }

    /// The bytes of a span.
    ///
    /// # Errors
    ///
    /// When they stand in a buffer that was moved out.
    pub(crate) fn bytes(self, span: Span) -> Result<&'o [u8]> {
        self.graph.bytes(span, self.sources).ok_or_else(|| {
            Error::new(match span.source {
                Source::Buffer(index) => ErrorKind::BufferTaken { index: index as usize },
                Source::Header | Source::Made(_) => ErrorKind::NotContiguous,
            })
        })
    }

    /// Text, if it is that, and has no surrogates.
    pub(crate) fn text(self, id: Id) -> Result<Option<&'o str>> {
        match *self.node(id) {
            Node::Str(span) => Ok(str::from_utf8(self.bytes(span)?).ok()),
            _ => Ok(None),
        }
    }

    /// Whether it is this text.
    pub(crate) fn is_text(self, id: Id, text: &str) -> Result<bool> {
        match *self.node(id) {
            Node::Str(span) => Ok(self.bytes(span)? == text.as_bytes()),
            _ => Ok(false),
        }
    }

    /// A word, as text or bytes; `None` for what is longer than any that is known here.
    pub(crate) fn word(self, id: Id) -> Result<Option<&'o str>> {
        match *self.node(id) {
            Node::Str(span) | Node::Bytes(span) if span.len() <= MOST_WORD => {
                Ok(str::from_utf8(self.bytes(span)?).ok())
            }
            _ => Ok(None),
        }
    }

    /// A dtype that is known, or that `read` reads: it is told how many fields all of them have so
    /// far, and adds those that it meets, also where it fails.
    pub(crate) fn dtype_or(
        self,
        id: Id,
        read: impl FnOnce(&mut usize) -> Result<Option<Dtype>>,
    ) -> Result<Option<Dtype>> {
        let mut found = self.known.found();
        if let Some((last, dtype)) = &found.last
            && *last == id
        {
            return Ok(dtype.clone());
        }
        let dtype = match found.dtypes.get(&id) {
            Some(dtype) => dtype.clone(),
            None => {
                let dtype = read(&mut found.fields)?;
                found.dtypes.insert(id, dtype.clone());
                dtype
            }
        };
        found.last = Some((id, dtype.clone()));
        Ok(dtype)
    }

    /// The lists or tuples of two items that all items of a list or a tuple are.
    pub(crate) fn pairs(self, id: Id) -> Option<&'o [Id]> {
        let lists = self.sequence(id)?;
        let is_pair = |list: &Id| matches!(self.sequence(*list), Some([_, _]));
        let are_pairs =
            *self.known.found().pairs.entry(id).or_insert_with(|| lists.iter().all(is_pair));
        are_pairs.then_some(lists)
    }

    /// A class or a function: its module and its name, those of Python 3 where they are of Python 2,
    /// as up to protocol 2.
    pub(crate) fn global(self, id: Id) -> Result<Option<(&'o str, &'o str)>> {
        let Node::Global(global) = self.node(id) else {
            return Ok(None);
        };
        let Global { module, name } = **global;
        let part = |span| Ok::<_, Error>(str::from_utf8(self.bytes(span)?).ok());
        Ok(part(module)?.zip(part(name)?).map(|global| match global {
            ("__builtin__", "xrange") => ("builtins", "range"),
            ("__builtin__", "unicode") => ("builtins", "str"),
            ("__builtin__", "long") => ("builtins", "int"),
            ("__builtin__" | "exceptions", name) => ("builtins", name),
            ("copy_reg", name) => ("copyreg", name),
            global => global,
        }))
    }

    pub(crate) fn instance(self, id: Id) -> Option<&'o Instance> {
        match self.node(id) {
            Node::Instance(instance) => Some(instance),
            _ => None,
        }
    }

    pub(crate) fn int(self, id: Id) -> Option<i64> {
        match *self.node(id) {
            Node::Int(value) => Some(value),
            _ => None,
        }
    }

    /// A length; `None` for what is no integer, or a negative one.
    pub(crate) fn size(self, id: Id) -> Option<usize> {
        self.int(id).and_then(|value| usize::try_from(value).ok())
    }

    pub(crate) fn bool(self, id: Id) -> Option<bool> {
        match *self.node(id) {
            Node::Bool(value) => Some(value),
            Node::Int(value) => Some(value != 0),
            _ => None,
        }
    }

    pub(crate) fn is_none(self, id: Id) -> bool {
        matches!(self.node(id), Node::None)
    }

    /// The items of a list or a tuple.
    pub(crate) fn sequence(self, id: Id) -> Option<&'o [Id]> {
        match self.node(id) {
            Node::List(items) | Node::Tuple(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn tuple(self, id: Id) -> Option<&'o [Id]> {
        match self.node(id) {
            Node::Tuple(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn dict(self, id: Id) -> Option<&'o [(Id, Id)]> {
        match self.node(id) {
            Node::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key that is text; the last one, as in Python. For the attributes of known
    /// objects, which have few.
    pub(crate) fn entry(self, entries: &[(Id, Id)], key: &str) -> Result<Option<Id>> {
        for (found, value) in entries.iter().rev() {
            if self.is_text(*found, key)? {
                return Ok(Some(*value));
            }
        }
        Ok(None)
    }

    /// A shape: a tuple or a list of lengths, or one length. Of no more axes than there can be.
    pub(crate) fn shape(self, id: Id) -> Option<Vec<usize>> {
        match self.sequence(id) {
            Some(lens) if lens.len() > ArrayLayout::MAX_AXES => None,
            Some(lens) => lens.iter().map(|len| self.size(*len)).collect(),
            None => Some(vec![self.size(id)?]),
        }
    }
}

/// More bytes than any name of an order, a unit or a plain dtype has.
const MOST_WORD: usize = 256;
