//! What a received object is in Python: looking at it without a type of Rust's.
//!
//! A [`View`] shows one object; what it holds are [`Item`]s, each of which is looked at when it is
//! asked for. So even a recursive object can be looked at, and one that is shared is met as often
//! as it is referred to: [`Item::same_as`] tells that it is one.

pub use self::{
    array::{ArrayView, ObjectArrayView, ScalarView, SubclassView},
    integer::BigInt,
    items::{Entries, Item, Items},
    memory::Memory,
    opaque::{Class, Opaque},
};
use crate::numpy::Dtype;

pub(super) use self::{items::Pairs, memory::Place};

mod array;
mod call;
mod canned;
pub(crate) mod dtype;
mod integer;
mod items;
mod meaning;
mod memory;
mod numpy;
mod opaque;

/// What an object is in Python.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum View<'o> {
    /// `None`.
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int` of 64 bits.
    Int(i64),
    /// A larger `int`.
    BigInt(BigInt<'o>),
    /// A `float`.
    Float(f64),
    /// A `complex`: its real and its imaginary part.
    Complex(f64, f64),
    /// A `str`.
    Str(&'o str),
    /// A `str` in which surrogates stand, so that it is no text: as UTF-8 would write it.
    Surrogates(&'o [u8]),
    /// `bytes`.
    Bytes(Memory<'o>),
    /// A `bytearray`.
    ByteArray(Memory<'o>),
    /// A `memoryview` of bytes.
    MemoryView(Memory<'o>),
    /// A `list`.
    List(Items<'o>),
    /// A `tuple`.
    Tuple(Items<'o>),
    /// A `set`. Items may be equal: they are not compared.
    Set(Items<'o>),
    /// A `frozenset`, as a set.
    FrozenSet(Items<'o>),
    /// A `dict`. Keys may be equal: they are not compared.
    Dict(Entries<'o>),
    /// A `collections.OrderedDict`, as a dict.
    OrderedDict(Entries<'o>),
    /// A `range`: its start, its end and its step.
    Range(Item<'o>, Item<'o>, Item<'o>),
    /// A NumPy array whose items are memory.
    Array(ArrayView<'o>),
    /// A NumPy array whose items are, or hold, other objects.
    ObjectArray(ObjectArrayView<'o>),
    /// A scalar of NumPy's.
    Scalar(ScalarView<'o>),
    /// A dtype.
    Dtype(Dtype),
    /// An array of a class that is derived from `numpy.ndarray`: a `recarray`, a `matrix`, a
    /// `MaskedArray`.
    Subclass(Box<SubclassView<'o>>),
    /// An `ipyparallel.Reference`: the name of a variable where it is used.
    Reference(&'o str),
    /// A function that ipyparallel took apart.
    Function(Opaque<'o>),
    /// A class or a function by its name, as `builtins.len`.
    Global(Class<'o>),
    /// An object of any other class: what it would be made of.
    Opaque(Opaque<'o>),
}
