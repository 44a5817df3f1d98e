//! What a pickle describes: objects that refer to each other, shared and even recursive.

use std::collections::HashMap;

use canning_core::{Buffer, ErrorKind, Result, SharedBytes};

use crate::Limits;

/// The number of an object in its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(u32);

impl Id {
    /// Its place among all objects.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All the objects of a pickle, and of those pickles that stand in its buffers.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// Memory that no part of the input holds, as text in Latin-1 that stood as UTF-8.
    made: Vec<SharedBytes>,
    made_bytes: usize,
    root: Id,
    /// What the pickles in the buffers of instances describe, by instance.
    nested: HashMap<Id, Id>,
}

/// Objects that room is made for before they are there: half a megabyte.
const MOST_AT_FIRST: usize = 1 << 14;

/// The input that a graph refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'s, 'a> {
    pub(crate) header: &'s [u8],
    pub(crate) buffers: &'s [Buffer<'a>],
}

impl<'s> Sources<'s, '_> {
    /// The bytes of a span that stands in the input, as [`Graph::bytes`] gives those of any.
    pub(crate) fn bytes(self, span: Span) -> Option<&'s [u8]> {
        let whole = match span.source {
            Source::Header => self.header,
            Source::Buffer(index) => self.buffers.get(index as usize)?.as_slice()?,
            Source::Made(_) => return None,
        };
        whole.get(span.start..span.end)
    }
}

impl Graph {
    /// `None`, of which there is one; and so for the three below.
    pub(crate) const NONE: Id = Id(0);
    pub(crate) const FALSE: Id = Id(1);
    pub(crate) const TRUE: Id = Id(2);
    pub(crate) const EMPTY_TUPLE: Id = Id(3);

    /// A graph of what there is only one of, with room for what so many bytes may describe.
    pub(crate) fn for_bytes(bytes: usize) -> Self {
        // An object takes few bytes of a pickle, unless it is text or memory.
        let mut nodes = Vec::with_capacity((bytes / 8).clamp(16, MOST_AT_FIRST));
        let one_each = [Node::None, Node::Bool(false), Node::Bool(true), Node::Tuple(Vec::new())];
        nodes.extend(one_each);
        Self { nodes, made: Vec::new(), made_bytes: 0, root: Self::NONE, nested: HashMap::new() }
    }

    /// Adds an object.
    ///
    /// # Errors
    ///
    /// `Limit` where there are too many.
    pub(crate) fn push(&mut self, node: Node, limits: &Limits) -> Result<Id> {
        let number = self.nodes.len();
        match u32::try_from(number) {
            Ok(id) if number < limits.objects => {
                self.nodes.push(node);
                Ok(Id(id))
            }
            _ => {
                let limit = limits.objects.min(u32::MAX as usize) as u64;
                let found = (number as u64).saturating_add(1);
                Err(ErrorKind::Limit { what: "number of objects", limit, found }.into())
            }
        }
    }

    /// Adds memory that no part of the input holds.
    ///
    /// # Errors
    ///
    /// `Limit` where all of it becomes too much; `make` was not called then.
    pub(crate) fn make(
        &mut self,
        len: usize,
        limits: &Limits,
        make: impl FnOnce() -> Vec<u8>,
    ) -> Result<Span> {
        let all = self.made_bytes.saturating_add(len);
        let number = u32::try_from(self.made.len()).ok();
        let (Some(number), true) = (number, all <= limits.made_bytes) else {
            let (limit, found) = (limits.made_bytes as u64, all as u64);
            return Err(ErrorKind::Limit { what: "number of bytes made", limit, found }.into());
        };
        let made = SharedBytes::from_vec(make());
        let end = made.as_slice().len();
        self.made_bytes = all;
        self.made.push(made);
        Ok(Span { source: Source::Made(number), start: 0, end })
    }

    /// The object that the pickle is.
    pub(crate) fn root(&self) -> Id {
        self.root
    }

    pub(crate) fn set_root(&mut self, root: Id) {
        self.root = root;
    }

    /// An object.
    pub(crate) fn get(&self, id: Id) -> &Node {
        self.nodes.get(id.0 as usize).expect("an id is of its own graph")
    }

    pub(crate) fn get_mut(&mut self, id: Id) -> &mut Node {
        self.nodes.get_mut(id.0 as usize).expect("an id is of its own graph")
    }

    /// How many objects there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All objects, in the order in which they were made.
    pub(crate) fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..).map(Id).take(self.nodes.len())
    }

    /// What the pickle in an instance's buffer describes: a `CannedArray` with `pickled=True`.
    pub(crate) fn nested(&self, instance: Id) -> Option<Id> {
        self.nested.get(&instance).copied()
    }

    pub(crate) fn set_nested(&mut self, instance: Id, root: Id) {
        self.nested.insert(instance, root);
    }

    /// The bytes of a span; none where a buffer lies in several pieces, or was taken since.
    pub(crate) fn bytes<'s>(&'s self, span: Span, sources: Sources<'s, '_>) -> Option<&'s [u8]> {
        match span.source {
            Source::Made(index) => self.made(index)?.as_slice().get(span.start..span.end),
            Source::Header | Source::Buffer(_) => sources.bytes(span),
        }
    }

    /// The memory that the reader made, by its number in [`Source::Made`].
    pub(crate) fn made(&self, index: u32) -> Option<&SharedBytes> {
        self.made.get(index as usize)
    }
}

/// Bytes of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) source: Source,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// Where bytes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// In the header.
    Header,
    /// In a buffer.
    Buffer(u32),
    /// In memory that the reader made.
    Made(u32),
}

/// An object as the pickle describes it: nothing of it was called, so an object of a class is
/// the class and what it would be called with.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    None,
    Bool(bool),
    Int(i64),
    /// Little-endian, in two's complement.
    BigInt(Span),
    Float(f64),
    /// UTF-8, perhaps with surrogates.
    Str(Span),
    Bytes(Span),
    ByteArray(Span),
    /// A buffer of its own. `READONLY_BUFFER` makes it read-only.
    Buffer {
        index: u32,
        readonly: bool,
    },
    List(Vec<Id>),
    Tuple(Vec<Id>),
    Set(Vec<Id>),
    FrozenSet(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A class or a function, by its name.
    Global(Box<Global>),
    Instance(Box<Instance>),
}

/// The name of a class or a function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Global {
    pub(crate) module: Span,
    pub(crate) name: Span,
}

/// What a callable was to be called with, and what the result was to be given afterwards.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    /// The class or function; a [`Node::Global`], unless the pickle is strange.
    pub(crate) class: Id,
    pub(crate) made_by: MadeBy,
    /// The arguments.
    pub(crate) args: Id,
    /// The arguments by name, a dict, of `NEWOBJ_EX`.
    pub(crate) kwargs: Option<Id>,
    /// What `BUILD` gave.
    pub(crate) state: Option<Id>,
    /// What `APPEND` and its like gave.
    pub(crate) items: Vec<Id>,
    /// What `SETITEM` and its like gave.
    pub(crate) entries: Vec<(Id, Id)>,
}

/// How an object was to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MadeBy {
    /// By a call.
    Reduce,
    /// By `cls.__new__`.
    NewObj,
}
