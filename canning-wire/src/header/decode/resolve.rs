//! What the names of a header are to the types that ask for them.

use std::{ptr, rc::Rc};

use canning_core::{
    Enum, ErrorKind, Fields, Record, Result,
    buffer::room,
    visitor::{Kind, Uncanner},
};
use smallvec::SmallVec;

use super::Decoder;
use crate::header::{
    body,
    cbor::{self, Cursor},
    names::{Name, NameFields},
    tables::ReceivedName,
};

/// What a name of this header is to the types that do not have its fields in order: almost always
/// one, and never more than the receiver has of the same name.
pub(super) type ResolvedTypes = SmallVec<[Resolved; 1]>;

/// What a name of this header is to a type that does not have its fields in order, as found
/// out the first time they met.
pub(super) struct Resolved {
    /// The address of the type's `Record` or `Enum`.
    address: usize,
    /// The number of the variant.
    variant: usize,
    fields: Matching,
}

#[derive(Clone)]
enum Matching {
    InOrder,
    /// For each received field the number in the record, if it has it.
    ByName(Rc<[Option<usize>]>),
    /// All are skipped, for the variant that stands for unknown ones.
    Skipped,
}

/// The head of a record whose fields come in order, as it stands in the body, and the type
/// that it was resolved for: compared before it is parsed again.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownHead {
    /// The address of the type's `Record` or `Enum`; zero for none.
    address: usize,
    bytes: [u8; 2],
    variant: usize,
}

impl KnownHead {
    /// As a constant, many of them are cleared at once.
    pub(super) const NONE: Self = Self { address: 0, bytes: [0; 2], variant: 0 };
}

/// A record whose fields come by name.
pub(super) struct Open {
    pub(super) name: usize,
    pub(super) fields: Rc<[Option<usize>]>,
    /// The received field that comes next.
    pub(super) next: usize,
    pub(super) ignores_unknown: bool,
}

impl<'b, 't> Decoder<'b, '_, 't> {
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
        let known = self.met.heads.get(slot)?;
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
        let (number, name) = self.begin_name(Kind::Record)?;
        self.enter()?;
        let address = ptr::from_ref(record).addr();
        if name.is_variant || name.in_order() != address {
            match self.meet_record(number, name, record)? {
                Matching::InOrder => name.set_in_order(record),
                fields => return self.open(number, fields, record.ignores_unknown),
            }
        }
        self.know_head(&start, address, slot(address, 0), 0);
        Ok(Fields::InOrder)
    }

    /// Begins a variant that this type may not have met.
    pub(super) fn begin_new_variant(&mut self, variants: &'static Enum) -> Result<(usize, Fields)> {
        let start = self.cursor.clone();
        let (number, name) = self.begin_name(Kind::Variant)?;
        self.enter()?;
        let in_order = name.in_order();
        let known = |record: &Record| name.is_variant && ptr::from_ref(record).addr() == in_order;
        let variant = match variants.variants.iter().position(known) {
            Some(variant) => variant,
            None => {
                let (variant, fields) = self.meet_variant(number, variants)?;
                let record = variants.variants.get(variant);
                match (fields, record) {
                    (Matching::InOrder, Some(record)) => name.set_in_order(record),
                    (fields, record) => {
                        let ignores_unknown = record.is_none_or(|record| record.ignores_unknown);
                        return Ok((variant, self.open(number, fields, ignores_unknown)?));
                    }
                }
                variant
            }
        };
        if let [_, code] = start.up_to(&self.cursor) {
            let address = ptr::from_ref(variants).addr();
            self.know_head(&start, address, slot(address, *code), variant);
        }
        Ok((variant, Fields::InOrder))
    }

    /// Remembers the head that begins at `start`.
    fn know_head(&mut self, start: &Cursor<'_>, address: usize, slot: usize, variant: usize) {
        if let Ok(bytes) = start.up_to(&self.cursor).try_into()
            && let Some(place) = self.met.heads.get_mut(slot)
        {
            *place = KnownHead { address, bytes, variant };
        }
    }

    /// Begins a record; gives its number in the names, and what is known of it.
    pub(super) fn begin_name(&mut self, kind: Kind) -> Result<(usize, &'t ReceivedName)> {
        let start = self.cursor.clone();
        if self.cursor.peek()? >> 5 == cbor::ARRAY {
            let count = self.cursor.count(cbor::ARRAY, "an array")?;
            if count > 0 && self.cursor.peek()? >> 5 == cbor::UNSIGNED {
                let code = self.cursor.head(cbor::UNSIGNED, "a code")?;
                if let Some(number) = code.checked_sub(body::RECORDS) {
                    let number = usize::try_from(number).unwrap_or(usize::MAX);
                    return match self.tables.names.get(number) {
                        Some(name) if name.fields == count - 1 => Ok((number, name)),
                        Some(_) => Err(start.malformed("as many fields as the record has")),
                        None => Err(start.malformed("a record with a name")),
                    };
                }
            }
        }
        self.cursor = start;
        Err(self.unexpected(kind))
    }

    pub(super) fn name(&self, number: usize) -> Result<Name<'b>> {
        match self.tables.names.get(number) {
            Some(name) => name.name(self.table_bytes),
            None => Err(self.cursor.malformed("a record with a name")),
        }
    }

    /// Opens a record whose fields do not come in order.
    fn open(&mut self, number: usize, fields: Matching, ignores_unknown: bool) -> Result<Fields> {
        match fields {
            Matching::InOrder => Ok(Fields::InOrder),
            Matching::ByName(fields) => {
                self.open.push(Open { name: number, fields, next: 0, ignores_unknown });
                Ok(Fields::ByName)
            }
            Matching::Skipped => {
                let fields = self.tables.names.get(number).map_or(0, |name| name.fields);
                for _ in 0..fields {
                    self.skip()?;
                }
                Ok(Fields::InOrder)
            }
        }
    }

    #[cold]
    fn meet_record(
        &mut self,
        number: usize,
        name: &ReceivedName,
        record: &'static Record,
    ) -> Result<Matching> {
        let address = ptr::from_ref(record).addr();
        if let Some((_, fields)) = self.resolved(number, address) {
            return Ok(fields);
        }
        if !name.is_variant && name.is_of(self.table_bytes, record) {
            return Ok(Matching::InOrder);
        }
        let name = self.name(number)?;
        if name.variant.is_some() {
            return Err(ErrorKind::Kind { expected: Kind::Record, found: Kind::Variant }.into());
        }
        if name.name != record.name {
            let (expected, found) = (record.name, name.name.into());
            return Err(ErrorKind::Record { expected, found }.into());
        }
        let fields = match_fields(&name, record)?;
        self.set_resolved(number, Resolved { address, variant: 0, fields: fields.clone() })?;
        Ok(fields)
    }

    #[cold]
    fn meet_variant(
        &mut self,
        number: usize,
        variants: &'static Enum,
    ) -> Result<(usize, Matching)> {
        let address = ptr::from_ref(variants).addr();
        if let Some(resolved) = self.resolved(number, address) {
            return Ok(resolved);
        }
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
            (Some((variant, record)), _) => (variant, match_fields(&name, record)?),
            (None, Some(other)) => (other, Matching::Skipped),
            (None, None) => {
                let (record, found) = (variants.name, found.into());
                return Err(ErrorKind::UnknownVariant { record, found }.into());
            }
        };
        self.set_resolved(number, Resolved { address, variant, fields: fields.clone() })?;
        Ok((variant, fields))
    }

    fn resolved(&self, number: usize, address: usize) -> Option<(usize, Matching)> {
        let mut types = self.resolved.get(number)?.iter();
        let resolved = types.find(|resolved| resolved.address == address)?;
        Some((resolved.variant, resolved.fields.clone()))
    }

    /// Remembers what a name is to a type, unless the [table](ReceivedName::set_in_order) does.
    fn set_resolved(&mut self, number: usize, resolved: Resolved) -> Result<()> {
        if matches!(resolved.fields, Matching::InOrder) {
            return Ok(());
        }
        if self.resolved.is_empty() {
            let names = self.tables.names.len();
            room::reserve_exact(&mut self.resolved, names)?;
            self.resolved.resize_with(names, SmallVec::new);
        }
        if let Some(types) = self.resolved.get_mut(number) {
            types.push(resolved);
        }
        Ok(())
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
    let matching = match name.fields {
        NameFields::Named(found) => record.match_named(found),
        NameFields::Positional(found) => record.match_positional(found),
    };
    Ok(match matching? {
        canning_core::Matching::InOrder => Matching::InOrder,
        canning_core::Matching::ByName(positions) => Matching::ByName(positions.into()),
    })
}
