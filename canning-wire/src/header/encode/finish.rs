//! Putting a header together: the front, the body, and the tail.

use std::{mem, ops::Range};

use canning_core::{Buffer, Result, SharedBytes};

use super::{Encoder, HEADROOM};
use crate::header::{
    cbor::{self, Bytes, LONGEST_HEAD, head},
    few_bytes::FewBytes,
    front::{Front, START, TAIL_NEEDS, padding},
};

impl<'a> Encoder<'a, '_> {
    /// Puts the header together, and gives it with its front and the buffers.
    #[inline(always)]
    pub(crate) fn finish(mut self) -> Result<(Buffer<'a>, Front, Vec<Buffer<'a>>)> {
        let body_len = self.body.len() - HEADROOM;
        let mut front = FewBytes::default();
        let tables = self.put_front(&mut front, body_len)?;
        let body = front.len()..front.len() + body_len;
        let tail_len = self.tail.len();
        let pad = padding(body.end, tail_len as u64);

        let is_short = body_len + tail_len <= SHORT;
        if is_short {
            // From here on it stays where it is.
            self.body.reserve(2 * LONGEST_HEAD + pad + tail_len);
        }
        let start = self.place_front(&front, is_short);
        head(&mut self.body, cbor::BYTES, pad as u64);
        self.body.resize(self.body.len() + pad, 0);
        head(&mut self.body, cbor::BYTES, tail_len as u64);

        let tail_at = self.body.len() - start;
        if is_short {
            self.body.extend_from_slice(&self.tail);
            self.tail.clear();
        }
        let first = SharedBytes::from_vec(self.body).into_rest(start);
        let (header, tail) = if self.tail.is_empty() {
            (first.into(), tail_at..tail_at + tail_len)
        } else {
            let tail = SharedBytes::from_vec(self.tail);
            (Buffer::shared_pieces(first, tail), 0..tail_len)
        };
        let front = Front { buffers: self.table, known: None, tables, body, tail };
        Ok((header, front, self.buffers))
    }

    /// Whether there is nothing but a header.
    pub(crate) fn is_header_only(&self) -> bool {
        self.buffers.is_empty()
    }

    /// Puts a header of no buffers together where it is wanted: `place` is told its length, and
    /// gives the bytes to append it to, or nothing where it is not wanted.
    pub(crate) fn finish_into<'o>(
        &mut self,
        place: impl FnOnce(usize) -> Option<&'o mut Vec<u8>>,
    ) -> Result<()> {
        let body = self.body.get(HEADROOM..).unwrap_or_default();
        let (dtypes, names) = (self.scratch.dtypes.finish()?, self.scratch.names.finish()?);
        let before = start_len(body.len(), 0) + dtypes.len() + names.len() + body.len();
        let tail_len = self.tail.len() as u64;
        let pad = padding(before, tail_len);
        let heads = cbor::head_len(pad as u64) + cbor::head_len(tail_len);
        let Some(out) = place(before + heads + pad + self.tail.len()) else {
            return Ok(());
        };
        put_start(out, body.len(), 0);
        dtypes.put(out);
        names.put(out);
        out.extend_from_slice(body);
        head(out, cbor::BYTES, pad as u64);
        out.resize(out.len() + pad, 0);
        head(out, cbor::BYTES, tail_len);
        out.extend_from_slice(&self.tail);
        self.scratch.body = mem::take(&mut self.body);
        self.scratch.tail = mem::take(&mut self.tail);
        Ok(())
    }

    /// Appends what stands before the body; gives where in it the tables are.
    fn put_front(&mut self, front: &mut FewBytes, body_len: usize) -> Result<Range<usize>> {
        put_start(front, body_len, self.table.len());
        for entry in &self.table {
            head(front, cbor::ARRAY, 2);
            head(front, cbor::UNSIGNED, entry.len);
            head(front, cbor::UNSIGNED, entry.dtype);
        }
        let tables = front.len();
        self.scratch.dtypes.finish()?.put(front);
        self.scratch.names.finish()?.put(front);
        Ok(tables..front.len())
    }

    /// Puts the front before the body, into the room left there; gives where it starts. The
    /// header of a short body starts where its tail will be aligned, and the body moves there;
    /// a long body stays.
    fn place_front(&mut self, front: &[u8], is_short: bool) -> usize {
        let room = HEADROOM.saturating_sub(front.len());
        let start =
            if is_short { self.body.as_ptr().align_offset(TAIL_NEEDS).min(room) } else { room };
        match self.body.get_mut(start..start + front.len()) {
            Some(place) if front.len() <= HEADROOM => {
                place.copy_from_slice(front);
                self.body.drain(start + front.len()..HEADROOM);
            }
            _ => {
                self.body.splice(start..HEADROOM, front.iter().copied());
            }
        }
        start
    }
}

/// Appends what stands before the entries of the buffer table.
#[inline]
fn put_start(out: &mut impl Bytes, body_len: usize, buffers: usize) {
    out.put(&START);
    head(out, cbor::UNSIGNED, body_len as u64);
    head(out, cbor::ARRAY, buffers as u64);
}

/// How many bytes [`put_start`] appends.
fn start_len(body_len: usize, buffers: usize) -> usize {
    START.len() + cbor::head_len(body_len as u64) + cbor::head_len(buffers as u64)
}

/// The tail of so short a header is copied behind its body: one piece of memory is sooner
/// allocated, written and freed than two.
const SHORT: usize = 4096;
