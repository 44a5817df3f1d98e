//! arrow-ipc: a frame as a record batch of one row, whose arrays are lists; each message is a
//! stream of its own, with its schema. Both of its ways out and in are measured: `StreamWriter` and
//! `StreamReader`, which copy, and `StreamEncoder` and `StreamDecoder`, which share memory.

use std::{
    io::{IoSlice, Read, Write},
    sync::Arc,
};

use arrow_array::{
    ArrayRef, ArrowPrimitiveType, ListArray, PrimitiveArray, RecordBatch, StringArray, UInt64Array,
    cast::AsArray,
    types::{Float64Type, UInt32Type},
};
use arrow_buffer::{Buffer, OffsetBuffer};
use arrow_ipc::{
    reader::{StreamDecoder, StreamReader},
    writer::{StreamEncoder, StreamWriter},
};
use arrow_schema::Field;

use crate::{
    peers::block,
    values::{Frame, Views},
};

/// A frame as arrow holds it. Whoever uses arrow has such a batch already, so that making it is
/// not measured.
pub(crate) fn batch_of(frame: &Frame) -> RecordBatch {
    let columns: [(&str, ArrayRef); 5] = [
        ("step", Arc::new(UInt64Array::from(vec![frame.step]))),
        ("name", Arc::new(StringArray::from(vec![frame.name.as_str()]))),
        ("pos", list::<Float64Type>(&frame.pos)),
        ("vel", list::<Float64Type>(&frame.vel)),
        ("ids", list::<UInt32Type>(&frame.ids)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// A row of one list.
fn list<T: ArrowPrimitiveType>(items: &[T::Native]) -> ArrayRef {
    let field = Arc::new(Field::new_list_field(T::DATA_TYPE, false));
    let values = PrimitiveArray::<T>::from_iter_values(items.iter().copied());
    let lengths = OffsetBuffer::from_lengths([items.len()]);
    Arc::new(ListArray::new(field, lengths, Arc::new(values), None))
}

/// The arrays of a frame in a batch.
pub(crate) fn views(batch: &RecordBatch) -> Views<'_> {
    Views {
        pos: items::<Float64Type>(batch, 2),
        vel: items::<Float64Type>(batch, 3),
        ids: items::<UInt32Type>(batch, 4),
    }
}

fn items<T: ArrowPrimitiveType>(batch: &RecordBatch, column: usize) -> &[T::Native] {
    batch.column(column).as_list::<i32>().values().as_primitive::<T>().values()
}

/// The owned frame, for the check.
pub(crate) fn frame_of(batch: &RecordBatch) -> Frame {
    let Views { pos, vel, ids } = views(batch);
    Frame {
        step: batch.column(0).as_primitive::<arrow_array::types::UInt64Type>().value(0),
        name: batch.column(1).as_string::<i32>().value(0).to_owned(),
        pos: pos.to_vec(),
        vel: vel.to_vec(),
        ids: ids.to_vec(),
    }
}

/// Writes a stream of one batch.
pub(crate) fn write<W: Write>(batch: &RecordBatch, writer: W) {
    let mut writer = StreamWriter::try_new(writer, batch.schema_ref()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
}

/// Reads a stream of one batch; none where it ends before.
pub(crate) fn read<R: Read>(reader: R) -> Option<RecordBatch> {
    let mut reader = StreamReader::try_new(reader, None).ok()?;
    let batch = reader.next()?.ok();
    assert!(reader.next().is_none());
    batch
}

/// A stream of one batch, whose arrays are those of the batch.
pub(crate) fn encode(batch: &RecordBatch) -> Vec<Buffer> {
    let mut encoder = StreamEncoder::try_new(batch.schema_ref()).unwrap();
    let mut buffers = encoder.encode(batch).unwrap();
    buffers.extend(encoder.finish().unwrap());
    buffers
}

/// A batch whose arrays lie in the stream.
pub(crate) fn decode(mut stream: Buffer) -> RecordBatch {
    StreamDecoder::new().decode(&mut stream).unwrap().unwrap()
}

/// Writes the buffers of a stream, behind their length.
pub(crate) fn send<W: Write>(buffers: &[Buffer], writer: &mut W) {
    let length: usize = buffers.iter().map(Buffer::len).sum();
    let length = (length as u64).to_le_bytes();
    let mut slices = vec![IoSlice::new(&length)];
    slices.extend(buffers.iter().map(|buffer| IoSlice::new(buffer)));
    block::write_all(&mut slices, writer);
}

/// Reads what [`send`] wrote, in one new allocation.
pub(crate) fn receive<R: Read>(reader: &mut R) -> Option<RecordBatch> {
    let mut stream = Vec::new();
    block::read(reader, &mut stream)?;
    Some(decode(Buffer::from_vec(stream)))
}
