//! The table of names: each record and variant stands once a header.

use std::{collections::HashMap, sync::Arc};

use canning_core::{ErrorKind, FieldNames, Record, RecordFields, RecordName, Result};

use crate::header::{
    body,
    cbor::{self, Cursor, differ},
};

/// Numbers records as they are met.
#[derive(Debug, Default)]
pub(crate) struct NameWriter {
    /// By the bytes of the entry: the same names get the same number, wherever they stand.
    numbers: HashMap<Box<[u8]>, u64>,
    by_address: HashMap<usize, u64>,
    /// Those of records without a type, by the address of the names, which are kept with them.
    by_name: HashMap<usize, (Arc<RecordName>, RecordHead)>,
    /// The heads of records met lately, by their addresses; zero for none.
    recent: [(usize, RecordHead); 8],
    encoded: Vec<u8>,
    /// A field that stands twice in a record, which no reader would take.
    duplicate: Option<Box<str>>,
}

/// The head of an array and the code of the record, as they stand in the body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RecordHead {
    code: u64,
    /// Both in two bytes, where they fit: fewer than 23 fields, and one of the first sixteen
    /// names. Zero where not.
    short: [u8; 2],
}

impl RecordHead {
    fn new(fields: usize, number: u64) -> Self {
        let code = body::RECORDS + number;
        let mut head = Vec::new();
        cbor::head(&mut head, cbor::ARRAY, fields as u64 + 1);
        cbor::head(&mut head, cbor::UNSIGNED, code);
        let short = head.as_slice().try_into().unwrap_or_default();
        Self { code, short }
    }

    /// Appends the head of a record of so many fields.
    #[inline]
    pub(crate) fn write(self, out: &mut Vec<u8>, fields: usize) {
        if self.short != [0, 0] {
            out.extend_from_slice(&self.short);
        } else {
            cbor::head(out, cbor::ARRAY, fields as u64 + 1);
            cbor::head(out, cbor::UNSIGNED, self.code);
        }
    }
}

impl NameWriter {
    /// The head of a record.
    #[inline]
    pub(crate) fn head_of(&mut self, record: &'static Record) -> RecordHead {
        let address = std::ptr::from_ref(record).addr();
        let slot = (address / align_of::<Record>()) % self.recent.len();
        match self.recent.get(slot) {
            Some((recent, head)) if *recent == address => *head,
            _ => self.look_up(record, address, slot),
        }
    }

    #[cold]
    fn look_up(&mut self, record: &'static Record, address: usize, slot: usize) -> RecordHead {
        let number = match self.by_address.get(&address) {
            Some(number) => *number,
            None => {
                if let RecordFields::Named(fields) = record.fields {
                    self.check_fields(fields.iter().map(|field| field.name));
                }
                let number = self.number(&encode_static(record));
                self.by_address.insert(address, number);
                number
            }
        };
        let head = RecordHead::new(record.len(), number);
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = (address, head);
        }
        head
    }

    /// The head of a record whose type is not known here.
    pub(crate) fn head_of_any(&mut self, record: &Arc<RecordName>) -> RecordHead {
        let address = Arc::as_ptr(record).addr();
        if let Some((_, head)) = self.by_name.get(&address) {
            return *head;
        }
        let known = self.numbers.len();
        let number = self.number(&encode_any(record));
        if let (true, FieldNames::Named(fields)) = (self.numbers.len() > known, &record.fields) {
            self.check_fields(fields.iter().map(AsRef::as_ref));
        }
        let head = RecordHead::new(record.fields.len(), number);
        self.by_name.insert(address, (Arc::clone(record), head));
        head
    }

    fn check_fields<'f>(&mut self, fields: impl Iterator<Item = &'f str>) {
        let mut fields: Vec<&str> = fields.collect();
        fields.sort_unstable();
        let mut pairs = fields.array_windows();
        if let Some([field, _]) = pairs.find(|[a, b]| a == b) {
            self.duplicate = Some(Box::from(*field));
        }
    }

    fn number(&mut self, entry: &[u8]) -> u64 {
        if let Some(number) = self.numbers.get(entry) {
            return *number;
        }
        let number = self.numbers.len() as u64;
        self.encoded.extend_from_slice(entry);
        self.numbers.insert(entry.into(), number);
        number
    }

    pub(crate) fn finish(&self, out: &mut Vec<u8>) -> Result<()> {
        if let Some(name) = self.duplicate.clone() {
            return Err(ErrorKind::DuplicateField { name }.into());
        }
        cbor::head(out, cbor::ARRAY, self.numbers.len() as u64);
        out.extend_from_slice(&self.encoded);
        Ok(())
    }
}

/// A received entry of the table.
#[derive(Debug)]
pub(crate) struct Name<'b> {
    pub(crate) name: &'b str,
    pub(crate) variant: Option<&'b str>,
    pub(crate) fields: NameFields<'b>,
}

#[derive(Debug)]
pub(crate) enum NameFields<'b> {
    Named(Vec<&'b str>),
    Positional(usize),
}

impl Name<'_> {
    pub(crate) fn len(&self) -> usize {
        match &self.fields {
            NameFields::Named(fields) => fields.len(),
            NameFields::Positional(len) => *len,
        }
    }

    pub(crate) fn to_owned(&self) -> RecordName {
        RecordName {
            name: self.name.into(),
            variant: self.variant.map(Into::into),
            fields: match &self.fields {
                NameFields::Named(fields) => {
                    FieldNames::Named(fields.iter().map(|field| Box::from(*field)).collect())
                }
                NameFields::Positional(len) => FieldNames::Positional(*len),
            },
        }
    }
}

/// Reads the table, in which no record stands twice.
pub(crate) fn decode_table<'b>(cursor: &mut Cursor<'b>) -> Result<Vec<Name<'b>>> {
    let start = cursor.clone();
    let count = cursor.count(cbor::ARRAY, "the names")?;
    let (mut names, mut entries) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let before = cursor.clone();
        names.push(decode(cursor)?);
        entries.push(before.up_to(cursor));
    }
    if !differ(entries) {
        return Err(start.malformed("names that differ"));
    }
    Ok(names)
}

fn decode<'b>(cursor: &mut Cursor<'b>) -> Result<Name<'b>> {
    let start = cursor.clone();
    let parts = cursor.count(cbor::ARRAY, "a name")?;
    let name = cursor.text()?;
    let variant = match parts {
        2 => None,
        3 => Some(cursor.text()?),
        _ => return Err(start.malformed("a name of two or three parts")),
    };
    let fields = if cursor.peek()? >> 5 == cbor::UNSIGNED {
        let start = cursor.clone();
        let len = cursor.head(cbor::UNSIGNED, "a number of fields")?;
        let len = usize::try_from(len).map_err(|_too_many| start.malformed("fewer fields"))?;
        NameFields::Positional(len)
    } else {
        let start = cursor.clone();
        let count = cursor.count(cbor::ARRAY, "the names of fields")?;
        let mut fields = Vec::with_capacity(count.min(2));
        for _ in 0..count {
            fields.push(cursor.text()?);
        }
        if !differ(fields.iter().map(|field| field.as_bytes()).collect()) {
            return Err(start.malformed("field names that differ"));
        }
        NameFields::Named(fields)
    };
    Ok(Name { name, variant, fields })
}

fn encode_static(record: &Record) -> Vec<u8> {
    let mut out = entry(record.name, record.variant);
    match record.fields {
        RecordFields::Positional(len) => cbor::head(&mut out, cbor::UNSIGNED, len as u64),
        RecordFields::Named(fields) => {
            cbor::head(&mut out, cbor::ARRAY, fields.len() as u64);
            fields.iter().for_each(|field| cbor::text(&mut out, field.name));
        }
    }
    out
}

fn encode_any(record: &RecordName) -> Vec<u8> {
    let mut out = entry(&record.name, record.variant.as_deref());
    match &record.fields {
        FieldNames::Positional(len) => cbor::head(&mut out, cbor::UNSIGNED, *len as u64),
        FieldNames::Named(fields) => {
            cbor::head(&mut out, cbor::ARRAY, fields.len() as u64);
            fields.iter().for_each(|field| cbor::text(&mut out, field));
        }
    }
    out
}

fn entry(name: &str, variant: Option<&str>) -> Vec<u8> {
    let mut out = Vec::new();
    cbor::head(&mut out, cbor::ARRAY, if variant.is_some() { 3 } else { 2 });
    cbor::text(&mut out, name);
    if let Some(variant) = variant {
        cbor::text(&mut out, variant);
    }
    out
}
