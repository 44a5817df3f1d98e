//! The fields of a struct's dtype, cheap to clone.

use std::{
    fmt,
    hash::{Hash, Hasher},
    ptr,
    sync::Arc,
};

use super::Field;

/// Cloning shares: a received dtype of many fields may describe many small arrays.
#[derive(Clone)]
pub(super) enum StructFields {
    Static(&'static [Field]),
    Shared(Arc<[Field]>),
}

impl StructFields {
    pub(super) fn as_slice(&self) -> &[Field] {
        match self {
            Self::Static(fields) => fields,
            Self::Shared(fields) => fields,
        }
    }
}

impl fmt::Debug for StructFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl PartialEq for StructFields {
    fn eq(&self, other: &Self) -> bool {
        let (these, those) = (self.as_slice(), other.as_slice());
        ptr::eq(these, those) || these == those
    }
}

impl Eq for StructFields {}

impl Hash for StructFields {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}
