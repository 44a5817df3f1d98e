//! The table of names: each record and variant stands once a header.

use std::{collections::HashMap, sync::Arc};

use canning_core::{ErrorKind, FieldNames, Record, RecordFields, RecordName, Result, buffer::room};

use smallvec::SmallVec;

pub(crate) use self::heads::{RecentHeads, RecordHead};
use crate::header::{
    cbor::{self, Bytes, Cursor},
    distinct::{TableWriter, push, received_twice, repeated},
};

mod heads;

/// Numbers records as they are met.
#[derive(Debug, Default)]
pub(crate) struct NameWriter {
    table: TableWriter,
    /// The heads of those that gave way to others, by their addresses.
    by_address: Option<HashMap<usize, RecordHead>>,
    /// Those of records without a type, by the address of the names, which are kept with them.
    by_name: Option<HashMap<usize, (Arc<RecordName>, RecordHead)>>,
    /// A field that stands twice in a record, which no reader would take.
    duplicate: Option<Box<str>>,
}

impl NameWriter {
    /// Begins the table of another value.
    pub(crate) fn restart(&mut self) {
        (self.by_address, self.by_name) = (None, None);
        if self.duplicate.is_some() {
            *self = Self::default();
        }
        self.table.restart();
    }

    /// The head of a record.
    #[inline]
    pub(crate) fn head_of(
        &mut self,
        record: &'static Record,
        recent: &mut RecentHeads,
    ) -> RecordHead {
        let address = std::ptr::from_ref(record).addr();
        match recent.of(address) {
            (recent, head) if *recent == address => *head,
            recent => self.look_up(record, address, recent),
        }
    }

    #[cold]
    fn look_up(
        &mut self,
        record: &'static Record,
        address: usize,
        recent: &mut (usize, RecordHead),
    ) -> RecordHead {
        let known = self.by_address.as_ref().and_then(|known| known.get(&address));
        let head = match known {
            Some(head) => *head,
            None => {
                let (number, is_new) =
                    self.table.number_static(record, |out| encode_static(out, record));
                if let (true, RecordFields::Named(fields)) = (is_new, record.fields) {
                    self.check_fields(fields.iter().map(|field| field.name));
                }
                RecordHead::new(record.len(), number)
            }
        };
        let (before, its_head) = std::mem::replace(recent, (address, head));
        if before != 0 {
            self.by_address.get_or_insert_default().insert(before, its_head);
        }
        head
    }

    /// The head of a record whose type is not known here.
    pub(crate) fn head_of_any(&mut self, record: &Arc<RecordName>) -> RecordHead {
        let address = Arc::as_ptr(record).addr();
        if let Some((_, head)) = self.by_name.as_ref().and_then(|known| known.get(&address)) {
            return *head;
        }
        let (number, is_new) = self.table.number(|out| encode_any(out, record));
        if let (true, FieldNames::Named(fields)) = (is_new, &record.fields) {
            self.check_fields(fields.iter().map(AsRef::as_ref));
        }
        let head = RecordHead::new(record.fields.len(), number);
        self.by_name.get_or_insert_default().insert(address, (Arc::clone(record), head));
        head
    }

    fn check_fields<'f>(&mut self, fields: impl ExactSizeIterator<Item = &'f str> + Clone) {
        if let Some(field) = repeated(fields) {
            self.duplicate = Some(field.into());
        }
    }

    /// Checks the table, and gives it when it is whole.
    pub(crate) fn finish(&mut self) -> Result<&TableWriter> {
        if let Some(name) = self.duplicate.clone() {
            return Err(ErrorKind::DuplicateField { name }.into());
        }
        self.table.drop_rest();
        Ok(&self.table)
    }
}

/// A received entry of the table, as it lies there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'b> {
    pub(crate) name: &'b str,
    pub(crate) variant: Option<&'b str>,
    pub(crate) fields: NameFields<'b>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum NameFields<'b> {
    Named(FieldTexts<'b>),
    Positional(usize),
}

/// The names of fields, one after the other as they were received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldTexts<'b> {
    left: usize,
    /// So many texts, which were checked.
    texts: &'b [u8],
}

impl<'b> Iterator for FieldTexts<'b> {
    type Item = &'b str;

    fn next(&mut self) -> Option<&'b str> {
        self.left = self.left.checked_sub(1)?;
        let mut cursor = Cursor::new(self.texts, 0);
        let text = cursor.text().ok();
        self.texts = cursor.rest();
        text
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for FieldTexts<'_> {}

impl Name<'_> {
    pub(crate) fn len(&self) -> usize {
        match self.fields {
            NameFields::Named(fields) => fields.len(),
            NameFields::Positional(len) => len,
        }
    }

    pub(crate) fn to_owned(self) -> Result<RecordName> {
        let owned = |text| room::copied_text(text).map(String::into_boxed_str);
        let fields = match self.fields {
            NameFields::Named(fields) => {
                let mut names = Vec::new();
                room::reserve_exact(&mut names, fields.len())?;
                for field in fields {
                    names.push(owned(field)?);
                }
                FieldNames::Named(names)
            }
            NameFields::Positional(len) => FieldNames::Positional(len),
        };
        Ok(RecordName {
            name: owned(self.name)?,
            variant: self.variant.map(owned).transpose()?,
            fields,
        })
    }
}

/// Reads the table, in which no record stands twice; gives what `each` makes of the names and of
/// where they start.
pub(crate) fn decode_table<'b, T>(
    cursor: &mut Cursor<'b>,
    each: impl Fn(usize, Name<'b>) -> T,
) -> Result<SmallVec<[T; 1]>> {
    let start = cursor.clone();
    let count = cursor.count(cbor::ARRAY, "the names")?;
    let mut names = SmallVec::new();
    let mut entries = SmallVec::<[&[u8]; 4]>::new();
    for _ in 0..count {
        let before = cursor.clone();
        push(&mut names, each(before.offset(), decode(cursor)?))?;
        push(&mut entries, before.up_to(cursor))?;
    }
    if received_twice(entries.iter().copied())?.is_some() {
        return Err(start.malformed("names that differ"));
    }
    Ok(names)
}

pub(crate) fn decode<'b>(cursor: &mut Cursor<'b>) -> Result<Name<'b>> {
    let start = cursor.clone();
    let parts = cursor.count(cbor::ARRAY, "a name")?;
    let name = cursor.text()?;
    let variant = match parts {
        2 => None,
        3 => Some(cursor.text()?),
        _ => return Err(start.malformed("a name of two or three parts")),
    };
    let start = cursor.clone();
    let fields = if cursor.peek()? >> 5 == cbor::UNSIGNED {
        let len = cursor.head(cbor::UNSIGNED, "a number of fields")?;
        let len = usize::try_from(len).map_err(|_too_many| start.malformed("fewer fields"))?;
        NameFields::Positional(len)
    } else {
        let count = cursor.count(cbor::ARRAY, "the names of fields")?;
        let texts = cursor.clone();
        let mut fields = SmallVec::<[&str; 8]>::new();
        for _ in 0..count {
            push(&mut fields, cursor.text()?)?;
        }
        if received_twice(fields.iter().copied())?.is_some() {
            return Err(start.malformed("field names that differ"));
        }
        NameFields::Named(FieldTexts { left: count, texts: texts.up_to(cursor) })
    };
    Ok(Name { name, variant, fields })
}

/// Whether an entry is that of a record: compared as it is, without reading it.
pub(crate) fn is_of(entry: &[u8], record: &Record) -> bool {
    let mut compared = Compared { rest: Some(entry) };
    encode_static(&mut compared, record);
    compared.rest.is_some()
}

/// Compares what is appended with what is there.
struct Compared<'b> {
    /// What follows what was the same so far; none where something was not.
    rest: Option<&'b [u8]>,
}

impl Bytes for Compared<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.rest = self.rest.and_then(|rest| rest.strip_prefix(bytes));
    }
}

fn encode_static(out: &mut impl Bytes, record: &Record) {
    start_entry(out, record.name, record.variant);
    match record.fields {
        RecordFields::Positional(len) => cbor::head(out, cbor::UNSIGNED, len as u64),
        RecordFields::Named(fields) => {
            cbor::head(out, cbor::ARRAY, fields.len() as u64);
            fields.iter().for_each(|field| cbor::text(out, field.name));
        }
    }
}

fn encode_any(out: &mut impl Bytes, record: &RecordName) {
    start_entry(out, &record.name, record.variant.as_deref());
    match &record.fields {
        FieldNames::Positional(len) => cbor::head(out, cbor::UNSIGNED, *len as u64),
        FieldNames::Named(fields) => {
            cbor::head(out, cbor::ARRAY, fields.len() as u64);
            fields.iter().for_each(|field| cbor::text(out, field));
        }
    }
}

fn start_entry(out: &mut impl Bytes, name: &str, variant: Option<&str>) {
    cbor::head(out, cbor::ARRAY, if variant.is_some() { 3 } else { 2 });
    cbor::text(out, name);
    if let Some(variant) = variant {
        cbor::text(out, variant);
    }
}
