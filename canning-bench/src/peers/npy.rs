//! NumPy's files by ndarray-npy: `npy` holds one array, so that a frame takes three files, and
//! its plain values are left out; `npz` holds many, by name.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use memmap2::Mmap;
use ndarray::{Array1, ArrayView1};
use ndarray_npy::{NpzReader, NpzWriter, ViewNpyExt, create_new_npy, read_npy};

use crate::{
    files::{Format, Kept, Many, Pick, Shelf},
    mapped,
    values::{Frame, Views, sum},
};

/// Three files of an array each.
pub(crate) struct Arrays;

impl Format for Arrays {
    const NAME: &'static str = "npy";
    type Held = Frame;

    fn write(frame: &Frame, directory: &Path) {
        let [pos, vel, ids] = paths(directory);
        create_new_npy(pos, &ArrayView1::from(&frame.pos)).unwrap();
        create_new_npy(vel, &ArrayView1::from(&frame.vel)).unwrap();
        create_new_npy(ids, &ArrayView1::from(&frame.ids)).unwrap();
    }
}

/// Views into a map of each file.
#[derive(Default)]
pub(crate) struct Mapped;

impl Kept for Mapped {
    const NAME: &'static str = "npy_mmap";
    type Format = Arrays;
    type Opened = [Mmap; 3];

    fn open(&mut self, directory: &Path) -> [Mmap; 3] {
        paths(directory).map(|path| mapped::file(&path))
    }

    fn look<R>([pos, vel, ids]: &[Mmap; 3], look: impl FnOnce(Views<'_>) -> R) -> R {
        let [pos, vel] = [pos, vel].map(|map| ArrayView1::<f64>::view_npy(map).unwrap());
        let ids = ArrayView1::<u32>::view_npy(ids).unwrap();
        look(Views {
            pos: pos.as_slice().unwrap(),
            vel: vel.as_slice().unwrap(),
            ids: ids.as_slice().unwrap(),
        })
    }
}

/// Owned arrays.
#[derive(Default)]
pub(crate) struct Read;

impl Kept for Read {
    const NAME: &'static str = "npy_read";
    type Format = Arrays;
    type Opened = (Array1<f64>, Array1<f64>, Array1<u32>);

    fn open(&mut self, directory: &Path) -> Self::Opened {
        let [pos, vel, ids] = paths(directory);
        (read_npy(pos).unwrap(), read_npy(vel).unwrap(), read_npy(ids).unwrap())
    }

    fn look<R>((pos, vel, ids): &Self::Opened, look: impl FnOnce(Views<'_>) -> R) -> R {
        look(Views {
            pos: pos.as_slice().unwrap(),
            vel: vel.as_slice().unwrap(),
            ids: ids.as_slice().unwrap(),
        })
    }
}

/// Many arrays, not compressed.
impl Shelf for NpzReader<File> {
    const NAME: &'static str = "npz_reader";

    fn write(arrays: &Many, directory: &Path) {
        let mut writer = NpzWriter::new(File::create_new(directory.join(NPZ)).unwrap());
        for (name, array) in arrays.iter() {
            writer.add_array(name, &ArrayView1::from(array)).unwrap();
        }
        writer.finish().unwrap();
    }

    fn open(directory: &Path) -> Self {
        Self::new(File::open(directory.join(NPZ)).unwrap()).unwrap()
    }

    fn sum(&mut self, (name, _): Pick<'_>) -> f64 {
        let array: Array1<f64> = self.by_name(name).unwrap();
        sum(array.as_slice().unwrap())
    }
}

fn paths(directory: &Path) -> [PathBuf; 3] {
    ["pos.npy", "vel.npy", "ids.npy"].map(|name| directory.join(name))
}

const NPZ: &str = "frame.npz";
