//! Entries of a table, of which none stands twice.

use std::collections::HashMap;

use smallvec::SmallVec;

use crate::header::{
    cbor::{self, Bytes},
    few_bytes::FewBytes,
};

/// Numbers entries, which are the same where their bytes are.
#[derive(Debug, Default)]
pub(crate) struct TableWriter {
    encoded: FewBytes,
    /// Where each entry ends.
    ends: SmallVec<[usize; 4]>,
    /// The entries by their bytes, once they are [`MANY`].
    numbers: Option<HashMap<Box<[u8]>, usize>>,
}

impl TableWriter {
    /// The number of the entry that `write` appends, and whether it is new.
    pub(crate) fn number(&mut self, write: impl FnOnce(&mut FewBytes)) -> (u64, bool) {
        let start = self.encoded.len();
        write(&mut self.encoded);
        let (before, entry) = self.encoded.split_at(start);
        let found = match &self.numbers {
            Some(numbers) => numbers.get(entry).copied(),
            None => entries(before, &self.ends).position(|other| other == entry),
        };
        if let Some(number) = found {
            self.encoded.truncate(start);
            return (number as u64, false);
        }
        let number = self.ends.len();
        self.ends.push(self.encoded.len());
        match &mut self.numbers {
            Some(numbers) => {
                numbers.insert(entry.into(), number);
            }
            None if self.ends.len() == MANY => self.index(),
            None => {}
        }
        (number as u64, true)
    }

    /// Appends the table.
    pub(crate) fn finish(&self, out: &mut FewBytes) {
        cbor::head(out, cbor::ARRAY, self.ends.len() as u64);
        out.put(&self.encoded);
    }

    #[cold]
    fn index(&mut self) {
        let entries = entries(&self.encoded, &self.ends).zip(0..);
        self.numbers = Some(entries.map(|(entry, number)| (entry.into(), number)).collect());
    }
}

/// The entries that end there.
fn entries<'e>(encoded: &'e [u8], ends: &'e [usize]) -> impl Iterator<Item = &'e [u8]> {
    let mut start = 0;
    ends.iter().map(move |end| {
        let entry = encoded.get(start..*end).unwrap_or_default();
        start = *end;
        entry
    })
}

/// An item that stands twice.
pub(crate) fn repeated<T: Copy + Ord>(
    items: impl ExactSizeIterator<Item = T> + Clone,
) -> Option<T> {
    if items.len() < MANY {
        let stood_before =
            |(at, item): &(usize, T)| items.clone().take(*at).any(|other| other == *item);
        return items.clone().enumerate().find(stood_before).map(|(_, item)| item);
    }
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.array_windows().find(|[a, b]| a == b).map(|[item, _]| *item)
}

/// Fewer are compared one by one, which takes no hashing.
const MANY: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_once_however_many_they_are() {
        let mut table = TableWriter::default();
        for round in 0..2 {
            for number in 0..5 * MANY as u64 {
                let numbered = table.number(|out| cbor::head(out, cbor::UNSIGNED, number));
                assert_eq!(numbered, (number, round == 0));
            }
        }
        let mut out = FewBytes::default();
        table.finish(&mut out);
        assert_eq!(out.len(), 2 + 24 + 2 * 56);
    }
}
