//! The arrays of a frame in a file, one behind the other, without anything around them.

use std::{
    fs::File,
    io::{IoSlice, Write},
    os::unix::fs::FileExt,
    path::Path,
};

use memmap2::{Advice, Mmap};
use rustix::{buffer::spare_capacity, io::read};

use crate::{
    files::{Format, Kept, Log, Many, Pick, Shelf},
    mapped,
    raw::{FRESH, WARM, huge_pages},
    values::{Frame, Value, Views, sum},
};

/// A file of the arrays alone.
pub(crate) struct Arrays;

impl Format for Arrays {
    const NAME: &'static str = WRITE;
    type Held = Frame;

    fn write(frame: &Frame, directory: &Path) {
        write_all(&mut File::create_new(directory.join(FILE)).unwrap(), frame);
    }
}

/// The numbers in memory.
#[derive(Default)]
pub(crate) struct Memory;

impl Kept for Memory {
    const NAME: &'static str = MEMORY;
    type Format = Arrays;
    type Opened = Vec<u8>;

    fn open(&mut self, directory: &Path) -> Vec<u8> {
        std::fs::read(directory.join(FILE)).unwrap()
    }

    fn look<R>(block: &Vec<u8>, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(Views::of_block(block))
    }
}

/// A map of the file.
#[derive(Default)]
pub(crate) struct Mapped;

impl Kept for Mapped {
    const NAME: &'static str = MAPPED;
    type Format = Arrays;
    type Opened = Mmap;

    fn open(&mut self, directory: &Path) -> Mmap {
        mapped::file(&directory.join(FILE))
    }

    fn look<R>(map: &Mmap, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(Views::of_block(map))
    }
}

/// A map all of which is there before it is looked at: one call instead of many page faults.
#[derive(Default)]
pub(crate) struct Populated;

impl Kept for Populated {
    const NAME: &'static str = "raw_mmap_populated";
    type Format = Arrays;
    type Opened = Mmap;

    fn open(&mut self, directory: &Path) -> Mmap {
        let map = mapped::file(&directory.join(FILE));
        #[cfg(target_os = "linux")]
        map.advise(Advice::PopulateRead).unwrap();
        #[cfg(not(target_os = "linux"))]
        map.advise(Advice::WillNeed).unwrap();
        map
    }

    fn look<R>(map: &Mmap, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(Views::of_block(map))
    }
}

/// Read into a new vector that is advised to have huge pages.
#[derive(Default)]
pub(crate) struct Fresh;

impl Kept for Fresh {
    const NAME: &'static str = FRESH;
    type Format = Arrays;
    type Opened = Vec<u8>;

    fn open(&mut self, directory: &Path) -> Vec<u8> {
        let file = File::open(directory.join(FILE)).unwrap();
        let mut block =
            Vec::with_capacity(usize::try_from(file.metadata().unwrap().len()).unwrap());
        huge_pages::advise(&mut block);
        fill(&file, &mut block);
        block
    }

    fn look<R>(block: &Vec<u8>, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(Views::of_block(block))
    }
}

/// Read into memory that is there already.
#[derive(Default)]
pub(crate) struct Warm(Vec<u8>);

impl Kept for Warm {
    const NAME: &'static str = WARM;
    type Format = Arrays;
    type Opened = Vec<u8>;

    fn open(&mut self, directory: &Path) -> Vec<u8> {
        let file = File::open(directory.join(FILE)).unwrap();
        let mut block = std::mem::take(&mut self.0);
        block.clear();
        block.reserve_exact(usize::try_from(file.metadata().unwrap().len()).unwrap());
        fill(&file, &mut block);
        block
    }

    fn look<R>(block: &Vec<u8>, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(Views::of_block(block))
    }

    fn close(&mut self, block: Vec<u8>) {
        self.0 = block;
    }
}

/// Appends the arrays, and nothing that says where they are.
pub(crate) struct Appended {
    file: File,
    frame_len: u64,
}

impl Log for Appended {
    const NAME: &'static str = WRITE;
    type Held = Frame;

    fn create(frame: &Frame, directory: &Path) -> Self {
        Self { file: File::create_new(directory.join(FILE)).unwrap(), frame_len: frame.bytes() }
    }

    fn append(&mut self, frame: &Frame) {
        write_all(&mut self.file, frame);
    }

    fn sync(&mut self) {
        self.file.sync_data().unwrap();
    }

    fn finish(self, _: &Path) -> u64 {
        self.file.metadata().unwrap().len() / self.frame_len
    }
}

/// Where it is known where each array is.
pub(crate) struct MappedShelf(Mmap);

impl Shelf for MappedShelf {
    const NAME: &'static str = MAPPED;

    fn write(arrays: &Many, directory: &Path) {
        let mut file = File::create_new(directory.join(FILE)).unwrap();
        for (_, array) in arrays.iter() {
            file.write_all(bytemuck::cast_slice(array)).unwrap();
        }
    }

    fn open(directory: &Path) -> Self {
        Self(mapped::file(&directory.join(FILE)))
    }

    fn sum(&mut self, (_, number): Pick<'_>) -> f64 {
        sum(bytemuck::cast_slice(&self.0[number * ARRAY..][..ARRAY]))
    }
}

/// The same, read into memory that is there already.
pub(crate) struct ReadShelf(File, Vec<f64>);

impl Shelf for ReadShelf {
    const NAME: &'static str = WARM;

    fn write(arrays: &Many, directory: &Path) {
        MappedShelf::write(arrays, directory);
    }

    fn open(directory: &Path) -> Self {
        let file = File::open(directory.join(FILE)).unwrap();
        Self(file, vec![0.0; ARRAY / size_of::<f64>()])
    }

    fn sum(&mut self, (_, number): Pick<'_>) -> f64 {
        let bytes = bytemuck::cast_slice_mut(&mut self.1);
        self.0.read_exact_at(bytes, (number * ARRAY) as u64).unwrap();
        sum(&self.1)
    }
}

/// Writes the arrays in one call, or more where the system does not take them all.
fn write_all(file: &mut File, frame: &Frame) {
    let mut slices = frame.views().bytes().map(IoSlice::new);
    let mut slices = slices.as_mut_slice();
    while !slices.is_empty() {
        let written = file.write_vectored(slices).unwrap();
        IoSlice::advance_slices(&mut slices, written);
    }
}

/// Reads into the spare capacity.
fn fill(file: &File, block: &mut Vec<u8>) {
    while block.len() < block.capacity() {
        assert_ne!(read(file, spare_capacity(block)).unwrap(), 0);
    }
}

/// The sum of what is in memory already.
pub(crate) const MEMORY: &str = "raw_memory";

/// A map that is made anew.
pub(crate) const MAPPED: &str = "raw_mmap";

/// Writes the arrays alone.
pub(crate) const WRITE: &str = "raw_write";

/// Bytes of each of many arrays.
pub(crate) const ARRAY: usize = 64 << 10;

const FILE: &str = "frame.bin";
