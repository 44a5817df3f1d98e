//! Entries of a table, of which none stands twice.

use std::{collections::HashMap, ptr};

use canning_core::{ErrorKind, Result, buffer::room};
use smallvec::{Array, SmallVec};

use crate::header::{
    cbor::{self, Bytes},
    few_bytes::FewBytes,
};

/// Numbers entries, which are the same where their bytes are.
///
/// It is used for one value after the other, and values of one type have the same entries in the
/// same order. So what is left of the value before stays, until this one has something else.
#[derive(Debug, Default)]
pub(crate) struct TableWriter {
    encoded: FewBytes,
    /// Where each entry ends.
    ends: SmallVec<[usize; 4]>,
    /// The entries by their bytes, once they are [`MANY`].
    numbers: Option<HashMap<Box<[u8]>, usize>>,
    /// The addresses of what the first entries were written from, which lives as long as the
    /// program.
    addresses: SmallVec<[usize; 4]>,
    /// How many of those entries this value has; those behind them are left of the value before.
    met: usize,
}

impl TableWriter {
    /// Begins the table of another value.
    pub(crate) fn restart(&mut self) {
        if self.addresses.len() != self.ends.len() {
            *self = Self::default();
        }
        self.met = 0;
    }

    /// As [`number`](Self::number), of what is always at the same address.
    pub(crate) fn number_static<T>(
        &mut self,
        item: &'static T,
        write: impl FnOnce(&mut FewBytes),
    ) -> (u64, bool) {
        let address = ptr::from_ref(item).addr();
        if self.addresses.get(self.met) == Some(&address) {
            self.met += 1;
            return (self.met as u64 - 1, false);
        }
        let mut met = self.addresses.iter().take(self.met);
        if let Some(number) = met.position(|other| *other == address) {
            return (number as u64, false);
        }
        let (number, is_new) = self.number(write);
        if is_new && self.addresses.len() as u64 == number && self.numbers.is_none() {
            self.addresses.push(address);
            self.met += 1;
        }
        (number, is_new)
    }

    /// The number of the entry that `write` appends, and whether it is new.
    pub(crate) fn number(&mut self, write: impl FnOnce(&mut FewBytes)) -> (u64, bool) {
        self.drop_rest();
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

    /// Drops what is left of the value before.
    pub(crate) fn drop_rest(&mut self) {
        if self.met < self.addresses.len() {
            self.addresses.truncate(self.met);
            self.ends.truncate(self.met);
            self.encoded.truncate(self.ends.last().copied().unwrap_or_default());
        }
    }

    /// The length of the table.
    pub(crate) fn len(&self) -> usize {
        cbor::head_len(self.ends.len() as u64) + self.encoded.len()
    }

    /// Appends the table.
    pub(crate) fn put(&self, out: &mut impl Bytes) {
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

/// Appends an item to a list whose length a peer decides.
pub(crate) fn push<A: Array>(items: &mut SmallVec<A>, item: A::Item) -> Result<()> {
    let bytes = (items.len() + 1) * size_of::<A::Item>();
    items.try_reserve(1).map_err(|_full| ErrorKind::OutOfMemory { bytes })?;
    items.push(item);
    Ok(())
}

/// An item that stands twice.
pub(crate) fn repeated<T: Copy + Ord>(
    items: impl ExactSizeIterator<Item = T> + Clone,
) -> Option<T> {
    repeated_in(items, Vec::new())
}

/// As [`repeated`], of items that a peer sent.
pub(crate) fn received_twice<T: Copy + Ord>(
    items: impl ExactSizeIterator<Item = T> + Clone,
) -> Result<Option<T>> {
    let mut sorted = Vec::new();
    if items.len() >= MANY {
        room::reserve_exact(&mut sorted, items.len())?;
    }
    Ok(repeated_in(items, sorted))
}

fn repeated_in<T: Copy + Ord>(
    items: impl ExactSizeIterator<Item = T> + Clone,
    mut sorted: Vec<T>,
) -> Option<T> {
    if items.len() < MANY {
        let stood_before =
            |(at, item): &(usize, T)| items.clone().take(*at).any(|other| other == *item);
        return items.clone().enumerate().find(stood_before).map(|(_, item)| item);
    }
    sorted.extend(items);
    sorted.sort_unstable();
    sorted.array_windows().find(|[a, b]| a == b).map(|[item, _]| *item)
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
        table.put(&mut out);
        assert_eq!(out.len(), 2 + 24 + 2 * 56);
        assert_eq!(out.len(), table.len());
    }

    /// The table of a value that meets these.
    fn table_of(table: &mut TableWriter, met: &[&'static u8]) -> Vec<u8> {
        table.restart();
        let mut distinct = Vec::new();
        for item in met {
            let (number, _) = table.number_static(*item, |out| out.put_one(**item));
            let position = distinct.iter().position(|other| other == *item);
            assert_eq!(number, position.unwrap_or(distinct.len()) as u64);
            if position.is_none() {
                distinct.push(**item);
            }
        }
        table.drop_rest();
        let mut out = Vec::new();
        table.put(&mut out);
        out
    }

    #[test]
    fn nothing_is_left_of_the_value_before() {
        static ITEMS: [u8; 4] = [1, 2, 3, 1];
        let [a, b, c, also_a] = ITEMS.each_ref();
        let values: &[&[&'static u8]] =
            &[&[], &[a], &[a, b], &[a, b, a, c], &[a, c], &[b, also_a], &[also_a, a, b]];
        for before in values {
            for value in values {
                let mut table = TableWriter::default();
                table_of(&mut table, before);
                let expected = table_of(&mut TableWriter::default(), value);
                assert_eq!(table_of(&mut table, value), expected, "{before:?} {value:?}");
                assert_eq!(table_of(&mut table, value), expected);
            }
        }
    }
}
