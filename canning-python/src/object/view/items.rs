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

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Item").field(&self.id).finish()
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
        f.debug_list().entries(self.ids).finish()
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
        f.debug_map().entries((0..self.len()).filter_map(|index| self.ids(index))).finish()
    }
}
