//! Frames and arrays in arrow-ipc's files: mapped, whose arrays lie in the map, or read by
//! `FileReader`.

use std::{fs::File, io::BufReader, path::Path, sync::Arc};

use arrow_array::{Float64Array, RecordBatch, cast::AsArray, types::Float64Type};
use arrow_buffer::Buffer;
use arrow_ipc::{
    Block,
    convert::try_fb_to_schema,
    reader::{FileDecoder, FileReader, read_footer_length},
    root_as_footer,
    writer::FileWriter,
};
use bytes::Bytes;

use crate::{
    files::{Format, Held, Kept, Log, Many, Pick, Shelf},
    mapped,
    peers::arrow,
    values::{Frame, Views, sum},
};

/// Whoever uses arrow has a batch already.
impl Held for RecordBatch {
    fn of(frame: &Frame) -> Self {
        arrow::batch_of(frame)
    }
}

/// A file of one batch.
pub(crate) struct Batches;

impl Format for Batches {
    const NAME: &'static str = "arrow_ipc";
    type Held = RecordBatch;

    fn write(batch: &RecordBatch, directory: &Path) {
        let mut writer = Log::create(batch, directory);
        Log::append(&mut writer, batch);
        FileWriter::finish(&mut writer).unwrap();
    }
}

/// Batches whose arrays lie in a map.
pub(crate) struct Map {
    buffer: Buffer,
    decoder: FileDecoder,
    blocks: Vec<Block>,
}

impl Map {
    fn open(directory: &Path) -> Self {
        let map = mapped::file(&directory.join(FILE));
        let buffer = Buffer::from(Bytes::from_owner(map));
        let (rest, trailer) = buffer.split_last_chunk().unwrap();
        let footer = rest.len() - read_footer_length(*trailer).unwrap();
        let footer = root_as_footer(&rest[footer..]).unwrap();
        let schema = Arc::new(try_fb_to_schema(footer.schema().unwrap()).unwrap());
        let decoder = FileDecoder::new(schema, footer.version()).with_require_alignment(true);
        let blocks = footer.recordBatches().unwrap().iter().copied().collect();
        Self { buffer, decoder, blocks }
    }

    fn batch(&self, number: usize) -> RecordBatch {
        let block = &self.blocks[number];
        let len = i64::from(block.metaDataLength()) + block.bodyLength();
        let [offset, len] = [block.offset(), len].map(|at| usize::try_from(at).unwrap());
        let bytes = self.buffer.slice_with_length(offset, len);
        self.decoder.read_record_batch(block, &bytes).unwrap().unwrap()
    }
}

/// Views into a map.
#[derive(Default)]
pub(crate) struct Mapped;

impl Kept for Mapped {
    const NAME: &'static str = "arrow_ipc_mmap";
    type Format = Batches;
    type Opened = Map;

    fn open(&mut self, directory: &Path) -> Map {
        Map::open(directory)
    }

    fn look<R>(map: &Map, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(arrow::views(&map.batch(0)))
    }
}

/// Read by its own reader.
#[derive(Default)]
pub(crate) struct Read;

impl Kept for Read {
    const NAME: &'static str = "arrow_ipc_reader";
    type Format = Batches;
    type Opened = RecordBatch;

    fn open(&mut self, directory: &Path) -> RecordBatch {
        let mut reader = open(directory);
        reader.next().unwrap().unwrap()
    }

    fn look<R>(batch: &RecordBatch, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(arrow::views(batch))
    }
}

impl Log for FileWriter<File> {
    const NAME: &'static str = Batches::NAME;
    type Held = RecordBatch;

    fn create(batch: &RecordBatch, directory: &Path) -> Self {
        let file = File::create_new(directory.join(FILE)).unwrap();
        Self::try_new(file, batch.schema_ref()).unwrap()
    }

    /// No reader finds it before the file is finished.
    fn append(&mut self, batch: &RecordBatch) {
        self.write(batch).unwrap();
    }

    fn sync(&mut self) {
        self.get_ref().sync_data().unwrap();
    }

    fn finish(mut self, directory: &Path) -> u64 {
        Self::finish(&mut self).unwrap();
        open(directory).num_batches() as u64
    }
}

/// Each array is a batch of its own; batches have numbers, and no names.
impl Shelf for Map {
    const NAME: &'static str = "arrow_ipc_mmap";

    fn write(arrays: &Many, directory: &Path) {
        let file = File::create_new(directory.join(FILE)).unwrap();
        let mut batches = arrays.iter().map(|(_, array)| {
            let array = Float64Array::from(array.to_vec());
            RecordBatch::try_from_iter([("array", Arc::new(array) as _)]).unwrap()
        });
        let first = batches.next().unwrap();
        let mut writer = FileWriter::try_new(file, first.schema_ref()).unwrap();
        writer.write(&first).unwrap();
        batches.for_each(|batch| writer.write(&batch).unwrap());
        FileWriter::finish(&mut writer).unwrap();
    }

    fn open(directory: &Path) -> Self {
        Self::open(directory)
    }

    fn sum(&mut self, (_, number): Pick<'_>) -> f64 {
        sum(numbers(&self.batch(number)))
    }
}

impl Shelf for FileReader<BufReader<File>> {
    const NAME: &'static str = "arrow_ipc_reader";

    fn write(arrays: &Many, directory: &Path) {
        Map::write(arrays, directory);
    }

    fn open(directory: &Path) -> Self {
        open(directory)
    }

    fn sum(&mut self, (_, number): Pick<'_>) -> f64 {
        self.set_index(number).unwrap();
        sum(numbers(&self.next().unwrap().unwrap()))
    }
}

fn numbers(batch: &RecordBatch) -> &[f64] {
    batch.column(0).as_primitive::<Float64Type>().values()
}

fn open(directory: &Path) -> FileReader<BufReader<File>> {
    FileReader::try_new_buffered(File::open(directory.join(FILE)).unwrap(), None).unwrap()
}

const FILE: &str = "frame.arrow";
