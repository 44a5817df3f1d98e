//! The sizes of frames.

/// A size of all arrays together.
pub(super) struct Size {
    /// As part of an id.
    pub(super) name: &'static str,
    pub(super) bytes: usize,
    /// The name of the implementation, where all sizes are in one group.
    pub(super) implementation: &'static str,
}

/// From the smallest to the largest; a brief run leaves out what takes long to build.
pub(super) fn all(is_quick: bool) -> &'static [Size] {
    match SIZES.split_last_chunk::<2>() {
        Some((small, _)) if is_quick => small,
        _ => &SIZES,
    }
}

/// Those that all implementations are measured with.
pub(super) fn of_peers() -> impl Iterator<Item = &'static Size> {
    SIZES.iter().filter(|size| matches!(size.name, "64KiB" | "1MiB" | "64MiB"))
}

/// Those of files and of shared memory; a brief run leaves out the middle one.
pub(super) fn of_memory(is_quick: bool) -> impl Iterator<Item = &'static Size> {
    of_peers().filter(move |size| !is_quick || size.name != "1MiB")
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
