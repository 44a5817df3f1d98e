//! What is open while a value walks itself.

use super::records::RecordId;

/// A container that has begun and not ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) then: Then,
    /// How many values were announced: of a map, keys and values.
    pub(super) len: usize,
    /// How many of them have begun.
    pub(super) seen: usize,
    /// Whether Python hashes its items.
    pub(super) hashed: bool,
    /// How many keys had been collected when it began.
    pub(super) keys: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Set,
    FrozenSet,
    Tuple,
    Map,
    /// The dict of a record's fields.
    Fields(RecordId),
    /// The one value of a variant.
    One,
    /// The items of an object array.
    Objects,
    /// Bytes that become an integer.
    Int,
    /// Bytes that become text.
    Str,
    /// The name of a variant, which was written.
    Nothing,
}

/// What is written after the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Nothing,
    /// It is the value of a dict's only key.
    SetItem,
    /// It is the state of an object.
    Build,
    /// It is the state of a `Reference`, which has one thing more.
    BuildReference,
    /// It is the arguments of a call.
    Reduce,
}

impl Frame {
    /// Whether Python hashes the value that began last.
    pub(super) fn hashes(&self) -> bool {
        match self.kind {
            Kind::Map => self.seen % 2 == 1,
            _ => self.hashed,
        }
    }

    /// Whether it becomes a list, tuple, set or dict of so few items that ipyparallel looks for
    /// buffers in it.
    pub(super) fn is_looked_into(&self) -> bool {
        const MAX_ITEMS: usize = 64;
        match (self.kind, self.then) {
            (Kind::Map, Then::Nothing) => self.len / 2 < MAX_ITEMS,
            (Kind::List | Kind::Set | Kind::Tuple | Kind::Fields(_), Then::Nothing) => {
                self.len < MAX_ITEMS
            }
            (Kind::One, Then::SetItem) => true,
            _ => false,
        }
    }
}
