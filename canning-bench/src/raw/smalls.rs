//! Small objects, as one would write and read them by hand.

use std::io::{BufReader, BufWriter, Read, Write};

use crate::{
    exchange::Way,
    harness::Case,
    peers::SMALL_BUFFER,
    values::{Small, Value},
};

/// Measures a clone of all of them. Dropping it does not count.
pub(crate) fn clone(smalls: &Vec<Small>) -> Case<'_> {
    Case::staged("raw_clone", smalls.bytes(), |watch| {
        let copy = watch.time(|| smalls.clone());
        assert!(!watch.is_checked() || copy == *smalls);
    })
}

/// Lengths and bytes, through buffers on both sides, to owned values.
pub(crate) fn buffered(smalls: &Vec<Small>) -> Way<'_> {
    let count = smalls.len();
    Way::new(
        BUFFERED,
        smalls,
        move |stream| {
            let mut writer = BufWriter::with_capacity(SMALL_BUFFER, stream);
            for small in smalls {
                write(bytemuck::cast_slice(&small.numbers), &mut writer);
                write(small.name.as_bytes(), &mut writer);
            }
            writer.flush().unwrap();
        },
        move |stream| {
            let mut reader = BufReader::with_capacity(SMALL_BUFFER, stream);
            (0..count).try_fold(0.0, |sum, _| Some(sum + read(&mut reader)?.sum()))
        },
    )
}

fn write<W: Write>(bytes: &[u8], writer: &mut W) {
    let length = u32::try_from(bytes.len()).unwrap();
    writer.write_all(&length.to_le_bytes()).unwrap();
    writer.write_all(bytes).unwrap();
}

fn read<R: Read>(reader: &mut R) -> Option<Small> {
    let mut numbers = vec![0.0; read_length(reader)? / size_of::<f64>()];
    reader.read_exact(bytemuck::cast_slice_mut(&mut numbers)).ok()?;
    let mut name = vec![0; read_length(reader)?];
    reader.read_exact(&mut name).ok()?;
    Some(Small { numbers, name: String::from_utf8(name).ok()? })
}

fn read_length<R: Read>(reader: &mut R) -> Option<usize> {
    let mut length = [0; size_of::<u32>()];
    reader.read_exact(&mut length).ok()?;
    usize::try_from(u32::from_le_bytes(length)).ok()
}

/// The name of [`buffered`].
pub(crate) const BUFFERED: &str = "raw_buffered";
