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
    let (count, mut bytes) = (smalls.len(), Vec::new());
    Way::new(
        BUFFERED,
        smalls,
        move |stream| {
            let mut writer = BufWriter::with_capacity(SMALL_BUFFER, stream);
            for small in smalls {
                write(small, &mut writer);
            }
            writer.flush().unwrap();
        },
        move |stream| {
            let mut reader = BufReader::with_capacity(SMALL_BUFFER, stream);
            (0..count).try_fold(0.0, |sum, _| Some(sum + read(&mut reader, &mut bytes)?.sum()))
        },
    )
}

fn write<W: Write>(small: &Small, writer: &mut W) {
    let lengths = [small.numbers.len(), small.name.len()].map(|length| length as u64);
    writer.write_all(bytemuck::bytes_of(&lengths)).unwrap();
    writer.write_all(bytemuck::cast_slice(&small.numbers)).unwrap();
    writer.write_all(small.name.as_bytes()).unwrap();
}

/// Every byte is read into `bytes` first: new memory would have to be filled with zeros before.
fn read<R: Read>(reader: &mut R, bytes: &mut Vec<u8>) -> Option<Small> {
    let mut lengths = [0_u64; 2];
    reader.read_exact(bytemuck::bytes_of_mut(&mut lengths)).ok()?;
    let [numbers, name] = lengths.map(|length| usize::try_from(length).unwrap());
    bytes.resize(numbers * size_of::<f64>() + name, 0);
    reader.read_exact(bytes).ok()?;
    let (numbers, name) = bytes.split_at(numbers * size_of::<f64>());
    let (numbers, _) = numbers.as_chunks();
    Some(Small {
        numbers: numbers.iter().map(|number| f64::from_ne_bytes(*number)).collect(),
        name: str::from_utf8(name).ok()?.to_owned(),
    })
}

/// The name of [`buffered`].
pub(crate) const BUFFERED: &str = "raw_buffered";
