//! The tables of dtypes and names, as they were received.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use canning_core::{Record, RecordName, Result};
use smallvec::SmallVec;

use crate::header::{
    cbor::{self, Cursor},
    decode::Met,
    dtypes::{self, ReceivedDtypes},
    names::{self, Name},
};

/// Both tables, checked; the names stay in the header.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) dtypes: ReceivedDtypes,
    pub(crate) names: SmallVec<[ReceivedName; 1]>,
}

impl Tables {
    /// Reads the tables, which are `bytes` at `base` of the header.
    pub(crate) fn parse(bytes: &[u8], base: usize) -> Result<Self> {
        let mut cursor = Cursor::new(bytes, base);
        let dtypes = dtypes::decode_table(&mut cursor)?;
        let names = names::decode_table(&mut cursor, |at, name| ReceivedName {
            at: at - base,
            fields: name.len(),
            is_variant: name.variant.is_some(),
            in_order: AtomicUsize::new(0),
            any: OnceLock::new(),
        })?;
        Ok(Self { dtypes, names })
    }
}

/// An entry of the table of names, and what was found out about it.
#[derive(Debug)]
pub(crate) struct ReceivedName {
    /// Where it starts in the tables.
    at: usize,
    /// How many fields it has.
    pub(crate) fields: usize,
    pub(crate) is_variant: bool,
    /// The address of a record that has the same names in the same order; zero for none.
    in_order: AtomicUsize,
    /// The name for those who know no type.
    any: OnceLock<Arc<RecordName>>,
}

impl ReceivedName {
    /// The names, out of the tables that they were received in, or the same ones of another header.
    pub(crate) fn name<'b>(&self, tables: &'b [u8]) -> Result<Name<'b>> {
        let entry = tables.get(self.at..).unwrap_or_default();
        names::decode(&mut Cursor::new(entry, self.at))
    }

    /// The address of a record that was found to have the same names in the same order.
    #[inline]
    pub(crate) fn in_order(&self) -> usize {
        self.in_order.load(Ordering::Relaxed)
    }

    /// Whether these are the names of a record, in the same order.
    pub(crate) fn is_of(&self, tables: &[u8], record: &Record) -> bool {
        names::is_of(tables.get(self.at..).unwrap_or_default(), record)
    }

    /// Notes a record that has the same names in the same order.
    pub(crate) fn set_in_order(&self, record: &'static Record) {
        self.in_order.store(std::ptr::from_ref(record).addr(), Ordering::Relaxed);
    }

    /// The name for those who know no type.
    pub(crate) fn any(&self, tables: &[u8]) -> Result<Arc<RecordName>> {
        if let Some(any) = self.any.get() {
            return Ok(Arc::clone(any));
        }
        let name = Arc::new(self.name(tables)?.to_owned()?);
        Ok(Arc::clone(self.any.get_or_init(|| name)))
    }
}

/// The tables of headers that came lately: where the same bytes come again, nothing has to be
/// found out again.
#[derive(Debug, Default)]
pub(crate) struct KnownTables {
    known: [Option<Known>; 4],
    /// Which of them the next one takes the place of.
    next: usize,
}

/// Tables that came, and what goes with them.
#[derive(Debug)]
pub(crate) struct Known {
    bytes: Box<[u8]>,
    pub(crate) tables: Arc<Tables>,
    /// For those who read one value after the other.
    pub(crate) met: Met,
}

impl KnownTables {
    /// The number of those that a header goes on with, and their length.
    #[inline]
    pub(crate) fn find(&self, rest: &[u8]) -> Option<(usize, usize)> {
        self.known.iter().enumerate().find_map(|(number, known)| {
            let known = known.as_ref().filter(|known| rest.starts_with(&known.bytes))?;
            Some((number, known.bytes.len()))
        })
    }

    /// The tables of a number.
    pub(crate) fn get(&mut self, number: usize) -> Option<&mut Known> {
        self.known.get_mut(number)?.as_mut()
    }

    /// Remembers the tables of a header, unless there is nothing in them, or much; gives their
    /// number.
    pub(crate) fn remember(&mut self, bytes: &[u8], base: usize) -> Option<usize> {
        if bytes == EMPTY || bytes.len() > MOST {
            return None;
        }
        // What is wrong with them is said when they are needed.
        let tables = Arc::new(Tables::parse(bytes, base).ok()?);
        let number = self.next;
        *self.known.get_mut(number)? =
            Some(Known { bytes: bytes.into(), tables, met: Met::nothing() });
        self.next = (number + 1) % self.known.len();
        Some(number)
    }
}

/// Tables without entries.
const EMPTY: &[u8] = &[cbor::ARRAY << 5, cbor::ARRAY << 5];

/// The longest tables that are kept, in bytes.
const MOST: usize = 1024;

#[cfg(test)]
mod tests {
    use canning_core::Buffer;

    use super::*;
    use crate::{header::Front, limits::Limits};

    /// A header around `00`, with tables of so many bytes.
    fn header(tables: &[u8]) -> Buffer<'static> {
        let parts = [b"\xd9\xd9\xf7\x89\x01\x00\x01\x80", tables, b"\x00\x40\x40"];
        parts.concat().into()
    }

    fn parse_next(tables: &[u8], known: &mut KnownTables) -> Result<Front> {
        Front::parse_next(&header(tables), &Limits::default(), known, Vec::new())
    }

    #[test]
    fn the_same_bytes_are_read_once_and_others_apart() {
        let mut known = KnownTables::default();
        let mut parse = |tables: &[u8]| {
            let front = parse_next(tables, &mut known);
            front.unwrap().known
        };
        let entry = |letter: u8| [b"\x80\x81\x82\x61", &[letter][..], b"\x81\x61x"].concat();
        let first = parse(&entry(b'P')).unwrap();
        assert!(Arc::ptr_eq(&first, &parse(&entry(b'P')).unwrap()));
        assert!(!Arc::ptr_eq(&first, &parse(&entry(b'Q')).unwrap()));
        assert!(Arc::ptr_eq(&first, &parse(&entry(b'P')).unwrap()));
        let tables = entry(b'P');
        let name = first.names[0].name(&tables).unwrap();
        assert_eq!((name.name, name.len(), first.names.len()), ("P", 1, 1));
        // Four others have taken its place.
        for letter in b'R'..b'V' {
            parse(&entry(letter)).unwrap();
        }
        assert!(!Arc::ptr_eq(&first, &parse(&entry(b'P')).unwrap()));
    }

    #[test]
    fn empty_long_and_impossible_tables_are_not_kept() {
        let mut known = KnownTables::default();
        let long = [b"\x80\x81\x82\x79\x04\x01", &[b'x'; 1025][..], b"\x00"].concat();
        for tables in [EMPTY, &long, b"\x81\x63<f9\x80", b"\x80\x82\x82\x61x\x00\x82\x61x\x00"] {
            let front = parse_next(tables, &mut known);
            assert!(front.unwrap().known.is_none(), "{tables:x?}");
        }
        assert!(known.known.iter().all(Option::is_none));
    }
}
