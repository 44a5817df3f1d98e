//! The sizes of frames, and the copying baseline.

use crate::{harness::Bench, values::Frame};

/// A size of all arrays together.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// As part of an id.
    pub(super) name: &'static str,
    pub(super) bytes: usize,
    /// The name of the implementation, where all sizes are in one group.
    pub(super) implementation: &'static str,
}

/// Those to measure; a brief run leaves out what takes long to build.
pub(super) fn of(bench: &Bench) -> &'static [Size] {
    match SIZES.split_last_chunk::<2>() {
        Some((small, _)) if bench.is_quick() => small,
        _ => &SIZES,
    }
}

const SIZES: [Size; 7] = [
    size("4KiB", 4 << 10, "canning_4KiB"),
    size("64KiB", 64 << 10, "canning_64KiB"),
    size("1MiB", 1 << 20, "canning_1MiB"),
    size("16MiB", 16 << 20, "canning_16MiB"),
    size("64MiB", 64 << 20, "canning_64MiB"),
    size("256MiB", 256 << 20, "canning_256MiB"),
    size("1GiB", 1 << 30, "canning_1GiB"),
];

const fn size(name: &'static str, bytes: usize, implementation: &'static str) -> Size {
    Size { name, bytes, implementation }
}

/// Memory to copy the arrays of a frame into.
pub(super) struct Copy(Frame);

impl Copy {
    /// The memory is warm: it holds a first copy.
    pub(super) fn of(frame: &Frame) -> Self {
        Self(frame.clone())
    }

    pub(super) fn copy(&mut self, frame: &Frame) {
        self.0.pos.copy_from_slice(&frame.pos);
        self.0.vel.copy_from_slice(&frame.vel);
        self.0.ids.copy_from_slice(&frame.ids);
    }
}
