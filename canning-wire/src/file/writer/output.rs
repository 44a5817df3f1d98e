//! Writing a record, its mark last.

use std::io::{ErrorKind as IoKind, IoSlice, Write};

use smallvec::SmallVec;

use super::Writer;
use crate::{
    checksum::{self, PIECE},
    error::Result,
    file::{
        error::failed,
        progress::Task,
        record::{Head, MARK},
    },
    frame::{FrameWriter, Slices},
};

impl Writer {
    pub(super) fn write_parts(
        &mut self,
        head: &Head,
        name: &str,
        bytes: &[u8],
        frame: Option<&mut FrameWriter<'_>>,
    ) -> Result<()> {
        let mut front = head.encode().to_vec();
        front.extend_from_slice(name.as_bytes());
        front.resize(usize::try_from(head.payload_at() - head.offset).unwrap_or(usize::MAX), 0);
        let mut checksum = 0;
        match frame {
            Some(frame) => self.write_frame(&front, frame, head, &mut checksum)?,
            None => {
                checksum = checksum::of(bytes);
                front.extend_from_slice(bytes);
                self.file.write_all(&front).map_err(failed)?;
            }
        }
        if self.syncs_each {
            self.sync()?;
        }
        // On its own, so that it is never there before the rest.
        let mut end = [0; 64 + MARK];
        let padding = head.mark_at() - head.payload_at() - head.len;
        let padding = usize::try_from(padding).unwrap_or(0);
        let mark = end.get_mut(padding..padding + MARK).unwrap_or_default();
        mark.copy_from_slice(&head.mark(checksum));
        let end = end.get(..padding + MARK).unwrap_or_default();
        self.file.write_all(end).map_err(failed)
    }

    fn write_frame(
        &mut self,
        mut front: &[u8],
        frame: &mut FrameWriter<'_>,
        head: &Head,
        checksum: &mut u32,
    ) -> Result<()> {
        let most = if head.has_checksum() { PIECE } else { LONG_PIECE };
        while !front.is_empty() || !frame.is_at_end() {
            let mut slices = Slices::default();
            slices.push(front);
            frame.offer(&mut slices);
            let written = match self.file.write_vectored(&first_of(&slices, most)) {
                Ok(0) => return Err(failed(IoKind::WriteZero.into())),
                Ok(written) => written,
                Err(error) if error.kind() == IoKind::Interrupted => continue,
                Err(error) => return Err(failed(error)),
            };
            let of_front = written.min(front.len());
            if head.has_checksum() {
                sum(&slices, of_front, written, checksum);
            }
            drop(slices);
            front = front.get(of_front..).unwrap_or_default();
            frame.advance(written - of_front);
            self.watcher.tell(Task::Writing, frame.bytes_written(), head.len);
        }
        Ok(())
    }
}

/// So many bytes are written between two reports of progress: files that are written in short pieces are kept in
/// short pages, and a map of them has more to fault in.
const LONG_PIECE: usize = 16 << 20;

/// The first bytes of slices, at most so many.
fn first_of<'s>(slices: &'s Slices<'_>, most: usize) -> SmallVec<[IoSlice<'s>; 16]> {
    let mut room = most;
    let parts = slices.iter().map_while(|slice| {
        let part = slice.get(..room.min(slice.len())).unwrap_or_default();
        room -= part.len();
        (!part.is_empty()).then(|| IoSlice::new(part))
    });
    parts.collect()
}

/// Adds the bytes of slices from `start` to `end` to a checksum.
fn sum(slices: &Slices<'_>, mut start: usize, mut end: usize, checksum: &mut u32) {
    for slice in slices.iter() {
        let part = slice.get(start.min(slice.len())..end.min(slice.len())).unwrap_or_default();
        *checksum = checksum::append(*checksum, part);
        (start, end) = (start.saturating_sub(slice.len()), end.saturating_sub(slice.len()));
    }
}
