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

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;
    use crate::dtype::{Dtype, Scalar};

    #[test]
    fn fields_are_what_they_are_wherever_they_lie() {
        static BYTE: Dtype = Dtype::Scalar(Scalar::U8);
        static FIELDS: [Field; 1] = [Field::of_static("a", &BYTE, &[])];
        let constant = StructFields::Static(&FIELDS);
        let shared = |name: &'static str| {
            StructFields::Shared([Field::new(name, Scalar::U8.into(), vec![])].into())
        };
        let state = RandomState::new();
        assert_eq!(constant, constant.clone());
        assert_eq!(constant, shared("a"));
        assert_eq!(state.hash_one(&constant), state.hash_one(shared("a")));
        assert_ne!(constant, shared("b"));
        assert_ne!(state.hash_one(&constant), state.hash_one(shared("b")));
        assert_eq!(format!("{constant:?}"), format!("{:?}", &FIELDS[..]));
    }
}
