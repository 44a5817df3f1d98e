//! A pickle and its buffers.

use canning_core::Buffer;
use canning_python::{Dialect, Object, buffer_aligns_with};

use crate::{
    heap,
    input::Input,
    python::{LIMITS, OPCODES, bound, read_in_every_way},
};

/// Reads pickles with out-of-band buffers, in both dialects: of any bytes, or of whole opcodes with
/// the names and numbers that the reader knows.
///
/// They are read or refused, within the promised memory, and nothing recurs deeper than allowed. What
/// is a value can be taken, and where it can be written again, it is read as the same.
pub(crate) fn pickle_read(data: &[u8]) {
    let mut input = Input::new(data);
    let flags = input.byte();
    let dialect = if flags & 1 == 0 { Dialect::Pickle } else { Dialect::Ipyparallel };
    let program;
    let (header, buffers) = match flags >> 1 & 1 {
        0 => {
            let blobs = input.pieces();
            let Some((header, buffers)) = blobs.split_first() else { return };
            (*header, buffers.to_vec())
        }
        _ => {
            // What is left on the stack becomes a tuple.
            let opcodes =
                input.rest().iter().map(|byte| OPCODES[usize::from(*byte) % OPCODES.len()]);
            program = [b"(", opcodes.collect::<Vec<_>>().concat().as_slice(), b"t."].concat();
            (program.as_slice(), vec![&[1_u8; 8][..], &[2; 16]])
        }
    };
    let len = header.len() + buffers.iter().map(|buffer| buffer.len()).sum::<usize>();
    let _ = Dialect::of_header(header);
    let aligns = || buffer_aligns_with(dialect, header, LIMITS);
    let _ = heap::within("alignments", bound(len), aligns);
    let given = buffers.iter().map(|buffer| Buffer::borrowed(buffer)).collect();
    let restore = || Object::restore_with(dialect, Buffer::borrowed(header), given, LIMITS);
    if let Ok(mut object) = heap::within("reading", bound(len), restore) {
        read_in_every_way(&mut object);
    }
}
