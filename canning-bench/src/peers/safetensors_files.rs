//! Frames and arrays in safetensors' files: a JSON header, which is parsed once.

use std::{fs, path::Path};

use ::safetensors::{
    Dtype, SafeTensors, serialize_to_file,
    tensor::{Metadata, TensorView},
};
use memmap2::Mmap;

use crate::{
    files::{Format, Kept, Many, Pick, Shelf},
    mapped,
    peers::safetensors::{tensor, tensors_of, texts_of},
    values::{Frame, Views, sum},
};

/// A file of three tensors.
pub(crate) struct Tensors;

impl Format for Tensors {
    const NAME: &'static str = "safetensors";
    type Held = Frame;

    fn write(frame: &Frame, directory: &Path) {
        let path = directory.join(FILE);
        serialize_to_file(tensors_of(frame), Some(texts_of(frame)), &path).unwrap();
    }
}

/// A file in memory, and what its header says.
pub(crate) struct Opened<B> {
    bytes: B,
    header: Metadata,
    /// Where the tensors start.
    start: usize,
}

impl<B: AsRef<[u8]>> Opened<B> {
    fn new(bytes: B) -> Self {
        let (len, header) = SafeTensors::read_metadata(bytes.as_ref()).unwrap();
        Self { bytes, header, start: len + size_of::<u64>() }
    }

    fn tensor(&self, name: &str) -> &[u8] {
        let (start, end) = self.header.info(name).unwrap().data_offsets;
        &self.bytes.as_ref()[self.start..][start..end]
    }

    fn views(&self) -> Views<'_> {
        Views {
            pos: bytemuck::cast_slice(self.tensor("pos")),
            vel: bytemuck::cast_slice(self.tensor("vel")),
            ids: bytemuck::cast_slice(self.tensor("ids")),
        }
    }
}

/// Views into a map.
#[derive(Default)]
pub(crate) struct Mapped;

impl Kept for Mapped {
    const NAME: &'static str = "safetensors_mmap";
    type Format = Tensors;
    type Opened = Opened<Mmap>;

    fn open(&mut self, directory: &Path) -> Opened<Mmap> {
        Opened::new(mapped::file(&directory.join(FILE)))
    }

    fn look<R>(opened: &Opened<Mmap>, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(opened.views())
    }
}

/// Views into memory that the whole file was read into.
#[derive(Default)]
pub(crate) struct Read;

impl Kept for Read {
    const NAME: &'static str = "safetensors_read";
    type Format = Tensors;
    type Opened = Opened<Vec<u8>>;

    fn open(&mut self, directory: &Path) -> Opened<Vec<u8>> {
        Opened::new(fs::read(directory.join(FILE)).unwrap())
    }

    fn look<R>(opened: &Opened<Vec<u8>>, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(opened.views())
    }
}

impl Shelf for Opened<Mmap> {
    const NAME: &'static str = "safetensors_mmap";

    fn write(arrays: &Many, directory: &Path) {
        let tensors: Vec<(&str, TensorView<'_>)> =
            arrays.iter().map(|(name, array)| (name, tensor(Dtype::F64, array))).collect();
        serialize_to_file(tensors, None, &directory.join(FILE)).unwrap();
    }

    fn open(directory: &Path) -> Self {
        Self::new(mapped::file(&directory.join(FILE)))
    }

    fn sum(&mut self, (name, _): Pick<'_>) -> f64 {
        sum(bytemuck::cast_slice(self.tensor(name)))
    }
}

const FILE: &str = "frame.safetensors";
