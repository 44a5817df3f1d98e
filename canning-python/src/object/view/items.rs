//! What an object holds.

use std::fmt;

use canning_core::Result;

use super::View;
use crate::object::{graph::Id, reader::Reader};

/// A received object, not yet looked at.
#[derive(Clone, Copy)]
pub struct Item<'o> {
    pub(crate) reader: Reader<'o>,
    pub(crate) id: Id,
}

impl<'o> Item<'o> {
    /// Looks at it.
    ///
    /// Takes time in proportion to what its class is made from, as the fields of an array's
    /// dtype, not to what it holds.
    ///
    /// # Errors
    ///
    /// When it contradicts itself, as an array that is larger than its memory; and when its bytes
    /// stood in a buffer that was moved out.
    pub fn view(self) -> Result<View<'o>> {
        super::meaning::view(self.reader, self.id)
    }

    /// Whether both are one object: Python's `is`, of two items of the same received object.
    pub fn same_as(self, other: Self) -> bool {
        self.id == other.id && std::ptr::eq(self.reader.graph, other.reader.graph)
    }
}

/// In a few words, without what it holds.
impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sized = |f: &mut fmt::Formatter<'_>, what, len| write!(f, "{what} of {len}");
        let Ok(view) = self.view() else { return f.write_str("malformed") };
        match view {
            View::None => f.write_str("None"),
            View::Bool(value) => value.fmt(f),
            View::Int(value) => value.fmt(f),
            View::Float(value) => value.fmt(f),
            View::Str(text) if text.len() <= MOST_TEXT => text.fmt(f),
            View::Str(text) => sized(f, "str", text.len()),
            View::Bytes(memory) | View::ByteArray(memory) | View::MemoryView(memory) => {
                sized(f, "bytes", memory.len())
            }
            View::List(items) => sized(f, "list", items.len()),
            View::Tuple(items) => sized(f, "tuple", items.len()),
            View::Set(items) | View::FrozenSet(items) => sized(f, "set", items.len()),
            View::Dict(entries) | View::OrderedDict(entries) => sized(f, "dict", entries.len()),
            View::Array(array) => write!(f, "array of {} {:?}", array.dtype(), array.shape()),
            View::Opaque(object) | View::Function(object) => match object.class() {
                Ok(Some(class)) => write!(f, "object of {}", class.escaped()),
                _ => f.write_str("object"),
            },
            View::Global(class) => class.escaped().fmt(f),
            View::Subclass(array) => write!(f, "array of {}", array.class().escaped()),
            View::BigInt(_) => f.write_str("int"),
            View::Complex(real, imaginary) => write!(f, "complex({real}, {imaginary})"),
            View::Surrogates(_) => f.write_str("str"),
            View::Range(..) => f.write_str("range"),
            View::ObjectArray(array) => write!(f, "array of objects {:?}", array.shape()),
            View::Scalar(scalar) => write!(f, "scalar of {}", scalar.dtype()),
            View::Dtype(dtype) => write!(f, "dtype {dtype}"),
            View::Reference(name) => write!(f, "Reference({name:?})"),
        }
    }
}

/// Items in a row.
#[derive(Clone, Copy)]
pub struct Items<'o> {
    pub(crate) reader: Reader<'o>,
    pub(crate) ids: &'o [Id],
}

impl<'o> Items<'o> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The item at an index.
    pub fn get(&self, index: usize) -> Option<Item<'o>> {
        self.ids.get(index).map(|id| Item { reader: self.reader, id: *id })
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Item<'o>> + Clone + use<'o> {
        let reader = self.reader;
        self.ids.iter().map(move |id| Item { reader, id: *id })
    }
}

impl fmt::Debug for Items<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Keys, and a value for each.
#[derive(Clone, Copy)]
pub struct Entries<'o> {
    pub(crate) reader: Reader<'o>,
    pub(crate) pairs: Pairs<'o>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Pairs<'o> {
    Pairs(&'o [(Id, Id)]),
    /// Lists or tuples of two items each.
    Lists(&'o [Id]),
}

impl<'o> Entries<'o> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key and the value at an index.
    pub fn get(&self, index: usize) -> Option<(Item<'o>, Item<'o>)> {
        let (key, value) = self.ids(index)?;
        let item = |id| Item { reader: self.reader, id };
        Some((item(key), item(value)))
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (Item<'o>, Item<'o>)> + Clone + use<'o> {
        let entries = *self;
        (0..entries.len()).filter_map(move |index| entries.get(index))
    }

    /// The value of a key that is this text; the last one where it stands twice, as in Python.
    ///
    /// Looks at one key after the other: for many look-ups, read it as a map.
    ///
    /// ```
    /// use canning_python::{Dialect, Object, view::View};
    ///
    /// // `{'x': 1, 'y': None}`
    /// let pickle = b"\x80\x04}(\x8c\x01xK\x01\x8c\x01yNu.";
    /// let object = Object::restore(Dialect::Pickle, pickle.as_slice().into(), vec![])?;
    /// let View::Dict(entries) = object.view()? else { panic!("a dict") };
    /// let x = entries.get_str("x").unwrap();
    /// assert!(matches!(x.view()?, View::Int(1)));
    /// assert!(entries.get_str("z").is_none());
    /// assert_eq!(format!("{:?}", object.view()?), r#"Dict({"x": 1, "y": None})"#);
    /// # Ok::<(), canning_core::Error>(())
    /// ```
    pub fn get_str(&self, key: &str) -> Option<Item<'o>> {
        (0..self.len()).rev().find_map(|index| {
            let (found, value) = self.ids(index)?;
            let is_it = self.reader.is_text(found, key).ok()?;
            is_it.then_some(Item { reader: self.reader, id: value })
        })
    }

    pub(crate) fn ids(&self, index: usize) -> Option<(Id, Id)> {
        self.pairs.ids(self.reader, index)
    }
}

impl Pairs<'_> {
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Pairs(pairs) => pairs.len(),
            Self::Lists(lists) => lists.len(),
        }
    }

    #[inline]
    pub(crate) fn ids(self, reader: Reader<'_>, index: usize) -> Option<(Id, Id)> {
        match self {
            Self::Pairs(pairs) => pairs.get(index).copied(),
            Self::Lists(lists) => match reader.sequence(*lists.get(index)?)? {
                &[key, value] => Some((key, value)),
                _ => None,
            },
        }
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Longer text is not shown in what holds it.
const MOST_TEXT: usize = 100;
