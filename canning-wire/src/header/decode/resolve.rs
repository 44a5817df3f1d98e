//! What the names of a header are to the types that ask for them.

use std::{ptr, rc::Rc, sync::Arc};

use canning_core::{
    Enum, ErrorKind, Fields, Record, RecordName, Result,
    visitor::{Kind, Uncanner},
};

use super::Decoder;
use crate::header::{
    body,
    cbor::{self, Cursor},
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

/// The head of a record whose fields come in order, as it stands in the body, and the type
/// that it was resolved for: compared before it is parsed again.
#[derive(Clone, Copy, Default)]
pub(super) struct KnownHead {
    /// The address of the type's `Record` or `Enum`; zero for none.
    address: usize,
    bytes: [u8; 2],
    variant: usize,
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
    /// Takes the head of a record if one of the same type began so before.
    #[inline]
    pub(super) fn known_record(&mut self, record: &'static Record) -> Option<()> {
        let address = ptr::from_ref(record).addr();
        self.known_head(address, slot(address, 0)).map(|_variant| ())
    }

    /// Takes the head of a variant if one of the same type began so before; gives its number.
    #[inline]
    pub(super) fn known_variant(&mut self, variants: &'static Enum) -> Option<usize> {
        let address = ptr::from_ref(variants).addr();
        let code = self.cursor.rest().get(1)?;
        self.known_head(address, slot(address, *code))
    }

    #[inline]
    fn known_head(&mut self, address: usize, slot: usize) -> Option<usize> {
        let known = self.known.get(slot)?;
        match self.cursor.rest() {
            [a, b, rest @ ..] if known.address == address && known.bytes == [*a, *b] => {
                self.cursor.go_to(rest);
                Some(known.variant)
            }
            _ => None,
        }
    }

    /// Begins a record that this type may not have met.
    pub(super) fn begin_new_record(&mut self, record: &'static Record) -> Result<Fields> {
        let start = self.cursor.clone();
        let number = self.begin_name(Kind::Record)?;
        self.enter()?;
        let address = ptr::from_ref(record).addr();
        if !self.is_resolved(number, address) {
            self.resolve_record(number, record)?;
        }
        let (_, fields) = self.open(number, record.ignores_unknown)?;
        if fields == Fields::InOrder {
            self.know_head(&start, address, slot(address, 0), 0);
        }
        Ok(fields)
    }

    /// Begins a variant that this type may not have met.
    pub(super) fn begin_new_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        let start = self.cursor.clone();
        let number = self.begin_name(Kind::Variant)?;
        self.enter()?;
        let address = ptr::from_ref(variants).addr();
        if !self.is_resolved(number, address) {
            self.resolve_variant(number, variants)?;
        }
        let variant = self.resolved.get(number).map(|resolved| resolved.variant);
        let variant = variant.and_then(|variant| variants.variants.get(variant));
        let ignores_unknown = variant.is_none_or(|record| record.ignores_unknown);
        let (variant, fields) = self.open(number, ignores_unknown)?;
        let head = start.up_to(&self.cursor);
        if fields == Fields::InOrder
            && let [_, code] = head
        {
            self.know_head(&start, address, slot(address, *code), variant);
        }
        Ok((variant, fields))
    }

    /// Remembers the head that begins at `start`.
    fn know_head(&mut self, start: &Cursor<'_>, address: usize, slot: usize, variant: usize) {
        if let Ok(bytes) = start.up_to(&self.cursor).try_into()
            && let Some(place) = self.known.get_mut(slot)
        {
            *place = KnownHead { address, bytes, variant };
        }
    }

    fn is_resolved(&self, number: usize, address: usize) -> bool {
        let resolved = self.resolved.get(number);
        resolved.is_some_and(|resolved| resolved.address == address)
    }

    /// Begins a record; gives its number in the names.
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
        self.names.get(number).ok_or_else(|| self.cursor.malformed("a record with a name"))
    }

    /// Opens a record as it was resolved.
    fn open(&mut self, number: usize, ignores_unknown: bool) -> Result<(usize, Fields)> {
        let Some(resolved) = self.resolved.get(number) else {
            return Err(self.cursor.malformed("a record with a name"));
        };
        let variant = resolved.variant;
        match &resolved.fields {
            Matching::InOrder => Ok((variant, Fields::InOrder)),
            Matching::ByName(fields) => {
                let fields = Rc::clone(fields);
                self.open.push(Open { name: number, fields, next: 0, ignores_unknown });
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
            return Err(ErrorKind::Kind { expected: Kind::Record, found: Kind::Variant }.into());
        }
        if name.name != record.name {
            let (expected, found) = (record.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let fields = match_fields(name, record)?;
        let address = ptr::from_ref(record).addr();
        self.set_resolved(number, address, 0, fields);
        Ok(())
    }

    #[cold]
    pub(super) fn resolve_variant(&mut self, number: usize, variants: &'static Enum) -> Result<()> {
        let name = self.name(number)?;
        let Some(found) = name.variant else {
            return Err(ErrorKind::Kind { expected: Kind::Variant, found: Kind::Record }.into());
        };
        if name.name != variants.name {
            let (expected, found) = (variants.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let known = variants.position(found).and_then(|at| Some((at, variants.variants.get(at)?)));
        let (variant, fields) = match (known, variants.other) {
            (Some((variant, record)), _) => (variant, match_fields(name, record)?),
            (None, Some(other)) => (other, Matching::Skipped),
            (None, None) => {
                let (record, found) = (variants.name, found.into());
                return Err(ErrorKind::UnknownVariant { record, found }.into());
            }
        };
        let address = ptr::from_ref(variants).addr();
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

/// Where the head that a type met last is kept: types, and variants of one type, that take
/// turns should differ in it.
#[inline]
fn slot(address: usize, code: u8) -> usize {
    (address / align_of::<Record>() + usize::from(code)) % 8
}

/// Finds out how received fields come to a record.
fn match_fields(name: &Name<'_>, record: &'static Record) -> Result<Matching> {
    let matching = match &name.fields {
        NameFields::Named(found) => record.match_named(found.iter().copied()),
        NameFields::Positional(found) => record.match_positional(*found),
    };
    Ok(match matching? {
        canning_core::Matching::InOrder => Matching::InOrder,
        canning_core::Matching::ByName(positions) => Matching::ByName(positions.into()),
    })
}
