//! What the tables of a frame say: how long headers are, and buffers on the wire.

use canning_core::buffer::room;

use crate::{
    error::{Error, ErrorKind, Result},
    frame::{
        Part, chunks,
        prelude::{self, Prelude},
    },
    header::BufferEntry,
    limits::Limits,
};

/// The lengths that stand before the first blob, each list with the next one last.
#[derive(Debug, Default)]
pub(super) struct Lengths {
    headers: Vec<u64>,
    /// The number of buffers of each object, where they may be compressed.
    counts: Vec<u64>,
    /// What each buffer takes on the wire, where they may be compressed.
    buffers: Vec<u64>,
    /// Bytes of compressed buffers so far, as they are unfolded.
    unfolded: u64,
    /// How much shorter they are on the wire.
    saved: u64,
}

impl Lengths {
    /// Takes the table of objects; gives the length of the table of buffers, which follows it.
    pub(super) fn take_objects(
        &mut self,
        table: &[u8],
        prelude: &Prelude,
        limits: &Limits,
    ) -> Result<u64> {
        self.headers.clear();
        self.counts.clear();
        self.buffers.clear();
        self.buffers.shrink_to(MOST_KEPT);
        (self.unfolded, self.saved) = (0, 0);
        let (numbers, _) = table.as_chunks();
        let numbers = numbers.iter().rev().map(|number| u64::from_le_bytes(*number));
        room::reserve_exact(&mut self.headers, numbers.len())?;
        if !prelude.is_packed {
            self.headers.extend(numbers);
            return Ok(0);
        }
        room::reserve_exact(&mut self.counts, numbers.len() / 2)?;
        let mut sum = 0_u64;
        for (at, number) in numbers.enumerate() {
            // From the back: the number of buffers, then the length of the header.
            if at % 2 == 0 {
                prelude::limit("number of buffers", limits.buffers, number)?;
                sum = sum.saturating_add(number);
                self.counts.push(number);
            } else {
                self.headers.push(number);
            }
        }
        Ok(sum.saturating_mul(8))
    }

    /// Takes the table of buffers.
    pub(super) fn take_buffers(&mut self, table: &[u8]) -> Result<()> {
        let (lens, _) = table.as_chunks();
        room::reserve_exact(&mut self.buffers, lens.len())?;
        self.buffers.extend(lens.iter().rev().map(|len| u64::from_le_bytes(*len)));
        Ok(())
    }

    /// The length of the next header.
    pub(super) fn next_header(&mut self) -> u64 {
        self.headers.pop().unwrap_or_default()
    }

    /// Refuses an object whose buffers are not those of the tables, or unfold to too much.
    pub(super) fn check_object(
        &mut self,
        object: usize,
        entries: &[BufferEntry],
        prelude: &Prelude,
        limits: &Limits,
    ) -> Result<()> {
        let Some(count) = self.counts.pop() else {
            return Ok(());
        };
        if count != entries.len() as u64 {
            let why = "an object has another number of buffers than its table says";
            return Err(Error::new(ErrorKind::Frame(why), 0));
        }
        for (buffer, (entry, len)) in entries.iter().zip(self.buffers.iter().rev()).enumerate() {
            let part = Part::Buffer { object, buffer };
            let Some(saved) = entry.len.checked_sub(*len) else {
                return Err(chunks::bad(part, "it is longer than its bytes"));
            };
            if saved > 0 {
                chunks::check_ratio(*len, entry.len, part)?;
                self.unfolded = self.unfolded.saturating_add(entry.len);
                self.saved = self.saved.saturating_add(saved);
            }
        }
        prelude::limit("length of the compressed buffers", limits.unfolded_bytes, self.unfolded)?;
        let unfolded = prelude.len.saturating_add(self.saved);
        prelude::limit("length of the message", limits.message_bytes, unfolded)
    }

    /// What the next buffer takes on the wire, which has so many bytes.
    pub(super) fn next_buffer(&mut self, raw: u64) -> u64 {
        self.buffers.pop().unwrap_or(raw)
    }
}

/// Room for the lengths of so many buffers is kept between two messages.
const MOST_KEPT: usize = 1 << 14;
