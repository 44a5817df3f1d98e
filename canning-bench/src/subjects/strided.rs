//! Writing arrays that do not lie in C order.

use std::io::{self, IoSlice, Write};

use canning_core::CannedObject;
use canning_ndarray as _;
use canning_wire::{Message, can, write_message};
use ndarray::{Array2, ArrayView2, s};

use crate::{
    harness::{Bench, Case},
    subjects::Group,
    values::Random,
};

/// `strided/LAYOUT`, 64 MiB of items each: written to a stream that copies into warm memory,
/// and copied out of the buffer at once. Next to `as_standard_layout`, which copies into fresh
/// memory, to writing its result as well, and to ndarray's copy into warm memory.
pub(super) fn groups() -> Vec<Group> {
    vec![
        Group::new("strided/columns", |bench, id| {
            let mut random = Random::new();
            let wide = Array2::from_shape_simple_fn((SIDE, 2 * SIDE), || random.float());
            let columns = wide.slice(s![.., ..;2]);
            layout(bench, id, columns, bytes_of(&columns.to_owned()));
        }),
        Group::new("strided/transposed", |bench, id| {
            let dense = dense();
            layout(bench, id, dense.t(), bytes_of(&dense));
        }),
        Group::new("strided/reversed", |bench, id| {
            let dense = dense();
            layout(bench, id, dense.slice(s![..;-1, ..;-1]), bytes_of(&dense));
        }),
    ]
}

fn dense() -> Array2<f64> {
    let mut random = Random::new();
    Array2::from_shape_simple_fn((SIDE, SIDE), || random.float())
}

/// Measures one view, of which `dense` is the memory without gaps.
fn layout(bench: &mut Bench, id: &str, view: ArrayView2<'_, f64>, dense: &[u8]) {
    let bytes = dense.len() as u64;
    let (mut written, mut copied) = (Memory::of(dense.len()), Memory::of(dense.len()));
    let mut gathered = vec![1; dense.len()];
    let write = Case::staged("canning", bytes, |watch| {
        watch.time(|| {
            let mut message = Message::new();
            message.add(&view).unwrap();
            written.clear();
            write_message(&mut written, &message).unwrap();
        });
        assert!(!watch.is_checked() || written.bytes().ends_with(dense));
    });
    let gather = Case::staged("canning_gather", bytes, |watch| {
        watch.time(|| {
            let object = can(&view).unwrap();
            object.buffers()[0].copy_to(&mut gathered).unwrap();
        });
        assert!(!watch.is_checked() || gathered == dense);
    });
    let standard = Case::staged(STANDARD, bytes, |watch| {
        let array = watch.time(|| view.as_standard_layout().into_owned());
        assert!(!watch.is_checked() || array == view);
    });
    let copy = Case::staged("raw_standard_layout_written", bytes, |watch| {
        watch.time(|| {
            let array = view.as_standard_layout();
            copied.clear();
            copied.write_all(bytemuck::cast_slice(array.as_slice().unwrap())).unwrap();
        });
        assert_eq!(copied.bytes().len(), dense.len());
    });
    let mut warm = view.as_standard_layout().into_owned();
    let assign = Case::staged("raw_assign_warm", bytes, |watch| {
        watch.time(|| warm.assign(&view));
    });
    bench.group(id, STANDARD, vec![write, gather, standard, copy, assign]);
}

fn bytes_of(array: &Array2<f64>) -> &[u8] {
    bytemuck::cast_slice(array.as_slice().unwrap())
}

/// A stream into warm memory, as a socket's buffer is.
struct Memory {
    bytes: Vec<u8>,
    at: usize,
}

impl Memory {
    /// With room for so many bytes and a header.
    fn of(bytes: usize) -> Self {
        Self { bytes: vec![1; bytes + 4096], at: 0 }
    }

    fn clear(&mut self) {
        self.at = 0;
    }

    /// What was written.
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.at]
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes[self.at..][..bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
        Ok(bytes.len())
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        slices.iter().try_fold(0, |sum, slice| Ok(sum + self.write(slice)?))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Rows and columns of 64 MiB of numbers.
const SIDE: usize = 2896;

const STANDARD: &str = "raw_standard_layout";
