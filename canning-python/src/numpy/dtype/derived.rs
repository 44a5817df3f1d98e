//! What follows from the fields of a struct.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::OnceLock,
};

use canning_core::{Error, ErrorKind, Result};

use super::{Conversion, Dtype, DtypeField, Parts, weight_of_text};

/// Found out once, as one dtype of many fields may be that of many arrays; no part of what is
/// compared.
pub(super) struct Derived {
    /// As [`Dtype::weight`].
    pub(super) weight: usize,
    pub(super) has_objects: bool,
    core: OnceLock<Box<Result<Conversion, Refused>>>,
    mask: OnceLock<Box<Result<Dtype, Refused>>>,
}

/// Why something does not follow: kept, and so no [`Error`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    Unsupported(&'static str),
    Layout(&'static str),
}

impl Derived {
    pub(super) fn of(fields: &[DtypeField]) -> Self {
        let weights = fields.iter().map(|field| {
            let title = field.title().unwrap_or_default();
            let names = weight_of_text(field.name().len().saturating_add(title.len()));
            field.dtype().weight().saturating_add(names)
        });
        Self {
            weight: weights.fold(1, usize::saturating_add),
            has_objects: fields.iter().any(|field| field.dtype.has_objects()),
            core: OnceLock::new(),
            mask: OnceLock::new(),
        }
    }
}

impl Dtype {
    /// The dtype of core for such items, and what makes them of that dtype: nothing, other places
    /// of their bytes, or the padding between fields left out.
    ///
    /// What core has no dtype for becomes a struct of one field whose name says what it was, for
    /// instance `[('numpy:S', '|u1', (10,))]` of `S10`, and a struct of a field `canning:…` what
    /// it was before NumPy saw it. Titles of fields are left out. It is found out once, and shared
    /// by the clones of a struct.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for references to objects, and for items without bytes.
    pub fn to_core(&self) -> Result<Conversion> {
        Ok(match &self.parts {
            Parts::Struct(structure) => {
                (**structure.derived.core.get_or_init(|| self.conversion().into())).clone()?
            }
            _ => self.conversion()?,
        })
    }

    /// The dtype of the mask of a masked array: a truth value for each of its values.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Layout`] when it does not fit the address space.
    pub(crate) fn mask(&self) -> Result<Self> {
        if let Some((base, shape)) = self.subarray() {
            return Self::of_subarray(base.mask()?, shape.to_vec());
        }
        let Parts::Struct(structure) = &self.parts else { return Ok(Self::BOOL) };
        let mask = structure.derived.mask.get_or_init(|| {
            let fields = self.fields().iter().map(|field| {
                Ok(DtypeField::new(field.name(), field.title(), field.dtype().mask()?, 0))
            });
            let fields = fields.collect::<Result<_>>();
            let mask = fields.and_then(|fields| Self::of_sequence(fields, false));
            mask.map_err(|_large| Refused::Layout("the mask overflows the address space")).into()
        });
        Ok((**mask).clone()?)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::new(match refused {
            Refused::Unsupported(what) => ErrorKind::Unsupported(what),
            Refused::Layout(what) => ErrorKind::Layout(what),
        })
    }
}

impl fmt::Debug for Derived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Derived").field("weight", &self.weight).finish_non_exhaustive()
    }
}

impl PartialEq for Derived {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Derived {}

impl Hash for Derived {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}
