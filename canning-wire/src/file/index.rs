//! Where the messages of a file are.

use std::io;

use super::{
    head::FIRST,
    names::Names,
    record::{ALIGN, LEAST},
};

/// Where each message is, and what it is called: 8 bytes a message, and what [`Names`] take.
#[derive(Debug)]
pub(super) struct Index {
    /// Where the record of each message starts; 0 for one that is lost.
    offsets: Vec<u64>,
    /// Where the last message starts that is not lost, or 0.
    latest: u64,
    pub(super) names: Names,
    /// The end of the last record that has its mark.
    pub(super) end: u64,
    /// Where the last index record starts; 0 where there is none.
    pub(super) last: u64,
}

impl Index {
    pub(super) fn new() -> Self {
        Self { offsets: Vec::new(), latest: 0, names: Names::default(), end: FIRST, last: 0 }
    }

    pub(super) fn len(&self) -> u64 {
        self.offsets.len() as u64
    }

    /// Where a message starts; `None` beyond the last, and 0 for one that is lost.
    pub(super) fn offset(&self, position: u64) -> Option<u64> {
        self.offsets.get(usize::try_from(position).ok()?).copied()
    }

    pub(super) fn name(&self, position: u64) -> &str {
        usize::try_from(position).map_or("", |position| self.names.get(position))
    }

    /// Adds a message, or says that there is no room for it.
    pub(super) fn push(&mut self, offset: u64, name: &str) -> io::Result<()> {
        self.offsets.try_reserve(1)?;
        self.names.push(self.offsets.len(), name)?;
        self.offsets.push(offset);
        if offset != 0 {
            self.latest = offset;
        }
        Ok(())
    }

    /// Adds lost messages until there are `len`, or says that there is no room for so many.
    pub(super) fn lose_until(&mut self, len: u64) -> io::Result<()> {
        let len = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let lost = len.saturating_sub(self.offsets.len());
        self.offsets.try_reserve(lost)?;
        self.offsets.resize(self.offsets.len() + lost, 0);
        Ok(())
    }
}

/// The payload of an index record: the messages since the index before.
///
/// ```text
///  0  number of messages, u64
///  8  where the record of each starts, u64 each; 0 for one that is lost
///     length of the name of each, u16 each
///     the names
/// ```
#[derive(Debug, Default)]
pub(super) struct Entries {
    offsets: Vec<u8>,
    name_lens: Vec<u8>,
    names: String,
}

impl Entries {
    /// Makes room for a message, whose name may be a stranger's.
    pub(super) fn reserve(&mut self, name: &str) -> io::Result<()> {
        self.offsets.try_reserve(8)?;
        self.name_lens.try_reserve(2)?;
        self.names.try_reserve(name.len())?;
        Ok(())
    }

    pub(super) fn push(&mut self, offset: u64, name: &str) {
        self.offsets.extend_from_slice(&offset.to_le_bytes());
        let len = u16::try_from(name.len()).unwrap_or(u16::MAX);
        self.name_lens.extend_from_slice(&len.to_le_bytes());
        self.names.push_str(name);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Whether they should be written, so that memory stays flat.
    pub(super) fn is_full(&self) -> bool {
        self.offsets.len() + self.name_lens.len() + self.names.len() >= FULL
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let count = (self.offsets.len() / 8) as u64;
        let parts: [&[u8]; 4] =
            [&count.to_le_bytes(), &self.offsets, &self.name_lens, self.names.as_bytes()];
        parts.concat()
    }

    pub(super) fn clear(&mut self) {
        self.offsets.clear();
        self.name_lens.clear();
        self.names.clear();
    }

    /// Adds the messages of a payload, whose record starts at `before`; says whether it is well
    /// formed. If not, or if there is no room for them, some may have been added.
    pub(super) fn decode(payload: &[u8], before: u64, index: &mut Index) -> io::Result<bool> {
        let Some((offsets, lens, mut names)) = parts(payload) else {
            return Ok(false);
        };
        // Lost ones, too, had a record each: a hole of a file does not become a long index.
        if index.len() + offsets.len() as u64 > before.saturating_sub(FIRST) / LEAST {
            return Ok(false);
        }
        let mut least = FIRST.max(index.latest + 1);
        for (offset, len) in offsets.iter().zip(lens) {
            let (offset, len) = (u64::from_le_bytes(*offset), u16::from_le_bytes(*len));
            let Some((name, others)) = names.split_at_checked(usize::from(len)) else {
                return Ok(false);
            };
            if offset != 0 {
                if !offset.is_multiple_of(ALIGN) || offset < least || offset >= before {
                    return Ok(false);
                }
                least = offset + 1;
            }
            index.push(offset, name)?;
            names = others;
        }
        Ok(names.is_empty())
    }
}

/// The offsets, the lengths of the names, and the names.
type Parts<'p> = (&'p [[u8; 8]], &'p [[u8; 2]], &'p str);

fn parts(payload: &[u8]) -> Option<Parts<'_>> {
    let (count, rest) = payload.split_first_chunk()?;
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    let (offsets, rest) = rest.split_at_checked(count.checked_mul(8)?)?;
    let (lens, names) = rest.split_at_checked(count.checked_mul(2)?)?;
    Some((offsets.as_chunks().0, lens.as_chunks().0, std::str::from_utf8(names).ok()?))
}

/// Entries of so many bytes are written: those of 100,000 messages with short names.
const FULL: usize = 2 << 20;

/// An index record of more bytes is not believed.
pub(super) const MOST: u64 = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stand_in_order_between_the_head_of_the_file_and_their_index() {
        let is_good = |known: &[u64], offsets: &[u64]| {
            let mut index = Index::new();
            known.iter().for_each(|offset| index.push(*offset, "").unwrap());
            let mut entries = Entries::default();
            offsets.iter().for_each(|offset| entries.push(*offset, ""));
            Entries::decode(&entries.encode(), 1024, &mut index).unwrap()
        };
        assert!(is_good(&[], &[64, 192, 0, 896]) && is_good(&[64], &[192]) && is_good(&[64], &[]));
        for offsets in [[32, 192], [64, 200], [192, 64], [192, 192], [64, 1024], [64, 1 << 40]] {
            assert!(!is_good(&[], &offsets), "{offsets:?}");
        }
        for offset in [64, 128, 192] {
            assert!(!is_good(&[192], &[offset]), "{offset} again");
        }
    }

    #[test]
    fn entries_are_full_by_all_that_they_take() {
        let mut entries = Entries::default();
        assert!(entries.is_empty() && !entries.is_full());
        let name = "n".repeat(1000);
        while !entries.is_full() {
            let before = entries.encode().len();
            assert!(before < FULL + 8, "{before}");
            entries.push(64, &name);
            assert_eq!(entries.encode().len(), before + 1010);
        }
        assert!(entries.encode().len() >= FULL + 8 && !entries.is_empty());
        entries.clear();
        assert!(entries.is_empty() && !entries.is_full());
        assert_eq!(entries.encode(), [0; 8]);
    }

    #[test]
    fn entries_come_back_and_cut_ones_are_refused() {
        let mut entries = Entries::default();
        entries.push(64, "");
        entries.push(0, "");
        entries.push(640, "höhe");
        let payload = entries.encode();
        let mut index = Index::new();
        assert!(Entries::decode(&payload, 1000, &mut index).unwrap());
        index.names.sort().unwrap();
        assert_eq!((index.len(), index.offset(2), index.offset(3)), (3, Some(640), None));
        assert_eq!((index.name(2), index.names.find("höhe")), ("höhe", Some(2)));
        let is_good =
            |payload: &[u8], before| Entries::decode(payload, before, &mut Index::new()).unwrap();
        for len in 0..payload.len() {
            assert!(!is_good(&payload[..len], 1000), "{len}");
        }
        assert!(!is_good(&payload, 640), "beyond its own record");
        let mut longer = payload.clone();
        longer.push(b'a');
        assert!(!is_good(&longer, 1000));
        longer[..8].fill(0xff);
        assert!(!is_good(&longer, 1000));
    }

    #[test]
    fn more_messages_than_there_was_room_for_are_refused() {
        let mut entries = Entries::default();
        (0..7).for_each(|_| entries.push(0, ""));
        let payload = entries.encode();
        let mut index = Index::new();
        assert!(!Entries::decode(&payload, FIRST + 7 * LEAST - 1, &mut index).unwrap());
        assert_eq!(index.len(), 0);
        assert!(Entries::decode(&payload, FIRST + 7 * LEAST, &mut index).unwrap());
        assert!(!Entries::decode(&payload, FIRST + 14 * LEAST - 1, &mut index).unwrap());
        assert_eq!(index.len(), 7);
    }
}
