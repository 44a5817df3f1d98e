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
    /// Which numbers Python hashes in it.
    pub(super) numbers: Numbers,
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

/// Kinds of numbers that were met where Python hashes: `1`, `1.0` and `True` are one key there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers(u8);

impl Numbers {
    pub(super) const BOOL: Self = Self(1);
    /// Zero or one.
    pub(super) const BIT: Self = Self(2);
    pub(super) const INT: Self = Self(4);
    /// A float that is an integer, but not zero.
    pub(super) const WHOLE: Self = Self(8);
    pub(super) const ZERO: Self = Self(16);
    pub(super) const MINUS_ZERO: Self = Self(32);
    /// Equal to no number of another kind.
    pub(super) const OTHER: Self = Self(0);

    pub(super) fn of_int(value: i128) -> Self {
        if matches!(value, 0 | 1) { Self::BIT } else { Self::INT }
    }

    pub(super) fn of_float(value: f64) -> Self {
        match value {
            0.0 if value.is_sign_negative() => Self::MINUS_ZERO,
            0.0 => Self::ZERO,
            _ if value.fract() == 0.0 => Self::WHOLE,
            _ => Self::OTHER,
        }
    }

    /// Adds a kind; whether one of it may be equal to one of another kind.
    #[must_use]
    pub(super) fn add(&mut self, kind: Self) -> bool {
        self.0 |= kind.0;
        let has = |kinds: &[Self]| kinds.iter().any(|kind| self.0 & kind.0 != 0);
        has(&[Self::BOOL]) && has(&[Self::BIT, Self::WHOLE, Self::ZERO, Self::MINUS_ZERO])
            || has(&[Self::WHOLE]) && has(&[Self::BIT, Self::INT])
            || has(&[Self::ZERO, Self::MINUS_ZERO]) && has(&[Self::BIT])
            || has(&[Self::ZERO]) && has(&[Self::MINUS_ZERO])
    }
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
