//! Looking at the objects of a graph.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
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
    pub(crate) dtypes: &'o Dtypes,
}

/// The dtypes that were looked at: one may be that of many arrays, and have many fields.
#[derive(Debug, Default)]
pub(crate) struct Dtypes(Mutex<KnownDtypes>);

#[derive(Debug, Default)]
struct KnownDtypes {
    all: HashMap<Id, Option<Dtype>>,
    /// The last one that was asked for: mostly the next is the same.
    last: Option<(Id, Option<Dtype>)>,
    /// How many fields they have together, as the builder counts them.
    fields: usize,
}

impl Dtypes {
    /// Gives a dtype that is known, or reads it: `read` is told how many fields all of them have so
    /// far, and adds those that it meets.
    pub(crate) fn get_or(
        &self,
        id: Id,
        read: impl FnOnce(&mut usize) -> Result<Option<Dtype>>,
    ) -> Result<Option<Dtype>> {
        // A panic in between leaves what is whole.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last, dtype)) = &known.last
            && *last == id
        {
            return Ok(dtype.clone());
        }
        let dtype = match known.all.get(&id) {
            Some(dtype) => dtype.clone(),
            None => {
                let dtype = read(&mut known.fields)?;
                known.all.insert(id, dtype.clone());
                dtype
            }
        };
        known.last = Some((id, dtype.clone()));
        Ok(dtype)
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

    /// Text, or bytes that are text.
    pub(crate) fn ascii(self, id: Id) -> Result<Option<&'o str>> {
        match *self.node(id) {
            Node::Str(span) | Node::Bytes(span) => Ok(str::from_utf8(self.bytes(span)?).ok()),
            _ => Ok(None),
        }
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
            if self.text(*found)? == Some(key) {
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
