//! What the names of a header are to the types that ask for them.

use std::{rc::Rc, sync::Arc};

use canning_core::{
    Enum, ErrorKind, Fields, Record, RecordFields, RecordName, Result,
    visitor::{Kind, Uncanner},
};

use super::Decoder;
use crate::header::{
    body, cbor,
    names::{Name, NameFields},
};

/// What a name of the header is to a type, as found out the first time they met.
#[derive(Clone, Default)]
pub(super) struct Resolved {
    /// The address of the type's `Record` or `Enum`; zero for none.
    pub(super) address: usize,
    /// The number of the variant.
    pub(super) variant: usize,
    pub(super) fields: Matching,
    /// The name for those who know no type.
    pub(super) any: Option<Arc<RecordName>>,
}

#[derive(Clone, Default)]
pub(super) enum Matching {
    #[default]
    InOrder,
    /// For each received field the number in the record, if it has it.
    ByName(Rc<[Option<usize>]>),
    /// All are skipped, for the variant that stands for unknown ones.
    Skipped,
}

/// A record whose fields come by name.
pub(super) struct Open {
    pub(super) name: usize,
    pub(super) fields: Rc<[Option<usize>]>,
    /// The received field that comes next.
    pub(super) next: usize,
    pub(super) ignores_unknown: bool,
}

impl<'b> Decoder<'b, '_> {
    /// Begins a record; gives its number in the names.
    #[inline]
    pub(super) fn begin_name(&mut self, kind: Kind) -> Result<usize> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 == cbor::ARRAY {
            let count = self.cursor.count(cbor::ARRAY, "an array")?;
            if count > 0 && self.cursor.peek()? >> 5 == cbor::UNSIGNED {
                let code = self.cursor.head(cbor::UNSIGNED, "a code")?;
                if let Some(number) = code.checked_sub(body::RECORDS) {
                    let number = usize::try_from(number).unwrap_or(usize::MAX);
                    return match self.names.get(number) {
                        Some(name) if name.len() == count - 1 => Ok(number),
                        Some(_) => Err(start.malformed("as many fields as the record has")),
                        None => Err(start.malformed("a record with a name")),
                    };
                }
            }
        }
        self.cursor = start;
        Err(self.unexpected(kind))
    }

    pub(super) fn name(&self, number: usize) -> Result<&Name<'b>> {
        self.names
            .get(number)
            .ok_or_else(|| self.cursor.malformed("a record with a name"))
    }

    /// Opens a record as it was resolved.
    pub(super) fn open(&mut self, number: usize, ignores_unknown: bool) -> Result<(usize, Fields)> {
        let Some(resolved) = self.resolved.get(number) else {
            return Err(self.cursor.malformed("a record with a name"));
        };
        let variant = resolved.variant;
        match &resolved.fields {
            Matching::InOrder => Ok((variant, Fields::InOrder)),
            Matching::ByName(fields) => {
                let fields = Rc::clone(fields);
                self.open.push(Open {
                    name: number,
                    fields,
                    next: 0,
                    ignores_unknown,
                });
                Ok((variant, Fields::ByName))
            }
            Matching::Skipped => {
                for _ in 0..self.name(number)?.len() {
                    self.skip()?;
                }
                Ok((variant, Fields::InOrder))
            }
        }
    }

    #[cold]
    pub(super) fn resolve_record(&mut self, number: usize, record: &'static Record) -> Result<()> {
        let name = self.name(number)?;
        if name.variant.is_some() {
            return Err(ErrorKind::Kind {
                expected: Kind::Record,
                found: Kind::Variant,
            }
            .into());
        }
        if name.name != record.name {
            let (expected, found) = (record.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let fields = match_fields(name, record)?;
        let address = std::ptr::from_ref(record).addr();
        self.set_resolved(number, address, 0, fields);
        Ok(())
    }

    #[cold]
    pub(super) fn resolve_variant(&mut self, number: usize, variants: &'static Enum) -> Result<()> {
        let name = self.name(number)?;
        let Some(found) = name.variant else {
            return Err(ErrorKind::Kind {
                expected: Kind::Variant,
                found: Kind::Record,
            }
            .into());
        };
        if name.name != variants.name {
            let (expected, found) = (variants.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let known = variants
            .position(found)
            .and_then(|at| Some((at, variants.variants.get(at)?)));
        let (variant, fields) = match (known, variants.other) {
            (Some((variant, record)), _) => (variant, match_fields(name, record)?),
            (None, Some(other)) => (other, Matching::Skipped),
            (None, None) => {
                let (record, found) = (variants.name, found.into());
                return Err(ErrorKind::UnknownVariant { record, found }.into());
            }
        };
        let address = std::ptr::from_ref(variants).addr();
        self.set_resolved(number, address, variant, fields);
        Ok(())
    }

    pub(super) fn set_resolved(
        &mut self,
        number: usize,
        address: usize,
        variant: usize,
        fields: Matching,
    ) {
        if let Some(place) = self.resolved.get_mut(number) {
            (place.address, place.variant, place.fields) = (address, variant, fields);
        }
    }
}

/// Finds out how received fields come to a record.
fn match_fields(name: &Name<'_>, record: &'static Record) -> Result<Matching> {
    match (&name.fields, record.fields) {
        (NameFields::Named(found), RecordFields::Named(expected)) => {
            let in_order = found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected)
                    .all(|(found, expected)| *found == expected.name);
            if in_order {
                return Ok(Matching::InOrder);
            }
            Ok(Matching::ByName(
                found.iter().map(|field| record.position(field)).collect(),
            ))
        }
        (NameFields::Positional(found), RecordFields::Positional(expected)) => {
            match (*found, expected) {
                (found, expected) if found == expected => Ok(Matching::InOrder),
                (found, expected) if found < expected => {
                    Ok(Matching::ByName((0..found).map(Some).collect()))
                }
                (found, expected) => Err(ErrorKind::Length { expected, found }.into()),
            }
        }
        (NameFields::Positional(0), RecordFields::Named(_)) => Ok(Matching::ByName([].into())),
        (NameFields::Named(found), RecordFields::Positional(0)) if record.ignores_unknown => {
            Ok(Matching::ByName(found.iter().map(|_| None).collect()))
        }
        (NameFields::Positional(_), RecordFields::Named(_)) => Err(ErrorKind::Kind {
            expected: Kind::Record,
            found: Kind::Tuple,
        }
        .into()),
        (NameFields::Named(_), RecordFields::Positional(_)) => Err(ErrorKind::Kind {
            expected: Kind::Tuple,
            found: Kind::Record,
        }
        .into()),
    }
}
