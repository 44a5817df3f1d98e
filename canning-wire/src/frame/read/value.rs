//! Messages of one value.

use std::ops::Range;

use canning_core::UncanOwned;

use crate::{
    checksum,
    error::Result,
    frame::{
        FrameReader,
        prelude::{self, Prelude},
    },
    header::{Front, are_zeros},
    limits::Limits,
    object::Object,
};

impl FrameReader<'_> {
    /// Takes the value of the next message, if the message is there whole, and its memory but
    /// that of the value [back](Self::recycle_message). When it is not there, more bytes are to be put
    /// into the [space](Self::space).
    ///
    /// Of a short message that was [read ahead](Self::read_ahead) it takes the value straight out
    /// of that block.
    ///
    /// # Errors
    ///
    /// - As [`next_message`](Self::next_message).
    /// - When the message has no or several objects, or another value: as
    ///   [`Message::into_array`](crate::Message::into_array) and
    ///   [`take`](canning_core::CannedObject::take). That message is dropped, and the next one
    ///   can be taken.
    pub fn next_value<T: UncanOwned<V>, V>(&mut self) -> Result<Option<T>> {
        if let Some(taken) = self.next_small_value() {
            return taken.map(Some);
        }
        let Some(mut message) = self.next_message()? else {
            return Ok(None);
        };
        let value = message.take_only();
        self.recycle_message(message);
        Ok(Some(value?))
    }

    /// Takes the value of a short message without making an object of it; `None` where that
    /// cannot be done, whatever the reason.
    fn next_small_value<T: UncanOwned<V>, V>(&mut self) -> Option<Result<T>> {
        let ahead = self.ahead.as_mut().filter(|_| self.parts.is_at_start())?;
        let (len, header) = header_of_only(ahead.bytes(), &self.parts.limits)?;
        let (limits, known) = (&self.parts.limits, &mut self.parts.known);
        let bytes = ahead.bytes().get(header.clone()).unwrap_or_default();
        let (front, known) = Front::parse_slice(bytes, limits, known).ok()?;
        if !front.buffers.is_empty() {
            return None;
        }
        // Before it is taken: whatever becomes of the value, the message is gone.
        let header = ahead.pass(len).get(header).unwrap_or_default();
        let value = Object::take_of_header(header, &front, known, limits);
        Some(value.map_err(Into::into))
    }
}

/// The length of a frame that is whole and holds nothing but one header, and where that is.
fn header_of_only(bytes: &[u8], limits: &Limits) -> Option<(usize, Range<usize>)> {
    let prelude = Prelude::parse(bytes.first_chunk()?, limits).ok()?;
    let (frame, table) = (bytes.get(..usize::try_from(prelude.len).ok()?)?, prelude::LEN);
    let header_len = u64::from_le_bytes(*frame.get(table..)?.first_chunk()?);
    let sum_len = usize::try_from(prelude.sum_len()).ok()?;
    let front = table + 8 + sum_len;
    let start = front.next_multiple_of(usize::try_from(prelude.align).ok()?);
    let end = frame.len().checked_sub(sum_len)?;
    let header = frame.get(start..end)?;
    if prelude.has_sums && !(is_summed(frame.get(..front)?) && is_summed(frame.get(start..)?)) {
        return None;
    }
    let is_padded = are_zeros(frame.get(front..start)?);
    let is_only = prelude.objects == 1
        && !prelude.is_packed
        && header.len() as u64 == header_len
        && header_len <= limits.header_bytes;
    (is_only && is_padded).then_some((frame.len(), start..end))
}

/// Whether bytes end with their checksum.
fn is_summed(bytes: &[u8]) -> bool {
    let parts = bytes.split_last_chunk::<{ prelude::SUM }>();
    parts.is_some_and(|(bytes, sum)| checksum::of(bytes).to_le_bytes() == *sum)
}
