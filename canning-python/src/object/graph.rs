//! What a pickle describes: objects that refer to each other, shared and even recursive.

use canning_core::SharedBytes;

/// The number of an object in its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(u32);

/// All the objects of a pickle, and of those pickles that stand in its buffers.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// Memory that no part of the input holds, as text in Latin-1 that stood as UTF-8.
    made: Vec<SharedBytes>,
    root: Id,
}

/// Bytes of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) source: Source,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Where bytes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    Global {
        module: Span,
        name: Span,
    },
    Instance(Box<Instance>),
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
