//! The heads of records, as they stand in the body.

use canning_core::Record;

use crate::header::{body, cbor};

/// The head of an array and the code of the record, as they stand in the body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RecordHead {
    code: u64,
    /// Both in two bytes, where they fit: fewer than 23 fields, and one of the first sixteen
    /// names. Zero where not.
    short: [u8; 2],
}

impl RecordHead {
    pub(super) fn new(fields: usize, number: u64) -> Self {
        let code = body::RECORDS + number;
        let short = match (u8::try_from(fields), u8::try_from(code)) {
            (Ok(fields @ 0..23), Ok(code @ 0..24)) => [cbor::ARRAY << 5 | (fields + 1), code],
            _ => [0, 0],
        };
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

/// The heads of records met lately, by their addresses; zero for none.
#[derive(Debug)]
pub(crate) struct RecentHeads([(usize, RecordHead); 8]);

impl RecentHeads {
    /// As a constant, they are cleared with few stores.
    pub(crate) const NONE: Self = Self([(0, RecordHead { code: 0, short: [0, 0] }); 8]);

    /// The place for the record at this address.
    #[inline]
    pub(super) fn of(&mut self, address: usize) -> &mut (usize, RecordHead) {
        let Self(heads) = self;
        let slot = (address / align_of::<Record>()) % heads.len();
        heads.get_mut(slot).unwrap_or_else(|| unreachable!("a remainder is below the length"))
    }
}
